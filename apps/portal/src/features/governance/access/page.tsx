import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { useAddressValues } from '../../../ui/use-address-values.ts'
import { Matrix } from './matrix.tsx'
import { accessKey, rolesQuery } from './queries.ts'
import { Roles } from './roles.tsx'
import { What } from './what.tsx'
import { Who } from './who.tsx'

const tabs = ['matrix', 'who', 'what', 'roles'] as const

/** Who may do what: the matrix of roles, the two questions with the path that grants, and the roles of the institution's own. */
export function AccessPage() {
  const { t } = useTranslation('governance.access')
  useLive(['access.create_role', 'access.update_role', 'access.delete_role', 'access.assign', 'access.unassign'], accessKey)
  const query = useQuery(rolesQuery())
  const [{ tab }, setAddress] = useAddressValues()
  return (
    <Page title={t('title')} about={t('about')}>
      <QueryView query={query} whole>
        {(table) => (
          <Tabs value={tabs.find((name) => name === tab) ?? 'matrix'} onChange={(next) => setAddress({ tab: next ?? undefined })} keepMounted={false}>
            <Tabs.List>
              {tabs.map((name) => (
                <Tabs.Tab key={name} value={name}>
                  {t(`tab.${name}`)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value="matrix" pt="md">
              <Matrix table={table} />
            </Tabs.Panel>
            <Tabs.Panel value="who" pt="md">
              <Who table={table} />
            </Tabs.Panel>
            <Tabs.Panel value="what" pt="md">
              <What />
            </Tabs.Panel>
            <Tabs.Panel value="roles" pt="md">
              <Roles table={table} />
            </Tabs.Panel>
          </Tabs>
        )}
      </QueryView>
    </Page>
  )
}
