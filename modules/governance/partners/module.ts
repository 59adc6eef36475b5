import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { addPartnerKey } from './add-key.ts'
import { createPartner } from './create.ts'
import { expireDue } from './expire.ts'
import { listPartners } from './list.ts'
import { partnersProblems } from './problems.ts'
import { readPartner } from './read.ts'
import { removePartnerKey } from './remove-key.ts'
import { updatePartner } from './update.ts'

export const partnersModule = defineModule({
  name: 'partners',
  operations: [createPartner, listPartners, readPartner, updatePartner, addPartnerKey, removePartnerKey],
  problems: partnersProblems,
  loops: [expireDue],
  migrations: join(import.meta.dirname, 'migrations'),
})
