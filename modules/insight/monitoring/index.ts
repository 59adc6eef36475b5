export { monitoringModule } from './module.ts'
export { alertLife } from './schema.ts'
