import { Button, Card, Group, Select, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { createRole, deleteRole, giveRole, type Level, type RoleTable, staffQuery } from './queries.ts'
import { useWords } from './words.ts'

/** The roles of the institution's own: what they give, to whom, and a new one. */
export function Roles({ table }: { readonly table: RoleTable }) {
  const { t } = useTranslation('governance.access')
  const words = useWords()
  const can = useCan()
  const own = table.roles.filter(({ id }) => id !== null)
  return (
    <Stack>
      {own.length === 0 ? <EmptyState title={t('own.empty')} about={t('own.about')} /> : null}
      {own.map(({ id, name, summary, grants }) => (
        <Card key={id} withBorder>
          <Title order={2} size="h4">
            {name}
          </Title>
          <Text c="dimmed">{summary}</Text>
          <ul>
            {grants.map(({ area, level, scope, condition }) => (
              <li key={`${area} ${level} ${scope?.id ?? ''} ${condition ?? ''}`}>
                {words.area(area)}: {t(`level.${level}`)}
                {scope === undefined ? '' : ` – ${t(`scope.${scope.kind}`)}`}
                {condition === undefined ? '' : ` – ${t('path.if', { condition })}`}
              </li>
            ))}
          </ul>
          {id === null ? null : (
            <Group align="flex-end">
              {can('update', 'role') ? <Give role={id} /> : null}
              {can('delete', 'role') ? (
                <ConfirmButton
                  label={t('own.delete')}
                  title={t('own.deleteTitle', { name })}
                  consequence={t('own.deleteConsequence')}
                  confirm={t('own.delete')}
                  act={() => deleteRole(id)}
                />
              ) : null}
            </Group>
          )}
        </Card>
      ))}
      {can('create', 'role') ? <NewRole table={table} /> : null}
    </Stack>
  )
}

function Give({ role }: { readonly role: string }) {
  const { t } = useTranslation('governance.access')
  const people = useQuery(staffQuery())
  const [user, setUser] = useState<string | null>(null)
  const giving = useMutation({ mutationFn: (id: string) => giveRole(role, id), onSuccess: () => setUser(null) })
  return (
    <Stack gap="xs">
      <ProblemAlert error={giving.error} />
      <Group align="flex-end">
        <Select label={t('own.to')} data={people.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []} value={user} onChange={setUser} searchable />
        <Button variant="default" disabled={user === null} loading={giving.isPending} onClick={() => user !== null && giving.mutate(user)}>
          {t('own.give')}
        </Button>
      </Group>
    </Stack>
  )
}

function NewRole({ table }: { readonly table: RoleTable }) {
  const { t } = useTranslation('governance.access')
  const words = useWords()
  const [name, setName] = useState('')
  const [summary, setSummary] = useState('')
  const [levels, setLevels] = useState<Readonly<Record<string, Level>>>({})
  const grants = Object.entries(levels).flatMap(([area, level]) => (level === 'none' ? [] : [{ area, level }]))
  const saving = useMutation({
    mutationFn: () => createRole({ name, summary, grants }),
    onSuccess: () => {
      setName('')
      setSummary('')
      setLevels({})
    },
  })
  const choices = (['none', 'read', 'write'] as const).map((value) => ({ value, label: t(`level.${value}`) }))
  return (
    <Card withBorder>
      <Title order={2} size="h4">
        {t('own.new')}
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          saving.mutate()
        }}
      >
        <Stack mt="sm">
          <ProblemAlert error={saving.error} />
          <TextInput
            label={t('own.name')}
            description={t('own.nameHint')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            withAsterisk
            maw={420}
          />
          <TextInput label={t('own.summary')} value={summary} onChange={(event) => setSummary(event.currentTarget.value)} maw={720} />
          <WideTable label={t('own.grants')} minWidth={320}>
            <Table.Tbody>
              {table.areas.map(({ area, may }) => (
                <Table.Tr key={area}>
                  <Table.Th scope="row">{words.area(area)}</Table.Th>
                  <Table.Td>
                    <Select
                      aria-label={t('own.levelOf', { area: words.area(area) })}
                      data={choices}
                      value={levels[area] ?? 'none'}
                      allowDeselect={false}
                      onChange={(next) => setLevels({ ...levels, [area]: (next ?? 'none') as Level })}
                    />
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm" c="dimmed">
                      {words.actions(may)}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </WideTable>
          <Group>
            <Button type="submit" loading={saving.isPending} disabled={name === '' || grants.length === 0}>
              {t('own.create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}
