import { addSeconds, instantMs } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { reachesNoFurther } from '../access/index.ts'
import { keyOf } from './api-key.ts'
import { makeKey } from './make-key.ts'
import { problems } from './problems.ts'
import { apiKeySchema, limits } from './schema.ts'
import { keyById, replaceKeyRow } from './store.ts'

export const rotateKey = operation({
  name: 'identity.rotate_key',
  summary: 'Replace an API key by a new one',
  description:
    'The new key has the owner, the label, the scopes and the lifetime of the old one and is shown once. The old one goes on for the overlap, so that programs move over without a pause, and then ends.',
  input: z.strictObject({
    key: idSchema('api_key'),
    /** How long both hold; 0 ends the old key at once. */
    overlap_hours: z.number().int().min(0).max(limits.overlapHours).default(limits.overlapHoursDefault),
  }),
  output: z.strictObject({ key: z.string(), api_key: apiKeySchema, replaced: apiKeySchema }),
  access: { action: 'update', on: (input, { partner }) => ({ type: 'api_key', id: input.key, ...(partner === undefined ? {} : { owner: partner }) }) },
  audit: (_input, { api_key: key, replaced }) => ({
    object: { kind: 'api_key', id: key.id },
    details: { owner_kind: key.owner_kind, owner: key.owner, expires_at: key.expires_at, replaces: replaced.id, overlap_until: replaced.expires_at },
  }),
  secretOutput: true,
  stepUp: true,
  http: { method: 'POST', path: '/v1/api-keys/:key/rotation', status: 201 },
  example: { input: { key: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found, problems.key_of_another, problems.key_over, problems.key_reaches_further],
  async run(ctx, input) {
    const { tx, tenant, principal, now, nowMs } = ctx
    const old = await keyById(tx, tenant, input.key)
    if (old === undefined || (principal.partner !== undefined && principal.partner !== old.owner_id)) throw new Problem(doorProblems.not_found)
    // Whoever is given the new key acts as its owner: that is a partner, or whoever asks.
    if (old.owner_kind !== 'partner' && old.owner_id !== principal.id) return refuse(problems.key_of_another)
    // Operators' keys come from operators, and that of this machine is made anew at every start.
    if (old.owner_kind === 'operator' || instantMs(old.expires_at) <= nowMs) return refuse(problems.key_over)
    if (!reachesNoFurther(old.scopes ?? undefined, principal.scopes)) return refuse(problems.key_reaches_further)
    const id = ctx.newId<'api_key'>()
    const until = addSeconds(now, input.overlap_hours * 3_600)
    // Refused before the new key is written: of two who rotate at once one gets a key, and the other learns that it was replaced.
    if (!(await replaceKeyRow(tx, tenant, old.id, id, until))) return refuse(problems.key_over)
    const made = await makeKey(ctx, { ...old, id }, (instantMs(old.expires_at) - instantMs(old.created_at)) / 1_000)
    const ends = instantMs(until) < instantMs(old.expires_at) ? until : old.expires_at
    return { ...made, replaced: keyOf({ ...old, expires_at: ends, replaced_by: id }) }
  },
})
