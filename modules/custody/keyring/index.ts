export { keyringModule } from './module.ts'
export { certificatesKeyName, secretOf } from './schema.ts'
