import { Alert, Button, Stack, Table, Text, Title } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { meaning } from '../../../theme.ts'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { type Backup, type Backups, backupsQuery } from './queries.ts'

const tones: Readonly<Record<Backups['standing'], Tone>> = {
  external: 'info',
  off: 'attention',
  none: 'attention',
  good: 'permit',
  untried: 'info',
  late: 'deny',
  faulty: 'deny',
}

export function BackupsPage() {
  const { t } = useTranslation('administration.backups')
  const query = useQuery(backupsQuery)
  return (
    <Page
      title={t('title')}
      about={t('about')}
      chip={query.data === undefined ? undefined : <StateChip tone={tones[query.data.standing]}>{t(`standing.${query.data.standing}`)}</StateChip>}
      actions={
        <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} loading={query.isFetching} onClick={() => void query.refetch()}>
          {t('again')}
        </Button>
      }
    >
      <QueryView query={query}>{(backups) => <Shown backups={backups} />}</QueryView>
    </Page>
  )
}

function Shown({ backups: { standing, schedule, data } }: { readonly backups: Backups }) {
  const { t } = useTranslation('administration.backups')
  const format = useFormat()
  const tone = tones[standing]
  const there = data.filter(({ gone_at }) => gone_at === null)
  return (
    <Stack gap="lg">
      {tone === 'permit' ? null : (
        <Alert role={tone === 'info' ? undefined : 'alert'} color={tone === 'deny' ? meaning.deny : tone === 'attention' ? meaning.attention : undefined}>
          {t(`advice.${standing}`)}
        </Alert>
      )}
      <Facts
        facts={[
          { label: t('newest'), value: there[0] === undefined ? null : <Moment at={there[0].made_at} /> },
          { label: t('schedule'), value: schedule === null ? null : t('every', { count: schedule.every_hours }) },
          { label: t('keep'), value: schedule === null ? null : format.number(schedule.keep) },
          { label: t('size'), value: format.bytes(there.reduce((sum, { bytes }) => sum + bytes, 0)) },
        ]}
      />
      {data.length === 0 ? <EmptyState title={t('empty.title')} about={t('empty.about')} /> : <Rows data={data} />}
    </Stack>
  )
}

function Rows({ data }: { readonly data: readonly Backup[] }) {
  const { t } = useTranslation('administration.backups')
  const format = useFormat()
  return (
    <section aria-labelledby="backups">
      <Title order={2} id="backups" mb="sm">
        {t('list')}
      </Title>
      <WideTable label={t('list')} minWidth={720}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('backup')}</Table.Th>
            <Table.Th scope="col">{t('trial')}</Table.Th>
            <Table.Th scope="col">{t('made')}</Table.Th>
            <Table.Th scope="col" ta="end">
              {t('size')}
            </Table.Th>
            <Table.Th scope="col">{t('opensUntil')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.map((backup) => (
            <Table.Tr key={backup.id}>
              <Table.Th scope="row">
                <code>{backup.id}</code>
              </Table.Th>
              <Table.Td>
                <Trial backup={backup} />
              </Table.Td>
              <Table.Td>
                <Moment at={backup.made_at} />
              </Table.Td>
              <Table.Td ta="end">{format.bytes(backup.bytes)}</Table.Td>
              <Table.Td>{backup.gone_at === null ? <Moment at={backup.opens_until} /> : t('gone')}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </section>
  )
}

function Trial({ backup: { tried_at, fault } }: { readonly backup: Backup }) {
  const { t } = useTranslation('administration.backups')
  if (tried_at === null) return <StateChip tone="neutral">{t('tried.not')}</StateChip>
  if (fault === null) return <StateChip tone="permit">{t('tried.good')}</StateChip>
  return (
    <>
      <StateChip tone="deny">{t('tried.bad')}</StateChip>
      <Text size="sm">{fault}</Text>
    </>
  )
}
