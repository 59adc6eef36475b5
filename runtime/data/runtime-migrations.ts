import { join } from 'node:path'
import type { MigrationSet } from './migrate.ts'

/** The runtime's own tables; they come before every module's. */
export const runtimeMigrations: readonly MigrationSet[] = [
  { module: 'keys', directory: join(import.meta.dirname, 'migrations') },
  { module: 'work', directory: join(import.meta.dirname, '../work/migrations') },
]
