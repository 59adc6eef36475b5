/** "Who may, and why?" and "what may this one do?", each with the path that grants. */

import { instantOf } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { check } from '@gatehouse/policy/relations/check'
import type { CompiledSchema } from '@gatehouse/policy/relations/compile-schema'
import { lookupSubjects } from '@gatehouse/policy/relations/lookup'
import { type Asked, answerOf, missingIn, type PathStep, type Proof, pathOf } from '@gatehouse/policy/relations/proof'
import { objectText, subjectText } from '@gatehouse/policy/relations/relationship'
import { MemoryTuples } from '@gatehouse/policy/relations/tuples'
import { operation, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { areas, staffActions } from './areas.ts'
import { objectsOf } from './authorize.ts'
import { baseTuples, mayDo, schemaWith } from './model.ts'
import type { ResourceType } from './resource-types.ts'
import { actionSchema, answerSchema, areaSchema, limits, scopeSchema, stepSchema } from './schema.ts'
import { scopedEdges } from './scopes.ts'
import { standingOf } from './standing.ts'
import { conditionsOf, tuplesBehind } from './store.ts'
import { tuplesFrom } from './tuple-row.ts'

const facts = z.strictObject({
  sensitivity: z.int().optional(),
  category: z.string().max(200).optional(),
  consent_scope: z.string().max(200).optional(),
  purpose: z.string().max(200).optional(),
})
const scoped = { scope: scopeSchema.optional() }
/** In an address a scope is `project/<id>`. */
const scopeText = z
  .string()
  .regex(/^(product|project)\/[0-9a-f-]{36}$/, 'a product or project, such as project/0198c1de-7b3a-7c4d-8e5f-000000000001')
  .optional()
const scopeOf = (text: string | undefined) => {
  const [kind, id] = text?.split('/') ?? []
  return id === undefined || (kind !== 'product' && kind !== 'project') ? undefined : ({ kind, id } as const)
}

const verdict = z.strictObject({
  answer: answerSchema,
  /** From the thing to the person; empty where nothing grants. */
  path: z.array(stepSchema),
  /** What a condition needs to be told before it can answer. */
  needs: z.array(z.string()),
})

export const checkAccess = operation({
  name: 'access.check',
  summary: 'Ask whether a member of the staff may do something, and why',
  description: 'It is answered by what the person holds now. Facts are what a condition may ask about the thing; without them the answer may be `conditional`.',
  input: z.strictObject({ user: idSchema('user'), area: areaSchema, action: actionSchema, ...scoped, facts: facts.optional() }),
  output: verdict,
  access: { action: 'read', on: (input, principal) => ({ type: 'role', ...(input.user === principal.id ? { owner: principal.id } : {}) }) },
  audit: { none: 'A question about colleagues’ rights; nothing about a person concerned is asked or told.' },
  http: { method: 'POST', path: '/v1/access/check' },
  example: { input: { user: '01980000-0000-7000-8000-0000000000aa', area: 'policy', action: 'publish' } },
  async run(ctx, { user, area, action, scope, facts: told }) {
    const resource = { type: area, ...(scope === undefined ? {} : { scope }) }
    const { proof, schema } = await standingOf(ctx.node).proveIn(ctx.tx, ctx.tenant, objectsOf(resource), mayDo(action), { type: 'staff', id: user })
    return verdictOf(schema, proof, askedBy(ctx, told))
  },
})

const right = z.strictObject({ area: z.string(), action: actionSchema, ...verdict.shape })

export const whatMay = operation({
  name: 'access.what',
  summary: 'List what a member of the staff may do, and why',
  description: 'Every area and action of the institution, or of one product or project. What is only ever one’s own (sessions, views) is not listed.',
  input: z.strictObject({ user: idSchema('user'), scope: scopeText }),
  output: z.strictObject({ data: z.array(right) }),
  access: { action: 'read', on: (input, principal) => ({ type: 'role', ...(input.user === principal.id ? { owner: principal.id } : {}) }) },
  audit: { none: 'A question about colleagues’ rights; nothing about a person concerned is asked or told.' },
  http: { method: 'GET', path: '/v1/access/what' },
  example: { input: { user: '01980000-0000-7000-8000-0000000000aa' } },
  run: async (ctx, { user, scope }) => ({ data: await rightsHeld(ctx, { type: 'staff', id: user }, scopeOf(scope)) }),
})

export const whoMay = operation({
  name: 'access.who',
  summary: 'List who of the staff may do something, and why',
  description: `At most ${limits.namedMax} people are named; \`more\` says that there are others.`,
  input: z.strictObject({ area: areaSchema, action: actionSchema, scope: scopeText }),
  output: z.strictObject({ data: z.array(z.strictObject({ user: z.string(), ...verdict.shape })), more: z.boolean() }),
  access: { action: 'read', on: () => ({ type: 'role' }) },
  audit: { none: 'A question about colleagues’ rights; nothing about a person concerned is asked or told.' },
  http: { method: 'GET', path: '/v1/access/who' },
  example: { input: { area: 'policy', action: 'publish' } },
  async run(ctx, { area, action, scope: text }) {
    const scope = scopeOf(text)
    const objects = objectsOf({ type: area, ...(scope === undefined ? {} : { scope }) })
    const there = scopedEdges(objects, [baseTuples])
    const seeds = [...objects, ...objects.flatMap((object) => baseTuples.onward(object).map(({ subject }) => subject)), ...there.map(({ subject }) => subject)]
    const rowsMax = limits.namedMax * 20
    const [conditions, rows] = await Promise.all([conditionsOf(ctx.tx, ctx.tenant), tuplesBehind(ctx.tx, ctx.tenant, seeds, rowsMax)])
    const schema = schemaWith(conditions)
    const own = tuplesFrom(schema, rows)
    const ownThere = scopedEdges(objects, [own])
    const more = await tuplesBehind(
      ctx.tx,
      ctx.tenant,
      ownThere.map(({ subject }) => subject),
      rowsMax,
    )
    const tuples = new MemoryTuples(schema, [...baseTuples, ...own, ...there, ...ownThere, ...tuplesFrom(schema, more)])
    const asked = askedBy(ctx)
    const people = new Map<string, Proof>()
    for (const object of objects) {
      for (const { of, proof } of lookupSubjects(schema, tuples, object, mayDo(action), 'staff', asked).found) if (!people.has(of.id)) people.set(of.id, proof)
    }
    const named = [...people].sort(([one], [other]) => (one < other ? -1 : 1))
    return {
      data: named.slice(0, limits.namedMax).map(([user, proof]) => ({ user, ...verdictOf(schema, proof, asked) })),
      more: named.length > limits.namedMax || rows.length === rowsMax,
    }
  },
})

/** Rights of a subject in every area, each with its path. One look at the database, whatever the number of areas. */
export async function rightsHeld(
  ctx: TransactionContext,
  subject: { type: string; id: string; relation?: string },
  scope?: { kind: 'product' | 'project'; id: string },
) {
  const objects = areas.map((area) => ({ area, objects: objectsOf({ type: area, ...(scope === undefined ? {} : { scope }) }) }))
  const standing = standingOf(ctx.node)
  const { schema, tuples } = await standing.around(
    ctx.tx,
    ctx.tenant,
    objects.flatMap((one) => one.objects),
    subject,
  )
  const asked = askedBy(ctx)
  return objects.flatMap(({ area, objects: on }) =>
    staffActions(area).flatMap((action) => {
      const verdicts = on.map((object) => verdictOf(schema, check(schema, tuples, object, mayDo(action), subject), asked))
      const best = verdicts.find(({ answer }) => answer === 'yes') ?? verdicts.find(({ answer }) => answer === 'conditional')
      return best === undefined ? [] : [{ area: area as ResourceType, action, ...best }]
    }),
  )
}

function verdictOf(schema: CompiledSchema, proof: Proof, asked: Asked): z.output<typeof verdict> {
  const answer = answerOf(schema, proof, asked)
  if (answer === 'no') return { answer: 'no', path: [], needs: [] }
  if (answer === 'unknown') return { answer: 'conditional', path: [], needs: missingIn(schema, proof, asked) }
  return { answer: 'yes', path: (pathOf(schema, proof, asked) ?? []).map((step) => stepOf(schema, step)), needs: [] }
}

function stepOf(schema: CompiledSchema, { edge }: PathStep): z.output<typeof stepSchema> {
  return {
    object: objectText(edge.object),
    relation: edge.relation,
    subject: subjectText(edge.subject),
    condition: edge.caveat === undefined ? null : (schema.caveats.get(edge.caveat)?.text ?? null),
    ends_at: edge.expiresAtMs === undefined ? null : instantOf(edge.expiresAtMs),
  }
}

const askedBy = ({ now, nowMs }: Pick<TransactionContext, 'now' | 'nowMs'>, told: object = {}): Asked => ({ context: { ...told, now }, nowMs })
