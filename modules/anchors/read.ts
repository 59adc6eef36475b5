import { Problem } from '@gatehouse/core/problem'
import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { toBase64 } from '@gatehouse/crypto/bytes'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { consistencyOf, logOriginOf } from '../ledger/index.ts'
import { type AnchorView, anchorView, exportMax, fileSchema } from './schema.ts'
import { anchorStates } from './states.ts'
import { type AnchorRow, anchorById, confirmedAnchors, listAnchors, listTargets } from './store.ts'

const opaque = 'shows sizes and roots of the log, and nothing about a person'

export const list = operation({
  name: 'anchors.list',
  summary: 'List anchors, newest first',
  input: z.strictObject({
    ...pageQuery,
    cursor: idSchema('anchor').optional(),
    target: idSchema('anchor_target').optional(),
    state: z.enum(anchorStates).optional(),
  }),
  output: pageSchema(anchorView),
  access: { action: 'read', on: () => ({ type: 'anchor' }) },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/anchors' },
  example: { input: { limit: 20 } },
  async run({ tx }, { cursor, limit, target, state }) {
    const rows = await listAnchors(tx, { before: cursor, target, state }, limit + 1)
    const data = rows.slice(0, limit).map(viewOf)
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})

export const read = operation({
  name: 'anchors.read',
  summary: 'Read one anchor, with its checkpoint and receipt',
  description: 'The receipt of a chain tells block, event and what it cost; that of an authority holds the token (RFC 3161, DER in base64).',
  input: z.strictObject({ anchor: idSchema('anchor') }),
  output: anchorView.extend({
    kind: z.enum(['evm', 'time_stamp']),
    target_name: z.string(),
    root: z.base64(),
    checkpoint: z.string(),
    receipt: z.record(z.string(), z.unknown()).nullable(),
  }),
  access: { action: 'read', on: () => ({ type: 'anchor' }) },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/anchors/:anchor' },
  example: { input: { anchor: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run({ tx }, { anchor }) {
    const [row, targets] = await Promise.all([anchorById(tx, anchor), listTargets(tx)])
    const target = targets.find(({ id }) => id === row?.target_id)
    if (row === undefined || target === undefined) throw new Problem(doorProblems.not_found)
    const { root, checkpoint, receipt } = row
    return { ...viewOf(row), kind: target.kind, target_name: target.name, root: toBase64(root), checkpoint, receipt: receipt && { ...receipt } }
  },
})

export const file = operation({
  name: 'anchors.file',
  summary: 'Take the confirmed anchors away as a file that verifies offline',
  description: 'With the proofs that each anchored checkpoint continues the one before. `gatehouse-verify anchor` checks it.',
  input: z.strictObject({}),
  output: fileSchema,
  access: { action: 'read', on: () => ({ type: 'anchor' }) },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/anchors/file' },
  example: { input: {} },
  async run({ tx, node, tenant }) {
    const all = (await confirmedAnchors(tx, exportMax)).reverse()
    // Of the log as it goes on now: anchors of one that had to end stand in the list.
    const origin = logOriginOf(tenant, all.at(-1)?.checkpoint ?? '')
    const rows = all.filter(({ checkpoint }) => checkpoint.startsWith(`${origin}\n`))
    const sizes = [...new Set(rows.map(({ size }) => size))].sort((left, right) => left - right)
    const consistency: { from: number; to: number; proof: string[] }[] = []
    for (const [at, to] of sizes.entries()) {
      const from = sizes[at - 1]
      if (from !== undefined) consistency.push({ from, to, proof: (await consistencyOf(tx, node, from, to)).map(toBase64) })
    }
    return {
      format: 'gatehouse-anchors' as const,
      version: 1 as const,
      origin,
      anchors: rows.map(({ kind, size, root, checkpoint, receipt }) => ({ kind, size, root: toBase64(root), checkpoint, receipt: { ...receipt } })),
      consistency,
    }
  },
})

function viewOf(row: AnchorRow): AnchorView {
  const { id, target_id, size, state, attempts, losses, depth, fault, last_error, created_at, sent_at, confirmed_at, looked_at } = row
  // A token is in the file; here it would only be long.
  const { token: _, ...reference } = row.reference ?? {}
  const told = { id, target: target_id, size, state, attempts, losses, depth, fault, last_error, created_at, sent_at, confirmed_at, looked_at }
  return { ...told, reference: row.reference && reference }
}
