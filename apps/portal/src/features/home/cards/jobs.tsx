import { Group, Text } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../../../api.ts'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { importEntries, importsKey } from '../../custody/imports/queries.ts'
import { ImportState } from '../../custody/imports/state.tsx'
import { Card } from './card.tsx'
import { LinkTo } from './link-to.tsx'

const shownMax = 5
const newest = queryOptions({
  queryKey: [...importsKey, 'home'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/vault/imports', { params: { query: { limit: shownMax } }, signal }))).data,
})

/** The newest imports and how far they are. */
export function JobsCard() {
  const { t } = useTranslation('home.cards')
  const format = useFormat()
  useLive([...importEntries], importsKey)
  const query = useQuery(newest)
  return (
    <QueryView query={query}>
      {(imports) => {
        const running = imports.filter(({ status }) => status === 'running').length
        return (
          <Card title={t('jobs.title')} says={running > 0 ? t('jobs.running', { count: running }) : t('jobs.none')} to="/administration/jobs">
            {imports.length === 0 ? null : (
              <ul className="home-list">
                {imports.map(({ import_id, record_type, status, progress, progressed_at }) => (
                  <li key={import_id}>
                    <Group gap="xs">
                      <LinkTo kind="import" id={import_id}>
                        {t('jobs.import', { type: record_type })}
                      </LinkTo>
                      <ImportState status={status} />
                      <Text span size="sm" c="dimmed">
                        {t('jobs.counts', { imported: format.number(progress.imported), rejected: format.number(progress.rejected) })} ·{' '}
                        <Moment at={progressed_at} />
                      </Text>
                    </Group>
                  </li>
                ))}
              </ul>
            )}
          </Card>
        )
      }}
    </QueryView>
  )
}
