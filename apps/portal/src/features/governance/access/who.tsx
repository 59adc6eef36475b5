import { Group, Select, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { GrantPath } from './path.tsx'
import { type Action, type RoleTable, staffQuery, whoQuery } from './queries.ts'
import { useWords } from './words.ts'

/** Who may do this, and why? */
export function Who({ table }: { readonly table: RoleTable }) {
  const { t } = useTranslation('governance.access')
  const words = useWords()
  const [area, setArea] = useState('policy')
  const [action, setAction] = useState<Action>('read')
  const may = table.areas.find((row) => row.area === area)?.may ?? []
  const people = useQuery(staffQuery())
  const query = useQuery(whoQuery(area, action))
  const named = new Map(people.data?.map(({ id, name }) => [id, name]))
  const role = (id: string) => words.role(table.roles.find((one) => one.id === id)?.name ?? id)
  return (
    <Stack>
      <Group align="flex-end">
        <Select
          label={t('area')}
          data={table.areas.map((row) => ({ value: row.area, label: words.area(row.area) }))}
          value={area}
          allowDeselect={false}
          searchable
          onChange={(next) => {
            setArea(next ?? 'policy')
            setAction('read')
          }}
        />
        <Select
          label={t('action')}
          data={may.map((name) => ({ value: name, label: words.actions([name]) }))}
          value={action}
          allowDeselect={false}
          onChange={(next) => setAction((next ?? 'read') as Action)}
        />
      </Group>
      <QueryView query={query}>
        {({ data, more }) =>
          data.length === 0 ? (
            <EmptyState title={t('who.empty')} />
          ) : (
            <>
              <WideTable label={t('tab.who')} minWidth={420}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th scope="col">{t('person')}</Table.Th>
                    <Table.Th scope="col">{t('why')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {data.map((row) => (
                    <Table.Tr key={row.user}>
                      <Table.Th scope="row">{named.get(row.user) ?? row.user.slice(-8)}</Table.Th>
                      <Table.Td>
                        <GrantPath verdict={row} role={role} />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </WideTable>
              {more ? <Text c="dimmed">{t('who.more')}</Text> : null}
            </>
          )
        }
      </QueryView>
    </Stack>
  )
}
