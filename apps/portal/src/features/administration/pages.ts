/** The pages that keep the node running. */
import { IconDatabaseExport, IconHeartbeat, IconKey, IconProgress, IconSettings } from '@tabler/icons-react'
import type { Page } from '../page.ts'

export const administrationPages: readonly Page[] = [
  {
    path: '/administration/jobs',
    wing: 'administration',
    name: 'jobs',
    needed: { action: 'read', on: 'import' },
    icon: IconProgress,
    nav: true,
    words: 'administration.jobs',
    lazy: async () => (await import('./jobs/list.tsx')).JobList,
  },
  {
    path: '/administration/health',
    wing: 'administration',
    name: 'health',
    needed: { action: 'read', on: 'health' },
    icon: IconHeartbeat,
    nav: true,
    words: 'administration.health',
    lazy: async () => (await import('./health/health.tsx')).HealthPage,
  },
  {
    path: '/administration/backups',
    wing: 'administration',
    name: 'backups',
    needed: { action: 'read', on: 'backup' },
    icon: IconDatabaseExport,
    nav: true,
    words: 'administration.backups',
    lazy: async () => (await import('./backups/page.tsx')).BackupsPage,
  },
  {
    path: '/administration/api-keys',
    wing: 'administration',
    name: 'apiKeys',
    needed: { action: 'read', on: 'api_key', everybodys: true },
    icon: IconKey,
    nav: true,
    words: 'administration.api-keys',
    lazy: async () => (await import('./api-keys/list.tsx')).ApiKeyList,
  },
  {
    path: '/administration/settings',
    wing: 'administration',
    name: 'settings',
    needed: { action: 'update', on: 'tenant' },
    icon: IconSettings,
    nav: true,
    words: 'administration.settings',
    lazy: async () => (await import('./settings/page.tsx')).SettingsPage,
  },
]
