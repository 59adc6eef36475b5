export { backupsModule } from './module.ts'
