/** What a linkage unit gave back to this node, held to what was sent: a group for each encoding, and nobody twice in one source. */
import { toHex } from '@gatehouse/crypto/bytes'
import { unitOf } from '@gatehouse/query/plan/nodes'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import { groupBytes } from '@gatehouse/query/steps/group'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { readPart, TableFileError, tableKey } from '../../../../custody/catalog/index.ts'
import { where } from '../../runs/stop-words.ts'
import type { Stop } from '../../runs/stops.ts'
import { attached } from '../receive.ts'
import { groupsKey, ownKeys } from './keys.ts'
import { type EncodingRow, encodingOf } from './store.ts'

/** @returns the groups of each source, `undefined` where they are waited for or there is no unit, or why the run ends */
export async function groupsFor(
  ctx: StepsContext,
  plan: QueryPlan,
  run: EncodingRow['run_id'],
): Promise<Readonly<Record<string, Uint8Array>> | Stop | undefined> {
  if (unitOf(plan) === undefined) return undefined
  const sent = await ctx.step((tx) => encodingOf(tx, run))
  if (sent === undefined || sent.state === 'sent') return undefined
  if (sent.state === 'refused') return { reason: 'unit_refused', ...where('node_says', { node: sent.unit, reason: sent.reason ?? '' }) }
  const groups: Record<string, Uint8Array> = {}
  for (const [as, records] of Object.entries(sent.records)) {
    const bytes = await read(ctx, sent, as)
    const places = bytes === undefined ? undefined : Array.from({ length: bytes.length / groupBytes }, (_, at) => at * groupBytes)
    const distinct = new Set(places?.map((at) => toHex(bytes?.subarray(at, at + groupBytes) ?? new Uint8Array())))
    if (bytes?.length !== records * groupBytes || distinct.size !== records) return { reason: 'unit_unusable', ...where('node', { node: sent.unit }) }
    groups[as] = bytes
  }
  return groups
}

async function read({ node, tenant }: StepsContext, { run_id, groups }: EncodingRow, as: string): Promise<Uint8Array | undefined> {
  const file = groups?.[as]
  if (file === undefined) return undefined
  const { primitives } = node.keys
  const key = groupsKey(primitives, (await ownKeys(node, tenant, run_id)).way)
  try {
    return await readPart(attached(node.blobs, file), primitives, tableKey(file.tenant, file.file, key), 'groups')
  } catch (error) {
    if (error instanceof TableFileError) return undefined
    throw error
  }
}
