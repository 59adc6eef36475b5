import { Group, Select, Stack, Switch, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { WideTable } from '../../../ui/wide-table.tsx'
import type { RoleTable } from './queries.ts'
import { useWords } from './words.ts'

/** Areas by roles. Two roles can be set side by side, with only what they differ in. */
export function Matrix({ table }: { readonly table: RoleTable }) {
  const { t } = useTranslation('governance.access')
  const words = useWords()
  const given = table.roles.filter((role) => role.given)
  const [left, setLeft] = useState<string | null>(null)
  const [right, setRight] = useState<string | null>(null)
  const [differing, setDiffering] = useState(false)
  const compared = left !== null && right !== null
  const shown = compared ? given.filter(({ name }) => name === left || name === right) : given
  const cell = (role: (typeof given)[number], area: string, may: readonly string[]) => {
    const held = role.rights.filter((row) => row.on === area)
    const all = new Set(held.filter(({ own }) => !own).flatMap((row) => row.may))
    if (all.size === 0) return held.length > 0 ? 'own' : 'none'
    return may.every((action) => all.has(action)) ? 'write' : all.size === 1 && all.has('read') ? 'read' : 'some'
  }
  const rows = table.areas
    .map(({ area, may }) => ({
      area,
      cells: shown.map((role) => ({ role: role.name, level: cell(role, area, may), may: role.rights.filter((row) => row.on === area) })),
    }))
    .filter(({ cells }) => !compared || !differing || cells[0]?.level !== cells[1]?.level)
  const options = given.map(({ name }) => ({ value: name, label: words.role(name) }))
  return (
    <Stack>
      <Group align="flex-end">
        <Select label={t('compare.left')} data={options} value={left} onChange={setLeft} clearable placeholder={t('compare.all')} />
        <Select label={t('compare.right')} data={options} value={right} onChange={setRight} clearable placeholder={t('compare.all')} />
        <Switch label={t('compare.differing')} checked={differing} onChange={(event) => setDiffering(event.currentTarget.checked)} disabled={!compared} />
      </Group>
      <WideTable label={t('tab.matrix')} minWidth={compared ? 320 : 900}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('area')}</Table.Th>
            {shown.map(({ name }) => (
              <Table.Th key={name} scope="col">
                {words.role(name)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ area, cells }) => (
            <Table.Tr key={area}>
              <Table.Th scope="row">{words.area(area)}</Table.Th>
              {cells.map(({ role, level, may }) => (
                <Table.Td key={role}>
                  <Text size="sm" c={level === 'none' ? 'dimmed' : undefined} fw={level === 'write' ? 600 : undefined}>
                    {level === 'some' ? words.actions(may.filter(({ own }) => !own).flatMap((row) => row.may)) : t(`level.${level}`)}
                  </Text>
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </Stack>
  )
}
