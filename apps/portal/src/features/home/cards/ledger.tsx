import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../../../api.ts'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { Copyable } from '../../../ui/copyable.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Card, Figures } from './card.tsx'

const checkpointKey = ['ledger', 'checkpoint'] as const
const checkpointQuery = queryOptions({ queryKey: checkpointKey, queryFn: ({ signal }) => ask(() => api.GET('/v1/ledger/checkpoint', { signal })) })

/** How far the log has grown, and the key that it is checked with. */
export function LedgerCard() {
  const { t } = useTranslation('home.cards')
  const format = useFormat()
  useLive(['*'], checkpointKey)
  const query = useQuery(checkpointQuery)
  return (
    <QueryView query={query}>
      {({ size, vkey }) => (
        <Card title={t('ledger.title')} says={t('ledger.says')} to="/ledger/audit">
          <Figures figures={[{ label: t('ledger.size'), value: format.number(size) }]} />
          <Copyable text={vkey} label={t('ledger.key')} />
        </Card>
      )}
    </QueryView>
  )
}
