import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { listKeys } from './keys/list.ts'
import { retireKey } from './keys/retire.ts'
import { rotateKey } from './keys/rotate.ts'
import { linkageProblems } from './problems.ts'

export const linkageModule = defineModule({
  name: 'linkage',
  operations: [listKeys, rotateKey, retireKey],
  problems: linkageProblems,
  migrations: join(import.meta.dirname, 'migrations'),
})
