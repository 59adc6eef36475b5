import { Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../../session.ts'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { GrantPath, type Verdict } from '../access/path.tsx'
import { useWords } from '../access/words.ts'
import { useRoleName } from './members.tsx'
import { type ProjectDetail, rightsInQuery } from './queries.ts'

/** What the reader may do in the project, and why. */
export function Sees({ project }: { readonly project: ProjectDetail }) {
  const { t } = useTranslation('governance.projects')
  const words = useWords()
  const roleName = useRoleName()
  const session = useSession()
  return (
    <Stack>
      <Text c="dimmed" maw={720}>
        {t('sees.about')}
      </Text>
      <QueryView query={useQuery(rightsInQuery(project.id, session.user?.id))}>
        {(rights) =>
          rights.length === 0 ? (
            <EmptyState title={t('sees.none')} about={t('sees.noneAbout')} />
          ) : (
            <WideTable label={t('sees.tab')} minWidth={520}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('sees.area')}</Table.Th>
                  <Table.Th scope="col">{t('sees.action')}</Table.Th>
                  <Table.Th scope="col">{t('sees.why')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {grouped(rights).map(({ area, actions, by }) => (
                  <Table.Tr key={`${area} ${actions.join()}`}>
                    <Table.Th scope="row">{words.area(area)}</Table.Th>
                    <Table.Td>{words.actions(actions)}</Table.Td>
                    <Table.Td>
                      <GrantPath verdict={by} role={roleName} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </WideTable>
          )
        }
      </QueryView>
    </Stack>
  )
}

interface Right extends Verdict {
  readonly area: string
  readonly action: string
}

/** One row for all actions on an area that the same path grants. */
function grouped(rights: readonly Right[]) {
  const rows = new Map<string, { readonly area: string; readonly actions: string[]; readonly by: Verdict }>()
  for (const { area, action, ...by } of rights) {
    const key = `${area} ${by.answer} ${by.path.map(({ subject }) => subject).join()} ${by.needs.join()}`
    const row = rows.get(key)
    if (row === undefined) rows.set(key, { area, actions: [action], by })
    else row.actions.push(action)
  }
  return [...rows.values()]
}
