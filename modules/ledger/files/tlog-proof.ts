import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { utf8 } from '@gatehouse/crypto/bytes'
import { type FileAnswer, operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { inclusionProof, inclusionTiles } from '@gatehouse/transparency/proof'
import { formatTlogProof } from '@gatehouse/transparency/tlog-proof'
import { z } from 'zod'
import { ledgerProblems } from '../problems.ts'
import { placedEntries, readEntry, tileReader } from '../store.ts'
import { ledgerEntries, opaque, visibleTo } from '../visibility.ts'
import { publishedCheckpoint } from '../witnesses/published.ts'

export const tlogProof = operation({
  name: 'ledger.tlog_proof',
  summary: 'Take the proof of an entry away as a file',
  description:
    'C2SP tlog-proof, under the checkpoint that outsiders are shown. Its extra line holds the id of the entry; the body comes from `ledger.prove` or a bundle.',
  kind: 'steps',
  answers: 'file',
  mediaTypes: ['text/plain'],
  input: z.strictObject({ entry: idSchema('entry') }),
  output: z.custom<FileAnswer>(),
  access: { action: 'read', on: ledgerEntries },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/logs/:entry/tlog-proof' },
  example: { input: { entry: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, ledgerProblems.not_integrated],
  run: (ctx, { entry }) =>
    ctx.step(async (tx) => {
      const { node, tenant } = ctx
      const [row, shown] = await Promise.all([readEntry(tx, entry, visibleTo(ctx.principal)), publishedCheckpoint(tx, node, tenant)])
      if (row === undefined) throw new Problem(doorProblems.not_found)
      const [placed] = await placedEntries(tx, [entry])
      if (placed === undefined || placed.index >= shown.size) throw new Problem(ledgerProblems.not_integrated)
      const { index } = placed
      const readTile = await tileReader(tx, inclusionTiles(index, shown.size))
      const proof = inclusionProof(node.keys.primitives.sha256, index, shown.size, readTile)
      const file = formatTlogProof({ index, proof, checkpoint: shown.note, extra: utf8(entry) })
      return {
        name: `${entry}.tlog-proof`,
        mediaType: 'text/plain; charset=utf-8',
        chunks: (async function* () {
          yield file
        })(),
      }
    }),
})
