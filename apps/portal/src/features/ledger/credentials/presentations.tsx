import { Button, Stack, Table, Text } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { type Presentation, presentationPages, presentationQuery } from './queries.ts'

const tones = { waiting: 'info', checking: 'info', proven: 'permit', refused: 'deny', declined: 'neutral', expired: 'neutral' } as const
const followMs = 3_000

export function Presentations() {
  const { t } = useTranslation('ledger.credentials')
  const waits = (pages: readonly { readonly data: readonly Presentation[] }[] | undefined) =>
    pages?.some(({ data }) => data.some(({ status }) => status === 'waiting' || status === 'checking')) === true
  const query = useInfiniteQuery({ ...presentationPages(), refetchInterval: ({ state }) => (waits(state.data?.pages) ? followMs : false) })
  const [shown, setShown] = useState<string>()
  return (
    <>
      {shown === undefined ? null : <Outcome presentation={shown} onClose={() => setShown(undefined)} />}
      <QueryView query={query}>
        {({ pages }) => {
          const all = pages.flatMap(({ data }) => data)
          if (all.length === 0) return <EmptyState title={t('asked.empty')} about={t('asked.emptyAbout')} />
          return (
            <Stack gap="md">
              <WideTable label={t('tabs.asked')} minWidth={760}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th scope="col">{t('asked.claims')}</Table.Th>
                    <Table.Th scope="col">{t('asked.outcome')}</Table.Th>
                    <Table.Th scope="col">{t('asked.why')}</Table.Th>
                    <Table.Th scope="col">{t('asked.at')}</Table.Th>
                    <Table.Th scope="col">{t('asked.more')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {all.map((row) => (
                    <Table.Tr key={row.id}>
                      <Table.Td>
                        <code>{row.claims.join(', ')}</code>
                      </Table.Td>
                      <Table.Td>
                        <StateChip tone={tones[row.status]}>{t(`outcomes.${row.status}`)}</StateChip>
                      </Table.Td>
                      <Table.Td>{row.reason === null ? '' : t(`reasons.${row.reason}`)}</Table.Td>
                      <Table.Td>
                        <Moment at={row.asked_at} />
                      </Table.Td>
                      <Table.Td>
                        <Button variant="default" onClick={() => setShown(row.id)}>
                          {t('asked.look')}
                        </Button>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </WideTable>
              {query.hasNextPage ? (
                <Button variant="default" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
                  {t('earlier')}
                </Button>
              ) : null}
            </Stack>
          )
        }}
      </QueryView>
    </>
  )
}

/** Reading what was shown leaves an entry in the ledger, so it is done on purpose and once. */
function Outcome({ presentation, onClose }: { readonly presentation: string; readonly onClose: () => void }) {
  const { t } = useTranslation('ledger.credentials')
  const query = useQuery({ ...presentationQuery(presentation), refetchOnWindowFocus: false })
  return (
    <Dialog opened onClose={onClose} title={t('asked.title')} size="lg">
      <QueryView query={query}>
        {(found) => (
          <Stack gap="md">
            <div>
              <StateChip tone={tones[found.status]}>{t(`outcomes.${found.status}`)}</StateChip>
            </div>
            {found.reason === null ? null : <Text>{t(`reasons.${found.reason}`)}</Text>}
            <Facts
              facts={[
                ...(found.shown === null ? [] : Object.entries(found.shown).map(([name, value]) => ({ label: name, value: <strong>{String(value)}</strong> }))),
                { label: t('asked.type'), value: found.vct },
                { label: t('asked.from'), value: found.issuer ?? found.issuers.join(', ') },
                { label: t('purpose'), value: found.purpose },
                { label: t('asked.answered'), value: found.answered_at === null ? null : <Moment at={found.answered_at} /> },
              ]}
            />
            {found.status === 'proven' && found.shown === null ? <Text c="dimmed">{t('asked.blanked')}</Text> : null}
          </Stack>
        )}
      </QueryView>
    </Dialog>
  )
}
