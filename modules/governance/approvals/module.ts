import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { listApprovals } from './list.ts'
import { approvalsProblems } from './problems.ts'
import { withdrawApproval } from './withdraw.ts'

export const approvalsModule = defineModule({
  name: 'approvals',
  operations: [listApprovals, withdrawApproval],
  problems: approvalsProblems,
  migrations: join(import.meta.dirname, 'migrations'),
})
