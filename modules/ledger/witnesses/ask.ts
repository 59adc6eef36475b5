/**
 * Asks the witnesses of each log to cosign its newest checkpoint. Apart from the sequencer: a witness that is slow or away holds no
 * checkpoint up. Each is told from where on it has to be convinced; what it answers counts only after its signature was verified.
 */
import type { Id } from '@gatehouse/core/id'
import { nodeVerify } from '@gatehouse/crypto/node'
import { momentOf } from '@gatehouse/runtime/base/context'
import { EgressError } from '@gatehouse/runtime/data/egress'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { openNote, parseNoteKey } from '@gatehouse/transparency/note'
import { consistencyProof, consistencyTiles } from '@gatehouse/transparency/proof'
import { formatAddCheckpoint } from '@gatehouse/transparency/witness'
import { witnessAskMs, witnessBytesMax, witnessTimeoutMs } from '../schema.ts'
import { type HeadRow, readHead, tileReader } from '../store.ts'
import { insertCosignature, listWitnesses, noteAsked, type WitnessRow, witnessedTenants } from './store.ts'

/** Asks every witness that has not cosigned its log's newest checkpoint. @returns how many cosigned */
export async function askWitnesses(node: Node): Promise<number> {
  const tenants = await node.database.transaction('node', witnessedTenants)
  const asked = await Promise.all(tenants.map((tenant) => askFor(node, tenant)))
  return asked.reduce((sum, count) => sum + count, 0)
}

async function askFor(node: Node, tenant: Id<'tenant'>): Promise<number> {
  const { head, witnesses } = await node.database.transaction(tenant, async (tx) => {
    const [newest, all] = await Promise.all([readHead(tx), listWitnesses(tx)])
    return { head: newest, witnesses: all }
  })
  if (head === undefined) return 0
  const behind = witnesses.filter(({ cosigned_size }) => (cosigned_size ?? 0) < head.size)
  const answers = await Promise.all(behind.map((witness) => askOne(node, tenant, head, witness)))
  return answers.filter(Boolean).length
}

async function askOne(node: Node, tenant: Id<'tenant'>, head: HeadRow, witness: WitnessRow): Promise<boolean> {
  let seen = Math.min(witness.seen_size, head.size)
  let fault: string | null = null
  let line: string | undefined
  try {
    let answer = await send(seen)
    // It is elsewhere than was thought, and says where: once more from there.
    const size = answer.status === 409 && /^(?:0|[1-9][0-9]*)\n$/.test(answer.body) ? Number(answer.body) : undefined
    if (size !== undefined && size !== seen && size <= head.size) {
      seen = size
      answer = await send(size)
    }
    if (answer.status === 200) line = cosignatureIn(answer.body)
    if (line !== undefined) seen = head.size
    else if (answer.status === 200) fault = 'its answer holds no valid cosignature of this checkpoint'
    else if (size !== undefined && size > head.size) fault = `it has cosigned ${size} entries, more than this log has`
    else fault = `it answered with status ${answer.status}`
  } catch (error) {
    if (!(error instanceof EgressError)) throw error
    fault = error.message
  }
  const at = momentOf(node.source).now
  await node.database.transaction(tenant, async (tx) => {
    await Promise.all([noteAsked(tx, witness.id, seen, fault, at), ...(line === undefined ? [] : [insertCosignature(tx, head.size, witness.id, line, at)])])
  })
  if (fault !== null && fault !== witness.fault) node.log.warn({ tenant, witness: witness.id, fault }, 'a witness did not cosign')
  return line !== undefined

  async function send(oldSize: number) {
    const proof = await node.database.transaction(tenant, async (tx) =>
      oldSize === 0 || oldSize === head.size
        ? []
        : consistencyProof(node.keys.primitives.sha256, oldSize, head.size, await tileReader(tx, consistencyTiles(oldSize, head.size))),
    )
    return node.egress.send(`${witness.url}/add-checkpoint`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: formatAddCheckpoint({ oldSize, proof, note: head.note }),
      timeoutMs: witnessTimeoutMs,
      bytesMax: witnessBytesMax,
    })
  }

  function cosignatureIn(body: string): string | undefined {
    const key = parseNoteKey(node.keys.primitives.sha256, witness.vkey)
    const opened = key === undefined ? undefined : openNote(nodeVerify, head.note + body, [key])
    return opened?.outcome === 'opened' ? opened.cosignatures[0]?.line : undefined
  }
}

export const witnessing: Loop = {
  name: 'ledger.witnessing',
  idleMs: witnessAskMs,
  async run(node) {
    await askWitnesses(node)
    return false
  },
}
