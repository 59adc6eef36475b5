import { Stack, Text } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../../../api.ts'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { overviewQuery, vaultKey } from '../../custody/vault/queries.ts'
import { Card } from './card.tsx'

const logCheckKey = ['ledger', 'last check'] as const
/** The newest entry of a verification of the log, or null. */
const logCheck = queryOptions({
  queryKey: logCheckKey,
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/logs', { params: { query: { type: 'ledger.verify', limit: 1 } }, signal }))).data[0] ?? null,
})

/** When the log and the vault were last checked as a whole, and what was found. */
export function ProofsCard() {
  const { t } = useTranslation('home.cards')
  const format = useFormat()
  useLive(['ledger.verify'], logCheckKey)
  useLive(['vault.verify'], vaultKey)
  const log = useQuery(logCheck)
  const vault = useQuery(overviewQuery)
  return (
    <Card title={t('proofs.title')} says={t('proofs.says')} to="/ledger/verify">
      <QueryView query={log}>
        {(entry) => (
          <Check
            title={t('proofs.log')}
            found={entry === null ? undefined : { at: entry.body.at, entry: entry.id, sound: entry.body.details?.outcome === 'sound' }}
            about={null}
          />
        )}
      </QueryView>
      <QueryView query={vault}>
        {({ last_verification: last }) => (
          <Check
            title={t('proofs.vault')}
            found={last === null ? undefined : { at: last.finished_at, entry: last.id, sound: last.fault_count === 0 }}
            about={last === null ? null : t('proofs.blocks', { blocks: format.number(last.blocks), people: format.number(last.subjects) })}
          />
        )}
      </QueryView>
    </Card>
  )
}

interface CheckProps {
  readonly title: string
  readonly found: { readonly at: string; readonly entry: string; readonly sound: boolean } | undefined
  readonly about: string | null
}

function Check({ title, found, about }: CheckProps) {
  const { t } = useTranslation('home.cards')
  return (
    <Stack gap={4} align="flex-start">
      <Text fw={600}>{title}</Text>
      {found === undefined ? (
        <Text c="dimmed">{t('proofs.never')}</Text>
      ) : (
        <>
          <StateChip tone={found.sound ? 'permit' : 'deny'}>{t(found.sound ? 'proofs.sound' : 'proofs.broken')}</StateChip>
          <Text size="sm">
            <Moment at={found.at} />
            {about === null ? '' : ` · ${about}`} · {t('activity.entry')} <ShortId id={found.entry} kind="entry" />
          </Text>
        </>
      )}
    </Stack>
  )
}
