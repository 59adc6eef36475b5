import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { credentialView, typesMax, typeView } from '../schema.ts'
import { listCredentials as find, listTypes } from '../store.ts'
import { credentialViewOf, typeViewOf } from '../view.ts'

export const listCredentials = operation({
  name: 'credentials.list',
  summary: 'List the credentials that were issued, newest first',
  input: z.strictObject({ ...pageQuery, cursor: idSchema('credential').optional(), subject: idSchema('subject').optional() }),
  output: pageSchema(credentialView),
  access: { action: 'read', on: () => ({ type: 'credential' }) },
  audit: { none: 'shows types, times and random ids, and no claim' },
  http: { method: 'GET', path: '/v1/credentials' },
  example: { input: { limit: 20 } },
  async run({ tx }, { cursor, subject, limit }) {
    const rows = await find(tx, { subject, before: cursor }, limit + 1)
    const data = rows.slice(0, limit).map(credentialViewOf)
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})

const ownMax = 200

export const listMine = operation({
  name: 'credentials.mine',
  summary: 'Show which credentials one can fetch, and which one has',
  input: z.strictObject({}),
  output: z.strictObject({ types: z.array(typeView), credentials: z.array(credentialView) }),
  access: { action: 'read', on: (_input, { subject }) => ({ type: 'own_credential', ...(subject === undefined ? {} : { owner: subject }) }) },
  audit: { none: 'shows the person types and times of their own, and no claim' },
  http: { method: 'GET', path: '/v1/me/credentials' },
  example: { input: {} },
  problems: [doorProblems.not_found],
  async run({ tx, node, tenant, principal: { subject } }) {
    if (subject === undefined) return refuse(doorProblems.not_found)
    const [types, rows] = await Promise.all([listTypes(tx, typesMax), find(tx, { subject, before: undefined }, ownMax)])
    const open = types.filter(({ retired_at, self_service }) => self_service && retired_at === null)
    return { types: open.map((row) => typeViewOf(node, tenant, row)), credentials: rows.map(credentialViewOf) }
  },
})
