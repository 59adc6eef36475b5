/** The log as a whole: how it stands, any entry by its place, the tree's files, and whether it only grew. */
import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { Growth } from './growth.tsx'
import { NewestCheckpoint } from './newest-checkpoint.tsx'
import { Places } from './places.tsx'
import { logKey, standingQuery } from './queries.ts'
import { LogStanding } from './standing.tsx'
import { Tree } from './tree.tsx'

export function LogPage() {
  const { t } = useTranslation('ledger.log')
  useLive(['*'], logKey)
  const query = useQuery(standingQuery)
  const { data } = query
  return (
    <Page
      title={t('title')}
      about={t('about')}
      chip={
        data === undefined ? undefined : (
          <StateChip tone={data.state === 'signing' ? 'permit' : 'deny'}>{t(data.state === 'signing' ? 'signs' : 'halted')}</StateChip>
        )
      }
    >
      <QueryView query={query}>
        {(standing) => (
          <Stack gap="xl">
            <LogStanding standing={standing} />
            <Places size={standing.size} />
            <Growth size={standing.size} />
            <Tree origin={standing.origin} size={standing.size} />
            <NewestCheckpoint />
          </Stack>
        )}
      </QueryView>
    </Page>
  )
}
