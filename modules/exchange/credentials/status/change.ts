import { idSchema } from '@gatehouse/core/schema'
import { operation, type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { subjectById } from '../../../subjects/index.ts'
import { problems } from '../problems.ts'
import { credentialView, statuses } from '../schema.ts'
import { type CredentialRow, lockCredential, setStatus } from '../store.ts'
import { credentialViewOf } from '../view.ts'

type Status = (typeof statuses)[number]

export const changeStatus = operation({
  name: 'credentials.change_status',
  summary: 'Revoke or suspend a credential, or lift a suspension',
  description: 'It stands in the next status list that a verifier fetches. What is revoked stays revoked.',
  input: z.strictObject({ credential: idSchema('credential'), status: z.enum(statuses) }),
  output: credentialView,
  access: { action: 'update', on: () => ({ type: 'credential' }) },
  audit: () => ({}),
  http: { method: 'POST', path: '/v1/credentials/:credential/status' },
  example: { input: { credential: '0198c1de-7b3a-7c4d-8e5f-000000000001', status: 'revoked' } },
  problems: [doorProblems.not_found, problems.status_final],
  run: async (ctx, { credential, status }) => changed(ctx, await lockCredential(ctx.tx, credential), status),
})

export const revokeMine = operation({
  name: 'credentials.revoke_mine',
  summary: 'Revoke a credential about oneself',
  input: z.strictObject({ credential: idSchema('credential') }),
  output: credentialView,
  access: { action: 'update', on: (_input, { subject }) => ({ type: 'own_credential', ...(subject === undefined ? {} : { owner: subject }) }) },
  audit: () => ({}),
  http: { method: 'POST', path: '/v1/me/credentials/:credential/revoke' },
  example: { input: { credential: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, problems.status_final],
  async run(ctx, { credential }) {
    const row = await lockCredential(ctx.tx, credential)
    return changed(ctx, row?.subject_id === ctx.principal.subject ? row : undefined, 'revoked')
  },
})

async function changed(ctx: TransactionContext, row: CredentialRow | undefined, status: Status): Promise<z.output<typeof credentialView> | Refusal> {
  if (row === undefined) return refuse(doorProblems.not_found)
  const person = await subjectById(ctx.tx, row.subject_id)
  const object = { kind: 'credential', id: row.id }
  const about = { object, ...(person?.status === 'active' ? { subject: { id: person.id, commitment: person.commitment } } : {}) }
  if (row.status === 'revoked') return refuse(problems.status_final, undefined, about)
  await setStatus(ctx.tx, row, status)
  ctx.describe({ ...about, details: { type: row.type, from: row.status, status } })
  ctx.publish({ type: 'credentials.status_changed', subject: row.id, data: { credential: row.id, type: row.type, status } })
  return credentialViewOf({ ...row, status })
}
