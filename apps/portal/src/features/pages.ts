/**
 * Every page behind the entrance, once. The router, the navigation, the command palette, breadcrumbs, links to objects and who
 * may open what are all made from this table; README.md says how to add a page.
 */
import {
  IconBuildingBank,
  IconChecklist,
  IconDevices,
  IconKey,
  IconListSearch,
  IconPackageExport,
  IconPlugConnected,
  IconSend,
  IconSettings,
  IconShieldCheck,
  IconUserHeart,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { Session } from '../api.ts'
import { isOpenTo, type Needed } from '../rights.ts'
import { type Wing, type WingName, wings } from '../wings.ts'

export interface Page {
  /** `$name` stands for a part of the address: `/exchange/releases/$release`. */
  readonly path: string
  readonly wing: WingName
  /** The page is called `page.<name>` in `i18n/<language>.json`. */
  readonly name: string
  readonly needed: Needed
  readonly icon: TablerIcon
  /** Whether the navigation and the palette show it. Pages with a `$` never do: one comes to them from a list, a link or an id. */
  readonly nav: boolean
  /** The kind of object, in the ledger's words, that the page shows; the `$` of its path is the object's id. */
  readonly object?: string
  /** The catalogue that comes with the page: `<wing>.<capability>` for `features/<wing>/<capability>/words.<language>.json`. */
  readonly words: string
  readonly lazy: () => Promise<ComponentType>
}

export const pages: readonly Page[] = [
  // Exchange
  {
    path: '/exchange/releases',
    wing: 'exchange',
    name: 'releases',
    needed: { action: 'read', on: 'release' },
    icon: IconPackageExport,
    nav: true,
    words: 'exchange.releases',
    lazy: async () => (await import('./exchange/releases/list.tsx')).ReleaseList,
  },
  {
    path: '/exchange/releases/$release',
    wing: 'exchange',
    name: 'release',
    needed: { action: 'read', on: 'release' },
    icon: IconPackageExport,
    nav: false,
    object: 'release',
    words: 'exchange.releases',
    lazy: async () => (await import('./exchange/releases/object.tsx')).ReleasePage,
  },
  {
    path: '/exchange/connect',
    wing: 'exchange',
    name: 'connect',
    needed: { kinds: ['engineer'] },
    icon: IconPlugConnected,
    nav: true,
    words: 'governance.partners',
    lazy: async () => (await import('./governance/partners/object.tsx')).ConnectPage,
  },
  // Custody
  // Governance
  {
    path: '/governance/partners',
    wing: 'governance',
    name: 'partners',
    needed: { action: 'read', on: 'partner', everybodys: true },
    icon: IconBuildingBank,
    nav: true,
    words: 'governance.partners',
    lazy: async () => (await import('./governance/partners/list.tsx')).PartnerList,
  },
  {
    path: '/governance/partners/$partner',
    wing: 'governance',
    name: 'partner',
    needed: { action: 'read', on: 'partner' },
    icon: IconBuildingBank,
    nav: false,
    object: 'partner',
    words: 'governance.partners',
    lazy: async () => (await import('./governance/partners/object.tsx')).PartnerPage,
  },
  {
    path: '/governance/consents',
    wing: 'governance',
    name: 'consents',
    needed: { action: 'read', on: 'consent' },
    icon: IconChecklist,
    nav: true,
    words: 'governance.consents',
    lazy: async () => (await import('./governance/consents/page.tsx')).ConsentsPage,
  },
  {
    path: '/governance/people',
    wing: 'governance',
    name: 'users',
    needed: { action: 'read', on: 'user', everybodys: true },
    icon: IconUsers,
    nav: true,
    words: 'governance.people',
    lazy: async () => (await import('./governance/people/list.tsx')).PeopleList,
  },
  {
    path: '/governance/people/$user',
    wing: 'governance',
    name: 'user',
    needed: { action: 'read', on: 'user', everybodys: true },
    icon: IconUsers,
    nav: false,
    object: 'user',
    words: 'governance.people',
    lazy: async () => (await import('./governance/people/object.tsx')).UserPage,
  },
  {
    path: '/governance/persons',
    wing: 'governance',
    name: 'persons',
    needed: { action: 'create', on: 'person_account' },
    icon: IconUserHeart,
    nav: true,
    words: 'governance.people',
    lazy: async () => (await import('./governance/people/person-accounts.tsx')).PersonAccountsPage,
  },
  // Insight
  // Ledger
  {
    path: '/ledger/audit',
    wing: 'ledger',
    name: 'audit',
    needed: { action: 'read', on: 'ledger_entry' },
    icon: IconListSearch,
    nav: true,
    words: 'ledger.audit',
    lazy: async () => (await import('./ledger/audit/list.tsx')).AuditList,
  },
  {
    path: '/ledger/audit/$entry',
    wing: 'ledger',
    name: 'entry',
    needed: { action: 'read', on: 'ledger_entry' },
    icon: IconListSearch,
    nav: false,
    object: 'entry',
    words: 'ledger.audit',
    lazy: async () => (await import('./ledger/audit/entry.tsx')).EntryPage,
  },
  {
    path: '/ledger/verify',
    wing: 'ledger',
    name: 'verify',
    needed: { action: 'read', on: 'ledger' },
    icon: IconShieldCheck,
    nav: true,
    words: 'ledger.verify',
    lazy: async () => (await import('./ledger/verify/page.tsx')).VerifyPage,
  },
  // Administration
  {
    path: '/administration/api-keys',
    wing: 'administration',
    name: 'apiKeys',
    needed: { action: 'read', on: 'api_key', everybodys: true },
    icon: IconKey,
    nav: true,
    words: 'administration.api-keys',
    lazy: async () => (await import('./administration/api-keys/list.tsx')).ApiKeyList,
  },
  {
    path: '/administration/settings',
    wing: 'administration',
    name: 'settings',
    needed: { action: 'update', on: 'tenant' },
    icon: IconSettings,
    nav: true,
    words: 'administration.settings',
    lazy: async () => (await import('./administration/settings/page.tsx')).SettingsPage,
  },
  // Me
  {
    path: '/me',
    wing: 'me',
    name: 'myDisclosures',
    needed: { kinds: ['person'] },
    icon: IconSend,
    nav: true,
    words: 'me.disclosures',
    lazy: async () => (await import('./me/disclosures/page.tsx')).MyDisclosuresPage,
  },
  {
    path: '/me/consents',
    wing: 'me',
    name: 'myConsents',
    needed: { kinds: ['person'] },
    icon: IconChecklist,
    nav: true,
    words: 'me.consents',
    lazy: async () => (await import('./me/consents/page.tsx')).MyConsentsPage,
  },
  {
    path: '/me/devices',
    wing: 'me',
    name: 'devices',
    needed: { action: 'read', on: 'session' },
    icon: IconDevices,
    nav: false,
    words: 'governance.people',
    lazy: async () => (await import('./governance/people/devices.tsx')).DevicesPage,
  },
]

/** The pages whose addresses a page's own begins with, outermost first: where its breadcrumbs lead. */
export function trailTo(page: Page): Page[] {
  return pages.filter(({ path }) => page.path.startsWith(`${path}/`)).sort((a, b) => a.path.length - b.path.length)
}

export function pagesFor(session: Session): Page[] {
  return pages.filter(({ needed }) => isOpenTo(session, needed))
}

/** The wings in which somebody has something to do. */
export function wingsFor(session: Session): Wing[] {
  const open = new Set(pagesFor(session).flatMap(({ nav, wing }) => (nav ? [wing] : [])))
  return wings.filter(({ name, needed }) => open.has(name) || isOpenTo(session, needed))
}
