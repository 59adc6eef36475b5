import { Select, Stack, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { GrantPath } from './path.tsx'
import { rolesQuery, staffQuery, whatQuery } from './queries.ts'
import { useWords } from './words.ts'

/** What may this person do, and why? */
export function What() {
  const { t } = useTranslation('governance.access')
  const words = useWords()
  const [user, setUser] = useState('')
  const people = useQuery(staffQuery())
  const roles = useQuery(rolesQuery())
  const query = useQuery(whatQuery(user))
  const role = (id: string) => words.role(roles.data?.roles.find((one) => one.id === id)?.name ?? id)
  return (
    <Stack>
      <Select
        label={t('person')}
        placeholder={t('what.choose')}
        data={people.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        value={user === '' ? null : user}
        onChange={(next) => setUser(next ?? '')}
        searchable
        maw={420}
      />
      {user === '' ? null : (
        <QueryView query={query}>
          {(rights) =>
            rights.length === 0 ? (
              <EmptyState title={t('what.empty')} />
            ) : (
              <WideTable label={t('tab.what')} minWidth={480}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th scope="col">{t('area')}</Table.Th>
                    <Table.Th scope="col">{t('action')}</Table.Th>
                    <Table.Th scope="col">{t('why')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rights.map((row) => (
                    <Table.Tr key={`${row.area} ${row.action}`}>
                      <Table.Th scope="row">{words.area(row.area)}</Table.Th>
                      <Table.Td>{words.actions([row.action])}</Table.Td>
                      <Table.Td>
                        <GrantPath verdict={row} role={role} />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </WideTable>
            )
          }
        </QueryView>
      )}
    </Stack>
  )
}
