/** What this node had encoded goes to the linkage unit, of all its sources at once and once for a run. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { concat, fromBase64url } from '@gatehouse/crypto/bytes'
import { hidden } from '@gatehouse/query/steps/step'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import type { DictionaryColumn } from '@gatehouse/tabular/dataset'
import { putPart, tableKey } from '../../../../custody/catalog/index.ts'
import { sealToPeer, send } from '../../../federation/index.ts'
import type { RunExecutor, StepOutcome } from '../../executor/index.ts'
import { where } from '../../runs/stop-words.ts'
import type { Stop } from '../../runs/stops.ts'
import { isPeer } from '../peer.ts'
import { encodingsFolder } from './files.ts'
import { ownKeys, wayFor } from './keys.ts'
import { type EncodingsBody, limits, unitKinds } from './schema.ts'
import { encodingOf, insertEncoding } from './store.ts'

export interface Encoded {
  readonly run: Id<'query_run'>
  /** The node that asked for the run, and what the run is called there. */
  readonly asker: string
  readonly foreignRun: Id<'query_run'>
  readonly unit: string
  readonly deadline: Instant
  readonly executor: Pick<RunExecutor, 'read'>
  /** Of this node. */
  readonly sources: readonly string[]
  readonly outputs: ReadonlyMap<string, StepOutcome>
}

/** @returns why the run ends: the unit is no peer that is approved here */
export async function sendEncodings({ node, tenant, step, now }: StepsContext, of: Encoded): Promise<Stop | undefined> {
  const { run, asker, foreignRun, unit } = of
  if ((await step((tx) => encodingOf(tx, run))) !== undefined) return undefined
  const { way } = await ownKeys(node, tenant, run)
  const folder = encodingsFolder(tenant, run)
  const tables: EncodingsBody['tables'] = {}
  for (const as of of.sources) {
    const { manifest } = of.outputs.get(`encode:${as}`) as StepOutcome
    const key = tableKey(tenant, `${folder}/${as}`, way)
    await putPart(node.blobs, node.keys.primitives, key, 'encodings', await bytesOf(of.executor, manifest))
    tables[as] = { tenant, file: key.file, records: manifest.rows }
  }
  return step(async (tx): Promise<Stop | undefined> => {
    if (!(await isPeer(tx, unit))) return { reason: 'node_unknown', ...where('node', { node: unit }) }
    if ((await encodingOf(tx, run, true)) !== undefined) return undefined
    const key = await sealToPeer(tx, node, tenant, unit, way, wayFor(asker, foreignRun))
    const body: EncodingsBody = { asker, run: foreignRun, tables, key, deadline_at: of.deadline }
    const attachments = Object.entries(tables).map(([as, { file }]) => ({ name: as, blob: `${file}/encodings` }))
    const message = { to: unit, kind: unitKinds.encodings, thread: foreignRun, body, attachments, expiresAt: of.deadline }
    const records = Object.fromEntries(Object.entries(tables).map(([as, table]) => [as, table.records]))
    await insertEncoding(tx, { run_id: run, unit, foreign_run: foreignRun, records, message_id: await send(tx, node, tenant, message), sent_at: now })
    return undefined
  })
}

async function bytesOf(executor: Pick<RunExecutor, 'read'>, manifest: StepOutcome['manifest']): Promise<Uint8Array> {
  const filters: Uint8Array[] = []
  for await (const { columns } of executor.read(manifest)) {
    const { codes, dictionary } = columns.find(({ field }) => field.name === hidden.clk) as DictionaryColumn
    for (const code of codes) {
      const filter = fromBase64url(dictionary[code] as string)
      if (filter?.length !== limits.encodingBytes) throw new RangeError('an encoding has another length than the linkage unit takes')
      filters.push(filter)
    }
  }
  return concat(...filters)
}
