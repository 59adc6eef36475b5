import { defineModule } from '@gatehouse/runtime/door/module'
import { listRoles } from './list-roles.ts'

export const accessModule = defineModule({ name: 'access', operations: [listRoles], problems: {} })
