import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { readTenant } from './read.ts'
import { updateTenant } from './update.ts'

export const tenancyModule = defineModule({
  name: 'tenancy',
  operations: [readTenant, updateTenant],
  problems: {},
  migrations: join(import.meta.dirname, 'migrations'),
})
