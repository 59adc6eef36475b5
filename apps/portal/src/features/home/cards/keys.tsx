import { Table } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../../../api.ts'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { overviewQuery, vaultKey } from '../../custody/vault/queries.ts'
import { Card } from './card.tsx'

const soonMs = 30 * 86_400_000
const keysKey = ['api-keys', 'ending'] as const
/** Keys that still work and end within a month. */
const endingKeys = queryOptions({
  queryKey: keysKey,
  queryFn: async ({ signal }) => {
    const { data } = await ask(() => api.GET('/v1/api-keys', { params: { query: { limit: 500 } }, signal }))
    const now = Date.now()
    return data.filter(({ revoked_at, expires_at }) => revoked_at === null && Date.parse(expires_at) > now && Date.parse(expires_at) < now + soonMs).length
  },
})

/** The keys of the vault with their age, and how many keys of programs end soon. */
export function KeysCard() {
  const { t } = useTranslation('home.cards')
  const format = useFormat()
  const can = useCan()
  useLive(['vault.*'], vaultKey)
  useLive(['identity.issue_key', 'identity.revoke_key'], keysKey)
  const ending = useQuery({ ...endingKeys, enabled: can('read', 'api_key') }).data
  const query = useQuery(overviewQuery)
  return (
    <QueryView query={query}>
      {({ keys }) => (
        <Card title={t('keys.title')} says={ending === undefined ? undefined : t('keys.ending', { count: ending })} to="/administration/api-keys">
          {keys.length === 0 ? (
            t('keys.none')
          ) : (
            <Table>
              <Table.Caption style={{ captionSide: 'top', textAlign: 'start', marginTop: 0, color: 'inherit', fontWeight: 600 }}>
                {t('keys.vault')}
              </Table.Caption>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('keys.version')}</Table.Th>
                  <Table.Th scope="col">{t('keys.made')}</Table.Th>
                  <Table.Th scope="col" ta="end">
                    {t('keys.people')}
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {keys.map(({ version, created_at, subjects }) => (
                  <Table.Tr key={version}>
                    <Table.Td>{format.number(version)}</Table.Td>
                    <Table.Td>
                      <Moment at={created_at} />
                    </Table.Td>
                    <Table.Td ta="end">{format.number(subjects)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Card>
      )}
    </QueryView>
  )
}
