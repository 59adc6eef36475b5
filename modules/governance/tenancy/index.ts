export { ensureTenant } from './ensure.ts'
export { tenancyModule } from './module.ts'
export { defaultTenant, type Tenant, type TenantSettings } from './schema.ts'
export { listTenants } from './store.ts'
