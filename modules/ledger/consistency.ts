import { Problem } from '@gatehouse/core/problem'
import { toBase64 } from '@gatehouse/crypto/bytes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { operation } from '@gatehouse/runtime/door/operation'
import { consistencyProof, consistencyTiles } from '@gatehouse/transparency/proof'
import { z } from 'zod'
import { ledgerProblems } from './problems.ts'
import { indexSchema } from './schema.ts'
import { readHead, tileReader } from './store.ts'
import { ledgerEntries, opaque } from './visibility.ts'

export const consistency = operation({
  name: 'ledger.consistency',
  summary: 'Prove that the log at one size begins with the log at an earlier size',
  input: z.strictObject({ from: indexSchema, to: indexSchema.optional().describe('The size of the newest checkpoint unless given.') }),
  output: z.strictObject({ from: z.number().int(), to: z.number().int(), proof: z.array(z.base64()) }),
  access: { action: 'read', on: ledgerEntries },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/ledger/consistency' },
  example: { input: { from: 1 } },
  problems: [ledgerProblems.beyond_log],
  async run({ tx, node }, { from, to: asked }) {
    const size = (await readHead(tx))?.size ?? 0
    const to = asked ?? size
    if (from < 1 || from > to || to > size) throw new Problem(ledgerProblems.beyond_log, `asked from ${from} to ${to}; the log has ${size} entries`)
    return { from, to, proof: (await consistencyOf(tx, node, from, to)).map(toBase64) }
  },
})

/** For sizes of which the log has signed none smaller than 1 and none larger than its head. */
export async function consistencyOf(tx: Tx, node: Node, from: number, to: number): Promise<Uint8Array[]> {
  const readTile = await tileReader(tx, consistencyTiles(from, to))
  return consistencyProof(node.keys.primitives.sha256, from, to, readTile)
}
