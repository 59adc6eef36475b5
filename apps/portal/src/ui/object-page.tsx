import { Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../session.ts'
import { Activity } from './activity.tsx'
import { Page } from './page.tsx'
import { Permissions } from './permissions.tsx'
import { LoadingState } from './states.tsx'

/** The verifier comes when somebody wants to verify. */
const ObjectEvidence = lazy(async () => ({ default: (await import('./evidence/object-evidence.tsx')).ObjectEvidence }))

interface Tab {
  readonly name: string
  readonly label: string
  readonly content: ReactNode
}

interface ObjectPageProps {
  /** The object in the ledger's words: *Activity* shows the entries about it. */
  readonly kind: string
  readonly id: string
  /** The type of thing in the table of roles, where it is called otherwise than in the ledger: *Permissions* shows who may do what. */
  readonly on?: string
  readonly title: string
  readonly about: ReactNode
  readonly chip?: ReactNode
  readonly actions?: ReactNode
  /** The tab *Overview*. */
  readonly children: ReactNode
  /** The tab *Evidence*, where it is about more than the entries of the ledger, each of which is verified there otherwise. */
  readonly evidence?: ReactNode
  /** Further tabs, between *Overview* and *Activity*. */
  readonly tabs?: readonly Tab[]
}

/** The common bones of every object. The chosen tab stands in the address (`?tab=activity`); only it is drawn and reads data. */
export function ObjectPage({ kind, id, on = kind, title, about, chip, actions, children, evidence, tabs: more = [] }: ObjectPageProps) {
  const { t } = useTranslation()
  const can = useCan()
  const inLedger = can('read', 'ledger_entry')
  const navigate = useNavigate()
  const { tab } = useSearch({ strict: false }) as { tab?: string }
  const tabs: Tab[] = [
    { name: 'overview', label: t('tab.overview'), content: children },
    ...more,
    ...(inLedger ? [{ name: 'activity', label: t('tab.activity'), content: <Activity kind={kind} id={id} /> }] : []),
    ...(can('read', 'role') ? [{ name: 'permissions', label: t('tab.permissions'), content: <Permissions on={on} /> }] : []),
    ...(inLedger || evidence !== undefined
      ? [{ name: 'evidence', label: t('tab.evidence'), content: evidence ?? <ObjectEvidence kind={kind} id={id} /> }]
      : []),
  ]
  const chosen = tabs.find(({ name }) => name === tab) ?? tabs[0]
  const choose = (name: string | null) =>
    void navigate({ to: '.', search: (before: object) => ({ ...before, tab: name === 'overview' ? undefined : name }), replace: true })
  return (
    <Page title={title} about={about} chip={chip} actions={actions}>
      <Tabs value={chosen?.name ?? null} onChange={choose} keepMounted={false}>
        <Tabs.List className="tabs">
          {tabs.map(({ name, label }) => (
            <Tabs.Tab key={name} value={name}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ name, content }) => (
          <Tabs.Panel key={name} value={name} pt="md">
            <Suspense fallback={<LoadingState />}>{content}</Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  )
}
