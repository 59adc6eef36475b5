export { allowed, type Grant, grantFor } from './allowed.ts'
export { accessMatrix } from './matrix.ts'
export { accessModule } from './module.ts'
export { type ResourceType, type RoleName, roleNames, staffRoles } from './roles.ts'
