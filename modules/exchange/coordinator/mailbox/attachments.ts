/** Attachments: sealed bytes in parts, kept for one receiver until it has taken them or their time is over. */
import { addSeconds, type Instant } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { instantSchema } from '@gatehouse/core/schema'
import type { BlobStore } from '@gatehouse/runtime/data/blobs/blob-store'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { nodeNameSchema } from '../protocol/card.ts'
import { mailboxLimits } from '../protocol/exchange.ts'
import { deleteParts, insertPart, loadOf, type PartRow, partFor } from '../store.ts'
import { bytesOf } from './bytes.ts'
import { provenNode } from './proven.ts'

const place = {
  attachment: z.uuid().transform((text) => text.toLowerCase()),
  part: z.coerce
    .number()
    .int()
    .min(0)
    .max(mailboxLimits.partsPerAttachment - 1),
}
const access = { public: 'a node proves by its signature who it is, and reaches what was left by or for it and nothing else' }
const audit = { none: 'the bytes are sealed, and the message that they belong to stands in the ledgers of the nodes on both sides' }
const faults = [problems.not_a_node, problems.clock_skew, problems.body_changed]
const example = { from: 'lakeside', attachment: '0198c1de-7b3a-7c4d-8e5f-000000000001', part: 0 }

/** Sender and part are in the name, so that no node reaches a part of another's by choosing its id. */
export const partName = ({ from_node, attachment, part }: PartRow) => `coordinator/${from_node}/${attachment}/${part}`

export const leavePart = operation({
  name: 'coordinator.leave_part',
  summary: 'Leave a part of an attachment for a node',
  kind: 'steps',
  streams: true,
  input: z.strictObject({
    ...place,
    to: nodeNameSchema,
    expires_at: instantSchema,
    body: z.custom<AsyncIterable<Uint8Array>>(),
    media_type: z.string().optional(),
  }),
  output: z.strictObject({ size: z.int() }),
  access,
  audit,
  http: { method: 'PUT', path: '/v1/coordinator/attachments/:attachment/:part' },
  problems: [...faults, problems.full, problems.part_too_large],
  async run(ctx, { attachment, part, to, expires_at, body }) {
    const bytes = await bytesOf(body, mailboxLimits.partBytes)
    const from = await provenNode(ctx, bytes)
    await keepPart({ blobs: ctx.node.blobs, now: ctx.now, step: ctx.step }, { from_node: from, attachment, part, to, expires_at }, bytes)
    return { size: bytes.length }
  },
})

interface Keeping {
  readonly blobs: BlobStore
  readonly now: Instant
  step<T>(act: (tx: Parameters<typeof loadOf>[0]) => Promise<T>): Promise<T>
}

/** The object first: a row without its object would promise what is not there. The same part again changes nothing. */
export async function keepPart(at: Keeping, part: PartRow & { to: string; expires_at: Instant }, bytes: Uint8Array): Promise<void> {
  const until = addSeconds(at.now, mailboxLimits.lifeDays * 86_400)
  if (part.expires_at <= at.now || part.expires_at > until) throw new Problem(doorProblems.input_invalid, 'expires_at is over, or too far away')
  await at.step(async (tx) => {
    const [load] = await loadOf(tx, [part.to])
    if (load?.state !== 'admitted') throw new Problem(doorProblems.not_found)
    if (load.bytes + bytes.length > mailboxLimits.bytesPerNode) throw new Problem(problems.full)
  })
  const name = partName(part)
  if ((await at.blobs.stat(name)) === undefined)
    await at.blobs.put(
      name,
      (async function* () {
        yield bytes
      })(),
    )
  await at.step((tx) => insertPart(tx, { ...part, size: bytes.length }))
}

export const takePart = operation({
  name: 'coordinator.take_part',
  summary: 'Take a part of an attachment that was left for the node',
  kind: 'steps',
  answers: 'file',
  mediaTypes: ['application/octet-stream'],
  input: z.strictObject({ from: nodeNameSchema, ...place }),
  output: z.custom<never>(),
  access,
  audit,
  http: { method: 'GET', path: '/v1/coordinator/attachments/:from/:attachment/:part' },
  example: { input: example },
  problems: [...faults, doorProblems.not_found],
  async run(ctx, { from, attachment, part }) {
    const to = await provenNode(ctx, new Uint8Array())
    const found = await partOf({ blobs: ctx.node.blobs, step: ctx.step }, to, { from_node: from, attachment, part })
    if (found === undefined) throw new Problem(doorProblems.not_found)
    return { mediaType: 'application/octet-stream', ...found } as never
  },
})

export async function partOf(
  at: Pick<Keeping, 'blobs' | 'step'>,
  to: string,
  part: PartRow,
): Promise<{ readonly size: number; readonly chunks: AsyncIterable<Uint8Array> } | undefined> {
  const size = await at.step((tx) => partFor(tx, to, part))
  const chunks = size === undefined ? undefined : await at.blobs.get(partName(part))
  return size === undefined || chunks === undefined ? undefined : { size, chunks }
}

export const dropAttachment = operation({
  name: 'coordinator.drop_attachment',
  summary: 'Let go of an attachment that the node has taken',
  kind: 'steps',
  input: z.strictObject({ from: nodeNameSchema, attachment: place.attachment }),
  output: z.strictObject({ parts: z.int() }),
  access,
  audit,
  http: { method: 'DELETE', path: '/v1/coordinator/attachments/:from/:attachment' },
  example: { input: { from: example.from, attachment: example.attachment } },
  problems: faults,
  async run(ctx, { from, attachment }) {
    const to = await provenNode(ctx, new Uint8Array())
    return { parts: await dropParts({ blobs: ctx.node.blobs, step: ctx.step }, to, from, attachment) }
  },
})

export async function dropParts(at: Pick<Keeping, 'blobs' | 'step'>, to: string, from: string, attachment: string): Promise<number> {
  const parts = await at.step((tx) => deleteParts(tx, to, from, attachment))
  await deleteObjects(at.blobs, parts)
  return parts.length
}

export async function deleteObjects(blobs: BlobStore, parts: readonly PartRow[]): Promise<void> {
  for (const part of parts) await blobs.delete(partName(part))
}
