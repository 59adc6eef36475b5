import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { idSchema, sensitive } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { factorLabel } from '../schema.ts'
import { userById } from '../store.ts'
import { factorKey } from './keys.ts'
import { stopsAdding } from './may-add.ts'
import { deleteUnconfirmed, insertFactor } from './store.ts'
import { newSeed, sealText, seedUri } from './totp.ts'

export const beginTotp = operation({
  name: 'identity.begin_totp',
  summary: 'Begin to set up an authenticator app',
  description: 'The seed is shown once, as the address that apps read from a QR code. The factor counts from the first right code on.',
  input: z.strictObject({ label: factorLabel.optional() }),
  output: z.strictObject({ factor: idSchema('factor'), uri: sensitive(z.string()) }),
  access: { action: 'create', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: (_input, { factor }) => ({ object: { kind: 'factor', id: factor } }),
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/factors/totp', status: 201 },
  example: { input: { label: 'Phone' } },
  problems: [problems.too_many_factors, doorProblems.step_up_required, problems.no_session],
  async run(ctx, { label = 'Authenticator app' }) {
    const stopped = await stopsAdding(ctx)
    if (stopped !== undefined) return stopped
    const { tx, tenant, principal, node, now } = ctx
    const { primitives } = node.keys
    const user = await userById(tx, tenant, principal.id as Id<'user'>)
    if (user === undefined) throw new Problem(doorProblems.not_found)
    await deleteUnconfirmed(tx, tenant, user.id, 'totp')
    const [id, seed] = [ctx.newId<'factor'>(), newSeed(primitives)]
    await insertFactor(tx, {
      ...{ tenant_id: tenant, id, user_id: user.id, kind: 'totp', label, created_at: now, confirmed_at: null },
      ...{ sealed: sealText(primitives, await factorKey(node, tenant), id, seed), credential_id: null, public_key: null, counter: 0, transports: [] },
    })
    return { factor: id, uri: seedUri(seed, new URL(node.addresses.origin).hostname, user.email) }
  },
})
