export { within } from './boundaries.ts'
export { inEachTenant } from './each.ts'
export { addTenant, ensureTenant } from './ensure.ts'
export { tenancyModule } from './module.ts'
export {
  defaultTenant,
  type Tenant,
  type TenantSettings,
  tenantNameSchema,
  tenantSlugSchema,
  timezoneSchema,
  type WorkingHours,
  weekdays,
  workingHoursSchema,
} from './schema.ts'
export { listTenants, readOwnTenant } from './store.ts'
