import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { ownPlace } from './own-place.ts'
import { tenancyProblems } from './problems.ts'
import { readTenant } from './read.ts'
import { updateTenant } from './update.ts'

export const tenancyModule = defineModule({
  name: 'tenancy',
  operations: [readTenant, updateTenant, ownPlace],
  problems: tenancyProblems,
  migrations: join(import.meta.dirname, 'migrations'),
})
