/** Batches and the proofs in them, for everybody, of an institution that publishes its log. */
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { toHex } from '@gatehouse/crypto/bytes'
import { type FileAnswer, operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { entryEvidence, publishedLogSchema, readingLog } from '../../ledger/index.ts'
import { documentOf } from './document.ts'
import { publicVerifier, publishedBatchesMax } from './schema.ts'
import { batchById, listBatches, proofById, proofsOfBatch, setLeaves } from './store.ts'

const why = 'batches stand in a log that its institution has published; where it has not, they are asked for by right, and do not exist for whoever has none'
const none = 'shows commitments, nullifiers and counts, from which no person can be told'

/** What is old never changes and what is new comes every five minutes. */
const file = (value: unknown, published: boolean, seconds: number): FileAnswer => ({
  mediaType: 'application/json',
  cache: `${published ? 'public' : 'private'}, max-age=${seconds}`,
  chunks: (async function* () {
    yield JSON.stringify(value)
  })(),
})
const day = 86_400

export const publishedBatches = operation({
  name: 'proofs.published_batches',
  summary: 'List the batches of proofs of a published log as a file, newest first',
  description: 'At most a hundred; `before` goes on from the last. Each names the file with its proofs.',
  kind: 'steps',
  answers: 'file',
  mediaTypes: ['application/json'],
  input: z.strictObject({ log: publishedLogSchema, before: idSchema('batch').optional() }),
  output: z.custom<FileAnswer>(),
  access: { public: why },
  audit: { none },
  http: { method: 'GET', path: '/logs/:log/proofs', cached: true },
  example: { input: { log: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  run: (ctx, { log, before }) =>
    readingLog(ctx, log, async (tx, tenant, published) => {
      const rows = await listBatches(tx, before, publishedBatchesMax)
      const batches = rows.map(({ id, entry_id, ...counts }) => ({
        batch: id,
        entry: entry_id,
        made_at: counts.made_at,
        releases: counts.releases,
        consent_changes: counts.consent_changes,
        proofs: counts.proofs,
        unproven: counts.unproven,
        file: `/logs/${tenant}/proofs/batches/${id}`,
      }))
      return file({ format: 'gatehouse-proof-batches', version: 1, batches, next: rows.length < publishedBatchesMax ? null : rows.at(-1)?.id }, published, 60)
    }),
})

export const publishedBatch = operation({
  name: 'proofs.published_batch',
  summary: 'Read one batch of proofs of a published log as a file',
  description:
    'The entry with its path to a checkpoint, and of each proof the system, nullifier and digest that make up `proofs_root`. Proofs for the public are named by their file.',
  kind: 'steps',
  answers: 'file',
  mediaTypes: ['application/json'],
  input: z.strictObject({ log: publishedLogSchema, batch: idSchema('batch') }),
  output: z.custom<FileAnswer>(),
  access: { public: why },
  audit: { none },
  http: { method: 'GET', path: '/logs/:log/proofs/batches/:batch', cached: true },
  example: { input: { log: '0198c1de-7b3a-7c4d-8e5f-000000000001', batch: '0198c1de-7b3a-7c4d-8e5f-000000000002' } },
  problems: [doorProblems.not_found],
  async run(ctx, { log, batch }) {
    const found = await readingLog(ctx, log, async (tx, tenant, published) => {
      const row = await batchById(tx, batch)
      if (row === undefined) throw new Problem(doorProblems.not_found)
      return { tenant, published, row, proofs: await proofsOfBatch(tx, batch) }
    })
    const { sha256 } = ctx.node.keys.primitives
    const { checkpoint, entries } = await entryEvidence(ctx.node, found.tenant, [found.row.entry_id])
    const proofs = found.proofs.map(({ id, system, nullifier, proof, verifier }) => ({
      system,
      nullifier: toHex(nullifier),
      proof_sha256: toHex(sha256(proof)),
      file: verifier === publicVerifier ? `/logs/${found.tenant}/proofs/files/${id}` : null,
    }))
    // Before the first checkpoint over it there is no evidence yet, and the file is not to be kept.
    return file({ format: 'gatehouse-proof-batch', version: 1, entry: entries[0] ?? null, checkpoint, proofs }, found.published, entries.length === 0 ? 0 : day)
  },
})

export const publishedProof = operation({
  name: 'proofs.published_proof',
  summary: 'Read a proof that is for the public, of a published log, as a file that verifies offline',
  kind: 'steps',
  answers: 'file',
  mediaTypes: ['application/json'],
  input: z.strictObject({ log: publishedLogSchema, proof: idSchema('proof') }),
  output: z.custom<FileAnswer>(),
  access: { public: why },
  audit: { none },
  http: { method: 'GET', path: '/logs/:log/proofs/files/:proof', cached: true },
  example: { input: { log: '0198c1de-7b3a-7c4d-8e5f-000000000001', proof: '0198c1de-7b3a-7c4d-8e5f-000000000002' } },
  problems: [doorProblems.not_found],
  run: (ctx, { log, proof }) =>
    readingLog(ctx, log, async (tx, _tenant, published) => {
      const row = await proofById(tx, proof)
      // A proof for one verifier is that verifier's to show; and before its batch it would tell when it was made.
      if (row === undefined || row.verifier !== publicVerifier || row.batch_id === null) throw new Problem(doorProblems.not_found)
      return file(documentOf(ctx.node.keys.primitives, row, await setLeaves(tx, row.publication_id)), published, 365 * day)
    }),
})
