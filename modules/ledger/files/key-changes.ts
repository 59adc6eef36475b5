/** How the key of a log changed, so that whoever holds the log to an earlier one can follow. */
import { toBase64 } from '@gatehouse/crypto/bytes'
import { listSigning } from '@gatehouse/runtime/data/keys/store'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { inclusionProof, inclusionTiles } from '@gatehouse/transparency/proof'
import { z } from 'zod'
import { logSecretName } from '../key.ts'
import { proofSchema } from '../schema.ts'
import { placedEntries, tileReader } from '../store.ts'
import { ledgerEntries } from '../visibility.ts'
import { publishedCheckpoint } from '../witnesses/published.ts'
import { publishedLogSchema, readingLog, whyPublic } from './serve.ts'

export const keyChanges = operation({
  name: 'ledger.key_changes',
  summary: 'Prove how the signing key of a log changed',
  description:
    'Each entry holds the signature by which the old key names the new one, and its proof under the checkpoint that outsiders are shown. Whoever holds the log to an earlier key follows with these.',
  kind: 'steps',
  input: z.strictObject({ log: publishedLogSchema }),
  output: z.strictObject({ checkpoint: z.string(), entries: z.array(proofSchema) }),
  access: { public: whyPublic },
  audit: { none: 'public keys open nothing' },
  http: { method: 'GET', path: '/logs/:log/key-changes' },
  example: { input: { log: 'node' } },
  problems: [doorProblems.not_found],
  run: (ctx, { log }) =>
    readingLog(
      ctx,
      log,
      async (tx, tenant) => {
        const [shown, rows] = await Promise.all([publishedCheckpoint(tx, ctx.node, tenant), listSigning(tx, logSecretName)])
        const placed =
          rows.length === 0
            ? []
            : await placedEntries(
                tx,
                rows.map((row) => row.entry_id),
              )
        const covered = placed.filter(({ index }) => index < shown.size)
        const readTile = await tileReader(
          tx,
          covered.flatMap(({ index }) => inclusionTiles(index, shown.size)),
        )
        return {
          checkpoint: shown.note,
          entries: covered.map(({ index, body }) => ({
            index,
            body: toBase64(body),
            proof: inclusionProof(ctx.node.keys.primitives.sha256, index, shown.size, readTile).map(toBase64),
          })),
        }
      },
      // Whoever is shown any entry of the log is shown what proves it.
      ledgerEntries(undefined, ctx.principal),
    ),
})
