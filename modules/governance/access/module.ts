import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { assignRole, listHolders, unassignRole } from './assign.ts'
import { compareAccess } from './compare.ts'
import { breakGlass, giveBack, listEmergencies, reviewGlass } from './emergency.ts'
import { accessEraser } from './erase.ts'
import { checkAccess, whatMay, whoMay } from './explain.ts'
import { listRoles } from './list-roles.ts'
import { accessProblems } from './problems.ts'
import { createRole, deleteRole, updateRole } from './save-role.ts'
import { tidyLoop } from './tidy.ts'

export const accessModule = defineModule({
  name: 'access',
  operations: [
    listRoles,
    createRole,
    updateRole,
    deleteRole,
    listHolders,
    assignRole,
    unassignRole,
    checkAccess,
    whoMay,
    whatMay,
    compareAccess,
    breakGlass,
    giveBack,
    reviewGlass,
    listEmergencies,
  ],
  problems: accessProblems,
  migrations: join(import.meta.dirname, 'migrations'),
  loops: [tidyLoop],
  erasers: [accessEraser],
})
