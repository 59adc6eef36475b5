import { Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../api.ts'
import { useFormat } from '../i18n/format.ts'
import { QueryView } from './query-view.tsx'

/** Which roles may do what with things of a type, from the table by which the node judges. */
export function Permissions({ on }: { readonly on: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => ask(() => api.GET('/v1/roles', { signal })), staleTime: Number.POSITIVE_INFINITY })
  return (
    <QueryView query={roles}>
      {(table) => (
        <Table.ScrollContainer minWidth={320} type="native">
          <Table withTableBorder>
            <Table.Caption>{t('permissions.about')}</Table.Caption>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('permissions.role')}</Table.Th>
                <Table.Th scope="col">{t('permissions.may')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {table.roles.map(({ name, rights }) => {
                const rows = rights.filter((right) => right.on === on)
                return rows.length === 0 ? null : (
                  <Table.Tr key={name}>
                    <Table.Th scope="row">{t(`role.${name}`, name)}</Table.Th>
                    <Table.Td>
                      {rows.map(({ may, own }) => (
                        <Text key={may.join()}>
                          {format.list(may.map((action) => t(`may.${action}`, action)))}
                          {own ? ` – ${t('permissions.own')}` : ''}
                        </Text>
                      ))}
                    </Table.Td>
                  </Table.Tr>
                )
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </QueryView>
  )
}
