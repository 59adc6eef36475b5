import { membersMin } from '@gatehouse/credentials/zero-knowledge/statement'
import type { z } from 'zod'
import { stages } from '../kimchi/tasks.ts'
import type { requestView } from './schema.ts'
import type { RequestRow } from './store.ts'

export function viewOf(row: RequestRow): z.output<typeof requestView> {
  const { id, state, stage, members, grantee, purpose, data_class, verifier, proof_id, reason, asked_at, finished_at } = row
  const told = members !== null && members >= membersMin ? members : null
  return { id, state, stage, stages: stages.length, members: told, grantee, purpose, data_class, verifier, proof: proof_id, reason, asked_at, finished_at }
}
