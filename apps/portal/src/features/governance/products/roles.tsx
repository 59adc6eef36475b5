import { Button, Group, Select, Stack, Table, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isOpenTo } from '../../../rights.ts'
import { useCan, useSession } from '../../../session.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { Who } from '../../../ui/who.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { rolesQuery, staffQuery } from '../access/queries.ts'
import { useWords } from '../access/words.ts'
import { giveIn, type Held, heldQuery, type Product, takeIn } from './queries.ts'

/** Roles that hold in the product and nowhere else. */
export function ProductRoles({ product, onClose }: { readonly product: Product; readonly onClose: () => void }) {
  const { t } = useTranslation('governance.products')
  const can = useCan()
  const words = useWords()
  const { data: table } = useQuery(rolesQuery())
  const taking = useMutation({ mutationFn: (held: Held) => takeIn(product.id, held) })
  const roleName = (role: string) => words.role(table?.roles.find(({ id }) => id === role)?.name ?? role)
  const mayChange = can('update', 'role') && product.ended_at === null
  return (
    <Dialog opened onClose={onClose} title={t('roles.title', { name: product.name })} size="lg">
      <Stack>
        <Text c="dimmed">{t('roles.about')}</Text>
        <ProblemAlert error={taking.error} />
        <QueryView query={useQuery(heldQuery(product.id))}>
          {(held) =>
            held.length === 0 ? (
              <Text>{t('roles.none')}</Text>
            ) : (
              <WideTable label={t('roles.open')} minWidth={320}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th scope="col">{t('roles.who')}</Table.Th>
                    <Table.Th scope="col">{t('roles.role')}</Table.Th>
                    <Table.Td />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {held.map((one) => (
                    <Table.Tr key={`${one.role} ${one.id}`}>
                      <Table.Td>{one.kind === 'user' ? <Who id={one.id} /> : <ShortId id={one.id} />}</Table.Td>
                      <Table.Td>{roleName(one.role)}</Table.Td>
                      <Table.Td ta="end">
                        {mayChange ? (
                          <Button size="compact-sm" variant="default" loading={taking.isPending} onClick={() => taking.mutate(one)}>
                            {t('roles.take')}
                          </Button>
                        ) : null}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </WideTable>
            )
          }
        </QueryView>
        {mayChange ? <Give product={product} /> : null}
      </Stack>
    </Dialog>
  )
}

function Give({ product }: { readonly product: Product }) {
  const { t } = useTranslation('governance.products')
  const words = useWords()
  const mayKnow = isOpenTo(useSession(), { action: 'read', on: 'user', everybodys: true })
  const { data: people } = useQuery({ ...staffQuery(), enabled: mayKnow })
  const { data: table } = useQuery(rolesQuery())
  const [user, setUser] = useState<string | null>(null)
  const [role, setRole] = useState<string | null>('researcher')
  const giving = useMutation({
    mutationFn: () => giveIn(product.id, { role: role ?? '', kind: 'user', id: user ?? '' }),
    onSuccess: () => setUser(null),
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        giving.mutate()
      }}
    >
      <Stack gap="xs">
        <ProblemAlert error={giving.error} />
        <Group align="flex-end">
          {mayKnow ? (
            <Select
              label={t('roles.person')}
              data={people?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
              value={user}
              onChange={setUser}
              searchable
            />
          ) : (
            <TextInput label={t('roles.id')} maxLength={36} value={user ?? ''} onChange={(event) => setUser(event.currentTarget.value.trim() || null)} />
          )}
          <Select
            label={t('roles.role')}
            data={(table?.roles ?? []).filter(({ given }) => given).map(({ id, name }) => ({ value: id ?? name, label: words.role(name) }))}
            value={role}
            onChange={setRole}
            allowDeselect={false}
          />
          <Button type="submit" loading={giving.isPending} disabled={user === null || role === null}>
            {t('roles.give')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
