/**
 * Breaking the glass: a right that somebody takes because waiting would harm, narrow, short and seen by everybody who answers for
 * it. Its end is in the relationship itself, so it needs nobody to take it back; each use leaves an entry of its own.
 */

import { instantOf } from '@gatehouse/core/instant'
import { idSchema, pageSchema, sensitive } from '@gatehouse/core/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { writeRelations } from './change.ts'
import { areaOf, canDo } from './model.ts'
import { hasFor } from './own-role.ts'
import { accessProblems } from './problems.ts'
import { type Emergency, emergencySchema, limits } from './schema.ts'
import { standingOf } from './standing.ts'
import { emergencyForUpdate, endEmergency, insertEmergency, listEmergencyRows, lockEmergencies, openEmergencies, reviewEmergency } from './store.ts'

/** What may be taken: to see one person's record for a purpose. Rights over people, keys and settings are never an emergency. */
const takenAreas = ['staff_read', 'record'] as const

const facts = ({ id, area, action, purpose, ends_at }: Emergency) => ({ object: { kind: 'emergency', id }, purpose, details: { area, action, ends_at } })
const own = (_input: unknown, { id }: Principal) => ({ type: 'emergency', owner: id })

export const breakGlass = operation({
  name: 'access.break_glass',
  summary: 'Take a right in an emergency',
  description: `For at most ${limits.emergencyMinutesMax} minutes, for one purpose, with a reason. Those who answer for data protection are told at once, each use is an entry in the ledger, and somebody else reviews it afterwards.`,
  input: z.strictObject({
    area: z.enum(takenAreas),
    action: z.literal('read').default('read'),
    purpose: z.string().min(1).max(200),
    /** Why it cannot wait. Names no person concerned. */
    reason: sensitive(z.string().trim().min(10).max(500)),
    minutes: z.int().min(1).max(limits.emergencyMinutesMax),
  }),
  output: emergencySchema,
  access: { action: 'create', on: own },
  audit: (_input, emergency) => facts(emergency),
  http: { method: 'POST', path: '/v1/emergencies', status: 201 },
  example: {
    input: { area: 'staff_read', purpose: 'dpv:VitalInterest', reason: 'The treating physician cannot be reached and the patient is unconscious', minutes: 30 },
  },
  problems: [accessProblems.emergencies_open],
  async run(ctx, { area, action, purpose, reason, minutes }) {
    const { tx, tenant, principal } = ctx
    // Two at the same moment are counted one after the other.
    await lockEmergencies(tx, principal.id)
    if ((await openEmergencies(tx, tenant, principal.id, ctx.now)) >= limits.emergenciesOpenMax) return refuse(accessProblems.emergencies_open)
    const endsMs = ctx.nowMs + minutes * 60_000
    const emergency: Emergency = {
      id: ctx.newId<'emergency'>(),
      user: principal.id as Emergency['user'],
      area,
      action,
      purpose,
      reason,
      started_at: ctx.now,
      ends_at: instantOf(endsMs),
      ended_at: null,
      review: null,
      reviewed_by: null,
      reviewed_at: null,
    }
    await insertEmergency(tx, tenant, emergency)
    await writeRelations(tx, tenant, {
      touch: [{ ...taken(emergency), caveat: { name: 'emergency', context: { emergency: emergency.id, granted_purpose: purpose } }, expiresAtMs: endsMs }],
    })
    standingOf(ctx.node).forget(tenant)
    ctx.publish({ type: 'access.glass_broken', subject: emergency.id, data: { emergency: emergency.id, area, action, ends_at: emergency.ends_at } })
    return emergency
  },
})

export const giveBack = operation({
  name: 'access.end_emergency',
  summary: 'End an emergency right before its time',
  input: z.strictObject({ emergency: idSchema('emergency') }),
  output: emergencySchema,
  access: { action: 'delete', on: own },
  audit: (_input, emergency) => facts(emergency),
  http: { method: 'DELETE', path: '/v1/emergencies/:emergency' },
  example: { input: { emergency: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [accessProblems.emergency_over, doorProblems.not_found],
  async run(ctx, input) {
    const { tx, tenant, principal, now } = ctx
    const emergency = await emergencyForUpdate(tx, tenant, input.emergency)
    // Others than the one who took it need the right over all of them.
    if (emergency === undefined || (emergency.user !== principal.id && !(await hasFor(ctx, principal, 'delete', { type: 'emergency' }))))
      return refuse(doorProblems.not_found)
    if (emergency.ended_at !== null || emergency.ends_at <= now) return refuse(accessProblems.emergency_over)
    await endEmergency(tx, tenant, emergency.id, now)
    await writeRelations(tx, tenant, { delete: [taken(emergency)] })
    standingOf(ctx.node).forget(tenant)
    ctx.publish({ type: 'access.glass_mended', subject: emergency.id, data: { emergency: emergency.id } })
    return { ...emergency, ended_at: now }
  },
})

export const reviewGlass = operation({
  name: 'access.review_emergency',
  summary: 'Say whether an emergency was justified',
  description: 'By somebody else than the one who took it. What is not justified ends at once.',
  input: z.strictObject({ emergency: idSchema('emergency'), review: z.enum(['justified', 'not_justified']) }),
  output: emergencySchema,
  access: { action: 'update', on: () => ({ type: 'emergency' }) },
  audit: (input, emergency) => ({ ...facts(emergency), details: { review: input.review } }),
  http: { method: 'POST', path: '/v1/emergencies/:emergency/review' },
  example: { input: { emergency: '0198c1de-7b3a-7c4d-8e5f-000000000001', review: 'justified' } },
  problems: [accessProblems.emergency_over, accessProblems.emergency_own, doorProblems.not_found],
  async run(ctx, input) {
    const { tx, tenant, principal, now } = ctx
    const emergency = await emergencyForUpdate(tx, tenant, input.emergency)
    if (emergency === undefined) return refuse(doorProblems.not_found)
    if (emergency.user === principal.id) return refuse(accessProblems.emergency_own)
    if (emergency.review !== null) return refuse(accessProblems.emergency_over)
    await reviewEmergency(tx, tenant, emergency.id, input.review, principal.id, now)
    const running = emergency.ended_at === null && emergency.ends_at > now
    const ends = input.review === 'not_justified' && running
    if (ends) {
      await endEmergency(tx, tenant, emergency.id, now)
      await writeRelations(tx, tenant, { delete: [taken(emergency)] })
      standingOf(ctx.node).forget(tenant)
    }
    return { ...emergency, review: input.review, reviewed_by: principal.id as Emergency['user'], reviewed_at: now, ...(ends ? { ended_at: now } : {}) }
  },
})

export const listEmergencies = operation({
  name: 'access.emergencies',
  summary: 'List rights that were taken in emergencies, the latest first',
  description: 'Without `mine=true` those of everybody, which needs the right to see them.',
  input: z.strictObject({
    mine: z.enum(['true', 'false']).default('false'),
    cursor: idSchema('emergency').optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  }),
  output: pageSchema(emergencySchema),
  access: { action: 'read', on: (input, principal) => (input.mine === 'true' ? own(input, principal) : { type: 'emergency' }) },
  audit: { none: 'Who took which right when stands in the ledger already; it tells nothing about a person concerned.' },
  http: { method: 'GET', path: '/v1/emergencies' },
  example: { input: {} },
  async run({ tx, tenant, principal }, { mine, cursor, limit }) {
    const rows = await listEmergencyRows(tx, tenant, mine === 'true' ? principal.id : undefined, cursor, limit + 1)
    return { data: rows.slice(0, limit), next: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null }
  },
})

const taken = ({ area, action, user }: Emergency) => ({ object: areaOf(area), relation: canDo(action as 'read'), subject: { type: 'staff', id: user } })
