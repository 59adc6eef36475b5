/** What a person concerned sees, and everybody’s own devices. */
import { IconCertificate, IconChecklist, IconDevices, IconSend, IconShieldLock, IconUsersGroup } from '@tabler/icons-react'
import type { Page } from '../page.ts'

export const mePages: readonly Page[] = [
  {
    path: '/me',
    wing: 'me',
    name: 'myDisclosures',
    needed: { kinds: ['person'] },
    icon: IconSend,
    nav: true,
    words: 'me.disclosures',
    lazy: async () => (await import('./disclosures/page.tsx')).MyDisclosuresPage,
  },
  {
    path: '/me/consents',
    wing: 'me',
    name: 'myConsents',
    needed: { kinds: ['person'] },
    icon: IconChecklist,
    nav: true,
    words: 'me.consents',
    lazy: async () => (await import('./consents/page.tsx')).MyConsentsPage,
  },
  {
    path: '/me/wards',
    wing: 'me',
    name: 'myWards',
    needed: { kinds: ['person'] },
    icon: IconUsersGroup,
    nav: false,
    // Offers are drawn as on the page of one's own consents, in its words.
    words: ['me.wards', 'me.consents'],
    lazy: async () => (await import('./wards/page.tsx')).WardsPage,
  },
  {
    path: '/me/credentials',
    wing: 'me',
    name: 'myCredentials',
    needed: { kinds: ['person'] },
    icon: IconCertificate,
    nav: true,
    words: 'me.credentials',
    lazy: async () => (await import('./credentials/page.tsx')).MyCredentialsPage,
  },
  {
    path: '/me/devices',
    wing: 'me',
    name: 'devices',
    needed: { action: 'read', on: 'session' },
    icon: IconDevices,
    nav: false,
    words: 'governance.people',
    lazy: async () => (await import('../governance/people/devices.tsx')).DevicesPage,
  },
  {
    path: '/me/security',
    wing: 'me',
    name: 'security',
    needed: { action: 'read', on: 'factor' },
    icon: IconShieldLock,
    nav: false,
    words: 'governance.identity',
    lazy: async () => (await import('../governance/identity/security.tsx')).SecurityPage,
  },
]
