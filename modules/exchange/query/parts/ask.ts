/** Other nodes are asked for their parts of a run: each once, in one transaction with the row that says so. */
import { addSeconds, type Instant } from '@gatehouse/core/instant'
import { toBase64url } from '@gatehouse/crypto/bytes'
import { sourcesByNode, unitOf } from '@gatehouse/query/plan/nodes'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import { send } from '../../federation/index.ts'
import { issueKey } from '../../linkage/index.ts'
import type { VersionRow } from '../plans/store.ts'
import { where } from '../runs/stop-words.ts'
import type { Stop } from '../runs/stops.ts'
import type { RunRow } from '../runs/store.ts'
import { behalfOfRun } from './behalf.ts'
import { contentKey } from './keys.ts'
import { partKinds } from './kinds.ts'
import { isPeer } from './peer.ts'
import { limits, type PartBody } from './schema.ts'
import { type PartRow, partsOf, putPart } from './store.ts'
import { askUnit } from './unit/ask.ts'

type Context = Pick<ActContext, 'node' | 'tenant' | 'now'>

interface Of {
  readonly run: RunRow
  readonly version: VersionRow
  /** Of the run's scratch files. */
  readonly key: Uint8Array
}

export const deadlineOf = ({ nodes }: Pick<QueryPlan, 'nodes'>, asked: Instant): Instant =>
  addSeconds(asked, (nodes?.deadline_hours ?? limits.deadlineHours) * 3_600)

/** @returns the parts, or why a node cannot be asked */
export async function askParts(ctx: Context, tx: Tx, of: Of): Promise<readonly PartRow[] | Stop> {
  const { run, version } = of
  const nodes = sourcesByNode(version.document)
  const known = await partsOf(tx, run.id, true)
  if (nodes.size === 0 || known.length > 0) return known
  const unit = unitOf(version.document)
  for (const node of [...nodes.keys(), ...(unit === undefined ? [] : [unit])]) {
    if (!(await isPeer(tx, node))) return { reason: 'node_unknown', ...where('node', { node }) }
  }
  for (const [peer, sources] of nodes) {
    const { keyId } = await issueKey(tx, ctx.node, ctx.tenant, { project: run.project_id, now: ctx.now }, peer)
    const asked = { run_id: run.id, peer, project_id: run.project_id, attempt: 1, sources: sources.map(({ as }) => as), key_id: keyId }
    const deadline_at = deadlineOf(version.document, ctx.now)
    await askPart(ctx, tx, of, { ...asked, asked_at: ctx.now, deadline_at })
    // Once, beside the first: a key of one version is everybody's.
    if (peer === [...nodes.keys()][0]) await askUnit(ctx, tx, { run, document: version.document, keyId, deadline: deadline_at })
  }
  return partsOf(tx, run.id, true)
}

type Asked = Pick<PartRow, 'run_id' | 'peer' | 'project_id' | 'attempt' | 'sources' | 'key_id' | 'asked_at' | 'deadline_at'>

export async function askPart({ node, tenant }: Context, tx: Tx, { run, version, key }: Of, part: Asked): Promise<void> {
  const body: PartBody = {
    run: run.id,
    attempt: part.attempt,
    plan: version.document,
    hash: version.hash,
    sources: [...part.sources],
    audience: run.project_id,
    key_id: part.key_id,
    content_key: toBase64url(contentKey(node.keys.primitives, key, part.peer, part.attempt)),
    deadline_at: part.deadline_at,
  }
  const message = { to: part.peer, kind: partKinds.part, thread: run.id, body, expiresAt: part.deadline_at, onBehalfOf: behalfOfRun(run) }
  await putPart(tx, { ...part, message_id: await send(tx, node, tenant, message) })
}
