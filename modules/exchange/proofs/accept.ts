import { kimchiId } from '@gatehouse/credentials/zero-knowledge/large-set'
import { toHex } from '@gatehouse/crypto/bytes'
import { nodeVerify } from '@gatehouse/crypto/node'
import { operation, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { logVkey } from '../../ledger/index.ts'
import { checkDocument } from './document.ts'
import { proofGroup } from './group.ts'
import { hasO1js } from './kimchi/o1js.ts'
import { startKimchi } from './kimchi/process.ts'
import { kimchiSystem } from './kimchi/system.ts'
import { problems } from './problems.ts'
import { documentSchema, exampleDocument, type ProofDocument, requestHashSchema, verifyMsMax } from './schema.ts'
import { insertAccepted } from './store.ts'

/** With the process in which o1js computes, for as long as it is needed and only where it is. */
async function withKimchi<T>(ctx: StepsContext, { system }: ProofDocument, act: (kimchi: Kimchi | undefined) => Promise<T>): Promise<T> {
  if (system !== kimchiId || !hasO1js(ctx.node.o1jsFolder)) return act(undefined)
  const { sha256 } = ctx.node.keys.primitives
  const worker = startKimchi({ folder: ctx.node.o1jsFolder, sha256, taskMs: verifyMsMax })
  try {
    return await act(kimchiSystem(worker, sha256))
  } finally {
    await worker.end('ended')
  }
}
type Kimchi = ReturnType<typeof kimchiSystem>

export const accept = operation({
  name: 'proofs.accept',
  summary: 'Verify a consent proof and accept it once',
  description:
    'Checks the log’s signature, the publication, the set, the age and the proof, and keeps the nullifier: the same proof, and any other for the same request and consent, is refused from then on.',
  kind: 'steps',
  input: z.strictObject({
    document: documentSchema,
    request_hash: requestHashSchema,
    verifier: z.string().min(1).max(200).describe('The name that the proof must be for.'),
    vkey: z.string().max(300).optional().describe('The key of the log, from a source you trust; this institution’s own where it is absent.'),
  }),
  output: z.strictObject({ accepted: z.literal(true), nullifier: z.string() }),
  access: { action: 'use', on: () => ({ type: 'proof' }) },
  audit: (input, { nullifier }) => ({ decision: 'permit', details: { nullifier, system: input.document.system, origin: input.document.statement.origin } }),
  http: { method: 'POST', path: '/v1/proofs/accept' },
  example: { input: { document: exampleDocument, request_hash: exampleDocument.statement.request_hash, verifier: 'northwind-bank' } },
  problems: [problems.proof_refused, problems.nullifier_replayed, problems.o1js_missing],
  async run(ctx, { document, request_hash, verifier, vkey }) {
    const { statement } = document
    const { sha256 } = ctx.node.keys.primitives
    const facts = (reason: string) => ({ decision: 'deny' as const, details: { reason, system: document.system } })
    const say = (reason: string) => refuse(problems.proof_refused, `reason: ${reason}`, facts(reason), { reason })
    if (statement.request_hash !== request_hash) return say('other_request')
    if (statement.verifier !== verifier) return say('other_verifier')
    const key = vkey ?? (await logVkey(ctx.node, ctx.tenant, document.checkpoint))
    const tools = { group: await proofGroup(), sha256, verify: nodeVerify }
    const verdict = await withKimchi(ctx, document, (kimchi) => checkDocument({ ...tools, kimchi }, document, key, ctx.now))
    if (verdict.outcome === 'refused' && verdict.reason === 'system_not_installed') return refuse(problems.o1js_missing, undefined, facts(verdict.reason))
    if (verdict.outcome === 'refused') return say(verdict.reason)
    const nullifier = toHex(verdict.nullifier)
    const row = { origin: statement.origin, verifier, nullifier: verdict.nullifier, at: ctx.now }
    const fresh = await ctx.step((tx) => insertAccepted(tx, row))
    return fresh
      ? { accepted: true as const, nullifier }
      : refuse(problems.nullifier_replayed, undefined, { decision: 'deny', details: { reason: 'nullifier_replayed', nullifier } })
  },
})
