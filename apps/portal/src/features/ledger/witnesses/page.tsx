/** Who outside the institution vouches that the log is one and only grows, how far, and how many of them it takes. */
import { Progress as Bar, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { type Standing as LogStanding, logKey, standingQuery } from '../log/queries.ts'
import { AddWitness } from './add.tsx'
import { judge, type Standing } from './judge.ts'
import { removeWitness, type Witness, witnessesQuery } from './queries.ts'
import { Quorum } from './quorum.tsx'

const tones: Readonly<Record<Standing, Tone>> = { current: 'permit', following: 'info', late: 'attention', failing: 'deny', never: 'neutral' }

export function WitnessesPage() {
  const { t } = useTranslation('ledger.witnesses')
  useLive(['*'], logKey)
  const can = useCan()
  const standing = useQuery(standingQuery)
  const witnesses = useQuery(witnessesQuery)
  return (
    <Page title={t('title')} about={t('about')} actions={can('update', 'ledger') ? <AddWitness /> : undefined}>
      <QueryView query={standing}>
        {(log) => <QueryView query={witnesses}>{({ data }) => <Shown log={log} witnesses={data} askedAt={witnesses.dataUpdatedAt} />}</QueryView>}
      </QueryView>
    </Page>
  )
}

function Shown({ log, witnesses, askedAt }: { readonly log: LogStanding; readonly witnesses: readonly Witness[]; readonly askedAt: number }) {
  const { t } = useTranslation('ledger.witnesses')
  const format = useFormat()
  const can = useCan()
  if (witnesses.length === 0) {
    return (
      <EmptyState
        title={t('empty.title')}
        about={
          <>
            {t('empty.about')} <code>docs/how-to/run-a-witness.md</code>
          </>
        }
      />
    )
  }
  const judged = witnesses.map((witness) => ({ ...witness, standing: judge(witness, log.size, askedAt) }))
  const current = judged.filter(({ standing }) => standing === 'current').length
  return (
    <Stack gap="xl">
      <Stack component="section" gap="sm" aria-labelledby="policy">
        <Title order={2} id="policy">
          {t('policy.title')}
        </Title>
        <Text maw={720}>
          {log.quorum === 0
            ? t('policy.none', { count: witnesses.length })
            : t('policy.some', { quorum: format.number(log.quorum), all: format.number(witnesses.length) })}
        </Text>
        <Facts
          facts={[
            { label: t('policy.newest'), value: format.number(log.size) },
            { label: t('policy.cosigned'), value: t('policy.of', { number: format.number(current), all: format.number(witnesses.length) }) },
            { label: t('policy.shown'), value: format.number(log.shown_size) },
          ]}
        />
        {log.quorum > 0 && log.shown_size < log.size ? (
          <div>
            <StateChip tone="attention">{t('policy.behind', { count: log.size - log.shown_size })}</StateChip>
          </div>
        ) : null}
        {can('update', 'ledger') ? <Quorum quorum={log.quorum} witnesses={witnesses.length} /> : null}
      </Stack>
      <Stack component="section" gap="sm" aria-labelledby="witnesses">
        <Title order={2} id="witnesses">
          {t('list.title')}
        </Title>
        <WideTable label={t('list.title')} minWidth={760}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('list.name')}</Table.Th>
              <Table.Th scope="col">{t('list.standing')}</Table.Th>
              <Table.Th scope="col" miw={160}>
                {t('list.cosigned')}
              </Table.Th>
              <Table.Th scope="col">{t('list.at')}</Table.Th>
              <Table.Th scope="col">{t('list.asked')}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {judged.map(({ id, name, url, standing, cosigned_size, cosigned_at, asked_at, fault }) => (
              <Table.Tr key={id}>
                <Table.Th scope="row">
                  {name}
                  <Text size="sm" c="dimmed" fw={400} style={{ overflowWrap: 'anywhere' }}>
                    {url}
                  </Text>
                </Table.Th>
                <Table.Td>
                  <StateChip tone={tones[standing]}>{t(`standing.${standing}`)}</StateChip>
                  {fault === null || standing === 'current' ? null : (
                    <Text size="sm" mt={4} lang="en" maw={260}>
                      {fault}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <Text size="sm">
                    {cosigned_size === null
                      ? t('list.nothing')
                      : log.size > cosigned_size
                        ? t('list.behind', { size: format.number(cosigned_size), missing: format.number(log.size - cosigned_size) })
                        : format.number(cosigned_size)}
                  </Text>
                  <Bar value={log.size === 0 ? 0 : ((cosigned_size ?? 0) / log.size) * 100} aria-label={t('list.share', { name })} />
                </Table.Td>
                <Table.Td>{cosigned_at === null ? '–' : <Moment at={cosigned_at} />}</Table.Td>
                <Table.Td>{asked_at === null ? '–' : <Moment at={asked_at} />}</Table.Td>
                <Table.Td ta="end">
                  {can('update', 'ledger') ? (
                    <ConfirmButton
                      label={t('remove.label')}
                      title={t('remove.title', { name })}
                      consequence={t('remove.consequence')}
                      confirm={t('remove.confirm')}
                      act={() => removeWitness(id)}
                    />
                  ) : null}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
        <Text size="sm" c="dimmed">
          {t('list.docs')} <code>docs/how-to/run-a-witness.md</code>
        </Text>
      </Stack>
    </Stack>
  )
}
