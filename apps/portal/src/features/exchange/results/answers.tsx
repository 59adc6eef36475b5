import { Button, Group, Stack, Table, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { queryClient, useSession } from '../../../session.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { Who } from '../../../ui/who.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { answersKey, answersQuery, openAnswer, type Reidentified, type Result, resultNews } from './queries.ts'

const tones = { asked: 'attention', answered: 'permit', failed: 'deny', closed: 'neutral' } as const

/** Who asked who stands behind the tokens of a result, and what each of the two opens once. */
export function Answers({ result }: { readonly result: Result }) {
  const { t } = useTranslation('exchange.results')
  const me = useSession().user?.id ?? ''
  useLive(resultNews, answersKey)
  const query = useQuery(answersQuery(result.project, result.id))
  // What was opened is kept nowhere but here, and gone with the page.
  const opening = useMutation({
    mutationFn: (id: string) => openAnswer(result.project, id),
    gcTime: 0,
    onSettled: () => queryClient.invalidateQueries({ queryKey: answersKey }),
  })
  return (
    <>
      <ProblemAlert error={opening.error} />
      <QueryView query={query}>
        {(answers) =>
          answers.length === 0 ? (
            <EmptyState title={t('answers.none')} />
          ) : (
            <WideTable label={t('answers.tab')} minWidth={720}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('reidentify.reason')}</Table.Th>
                  <Table.Th scope="col">{t('answers.by')}</Table.Th>
                  <Table.Th scope="col">{t('answers.at')}</Table.Th>
                  <Table.Th scope="col">{t('stateLabel')}</Table.Th>
                  <Table.Th scope="col">{t('answers.found')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {answers.map(({ id, reason, asked_by, asked_at, state, asked, found, detail, opened_by }) => (
                  <Table.Tr key={id}>
                    <Table.Th scope="row">
                      <Stack gap="xs" align="start">
                        {reason}
                        {state === 'answered' && asked_by.includes(me) && !opened_by.includes(me) ? (
                          <Button size="xs" onClick={() => opening.mutate(id)} loading={opening.isPending}>
                            {t('answers.open')}
                          </Button>
                        ) : null}
                      </Stack>
                    </Table.Th>
                    <Table.Td>
                      {asked_by.map((who) => (
                        <div key={who}>
                          <Who id={who} />
                        </div>
                      ))}
                    </Table.Td>
                    <Table.Td>
                      <Moment at={asked_at} />
                    </Table.Td>
                    <Table.Td>
                      <StateChip tone={tones[state]}>{t(`answers.state.${state}`)}</StateChip>
                      {detail === null ? null : (
                        <Text size="sm" lang="en">
                          {detail}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td>{t('answers.foundOf', { found, asked })}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </WideTable>
          )
        }
      </QueryView>
      {opening.data === undefined ? null : <People answer={opening.data} onClose={opening.reset} />}
    </>
  )
}

function People({ answer, onClose }: { readonly answer: Reidentified; readonly onClose: () => void }) {
  const { t } = useTranslation('exchange.results')
  return (
    <Dialog opened onClose={onClose} title={t('answers.people')} size="lg" firm>
      <Text>{t('answers.once')}</Text>
      <WideTable label={t('answers.people')} minWidth={320}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('answers.person')}</Table.Th>
            <Table.Th scope="col">{t('answers.token')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {answer.people.map(({ token, identifier }) => (
            <Table.Tr key={`${token} ${identifier}`}>
              <Table.Th scope="row">{identifier}</Table.Th>
              <Table.Td>
                <code>{token}</code>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      <Group justify="flex-end">
        <Button onClick={onClose}>{t('answers.close')}</Button>
      </Group>
    </Dialog>
  )
}
