export { backupsModule } from './module.ts'
export { standingSchema as backupStandingSchema } from './schema.ts'
export { backupStanding } from './standing.ts'
