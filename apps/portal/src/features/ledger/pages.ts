/** The pages of the ledger: what happened. */
import { IconEraser, IconListSearch, IconShieldCheck } from '@tabler/icons-react'
import type { Page } from '../page.ts'

export const ledgerPages: readonly Page[] = [
  {
    path: '/ledger/audit',
    wing: 'ledger',
    name: 'audit',
    needed: { action: 'read', on: 'ledger_entry' },
    icon: IconListSearch,
    nav: true,
    words: 'ledger.audit',
    lazy: async () => (await import('./audit/list.tsx')).AuditList,
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
    lazy: async () => (await import('./audit/entry.tsx')).EntryPage,
  },
  {
    path: '/ledger/erasures',
    wing: 'ledger',
    name: 'erasures',
    needed: { action: 'read', on: 'erasure' },
    icon: IconEraser,
    nav: true,
    words: 'ledger.erasures',
    lazy: async () => (await import('./erasures/list.tsx')).ErasureList,
  },
  {
    path: '/ledger/erasures/$erasure',
    wing: 'ledger',
    name: 'erasure',
    needed: { action: 'read', on: 'erasure' },
    icon: IconEraser,
    nav: false,
    object: 'erasure',
    words: 'ledger.erasures',
    lazy: async () => (await import('./erasures/object.tsx')).ErasurePage,
  },
  {
    path: '/ledger/verify',
    wing: 'ledger',
    name: 'verify',
    needed: { action: 'read', on: 'ledger' },
    icon: IconShieldCheck,
    nav: true,
    words: 'ledger.verify',
    lazy: async () => (await import('./verify/page.tsx')).VerifyPage,
  },
]
