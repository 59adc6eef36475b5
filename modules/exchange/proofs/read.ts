import { Problem } from '@gatehouse/core/problem'
import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { documentOf } from './document.ts'
import { batchView, documentSchema, proofView, publicationView } from './schema.ts'
import { listBatches, listProofs, newestPublication, proofById, setLeaves } from './store.ts'
import { proofViewOf, setViews } from './view.ts'

const opaque = 'shows commitments, nullifiers and counts, from which no person can be told'

export const list = operation({
  name: 'proofs.list',
  summary: 'List consent proofs, newest first',
  input: z.strictObject({ ...pageQuery, cursor: idSchema('proof').optional(), batch: idSchema('batch').optional() }),
  output: pageSchema(proofView),
  access: { action: 'read', on: () => ({ type: 'proof' }) },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/proofs' },
  example: { input: { limit: 20 } },
  async run({ tx }, { cursor, batch, limit }) {
    const rows = await listProofs(tx, { before: cursor, batch }, limit + 1)
    const data = rows.slice(0, limit).map(proofViewOf)
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})

export const read = operation({
  name: 'proofs.read',
  summary: 'Read a consent proof as a file that verifies offline',
  input: z.strictObject({ proof: idSchema('proof') }),
  output: documentSchema,
  access: { action: 'read', on: () => ({ type: 'proof' }) },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/proofs/:proof' },
  example: { input: { proof: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run({ tx, node }, { proof }) {
    const row = await proofById(tx, proof)
    if (row === undefined) throw new Problem(doorProblems.not_found)
    return documentOf(node.keys.primitives, row, await setLeaves(tx, row.publication_id))
  },
})

export const sets = operation({
  name: 'proofs.sets',
  summary: 'Show the sets that were published last',
  input: z.strictObject({}),
  output: z.strictObject({ publication: publicationView.nullable() }),
  access: { action: 'read', on: () => ({ type: 'proof' }) },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/proofs/sets' },
  example: { input: {} },
  async run({ tx }) {
    const newest = await newestPublication(tx)
    return { publication: newest === undefined ? null : await setViews(tx, newest) }
  },
})

export const batches = operation({
  name: 'proofs.batches',
  summary: 'List the batches of proofs in the log, newest first',
  input: z.strictObject({ ...pageQuery, cursor: idSchema('batch').optional() }),
  output: pageSchema(batchView),
  access: { action: 'read', on: () => ({ type: 'proof' }) },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/proofs/batches' },
  example: { input: {} },
  async run({ tx }, { cursor, limit }) {
    const rows = await listBatches(tx, cursor, limit + 1)
    const data = rows.slice(0, limit).map(({ id, entry_id, made_at, releases, consent_changes, proofs, unproven }) => ({
      id,
      entry: entry_id,
      made_at,
      releases,
      consent_changes,
      proofs,
      unproven,
    }))
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})
