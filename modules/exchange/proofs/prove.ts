import type { Id } from '@gatehouse/core/id'
import { idSchema, slugSchema } from '@gatehouse/core/schema'
import { operation, Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findSubject, userIdSchema } from '../../subjects/index.ts'
import { documentOf } from './document.ts'
import { makeProof } from './make.ts'
import { problems } from './problems.ts'
import { documentSchema, type ProofDocument, requestHashSchema, verifierSchema } from './schema.ts'
import { proofById, setLeaves } from './store.ts'

const orEvery = z.union([z.literal('*'), slugSchema])

/** What is to be proven, as the consent itself names it. */
export const claim = {
  grantee: orEvery.describe('The partner’s reference as the consent names it, or `*`.'),
  purpose: z.string().min(1).max(128),
  data_class: orEvery,
  request_hash: requestHashSchema,
  verifier: verifierSchema,
}
export const claimExample = {
  grantee: 'northwind-bank',
  purpose: 'loan_application',
  data_class: 'customer',
  request_hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  verifier: 'northwind-bank',
}

const answer = z.strictObject({ id: idSchema('proof'), document: documentSchema })
const common = 'The answer holds a file that anyone can check with the key of the log, in a browser or with gatehouse-verify, without learning who it is about.'

export const prove = operation({
  name: 'proofs.prove',
  summary: 'Prove that some consent permits, without saying whose',
  description: common,
  kind: 'steps',
  input: z.strictObject({ user_id: userIdSchema, ...claim }),
  output: answer,
  access: { action: 'create', on: () => ({ type: 'proof' }) },
  // Neither the person nor the nullifier: the one would tell of the other. Nullifiers reach the log with the next batch.
  audit: (_input, { document }) => ({ details: { system: document.system } }),
  http: { method: 'POST', path: '/v1/proofs', status: 201 },
  example: { input: { user_id: 'C000001', ...claimExample } },
  problems: [problems.not_in_set, problems.set_too_small, problems.checkpoint_late],
  async run(ctx, { user_id, ...asked }) {
    const subject = await ctx.step((tx) => findSubject(tx, ctx.node, user_id))
    return subject?.status === 'active' ? made(ctx, subject.id, asked) : refuse(problems.not_in_set)
  },
})

export const proveMine = operation({
  name: 'proofs.prove_mine',
  summary: 'Prove one’s own consent without saying who one is',
  description: `For a person who signed in with an account of their own. ${common}`,
  kind: 'steps',
  input: z.strictObject(claim),
  output: answer,
  access: { action: 'use', on: (_input, { subject }) => ({ type: 'own_consent', ...(subject === undefined ? {} : { owner: subject }) }) },
  audit: (_input, { document }) => ({ details: { system: document.system } }),
  http: { method: 'POST', path: '/v1/me/proofs', status: 201 },
  example: { input: claimExample },
  problems: [problems.not_in_set, problems.set_too_small, problems.checkpoint_late, doorProblems.not_found],
  run: async (ctx, asked) => (ctx.principal.subject === undefined ? refuse(doorProblems.not_found) : made(ctx, ctx.principal.subject, asked)),
})

async function made(
  ctx: StepsContext,
  subject: Id<'subject'>,
  { data_class, request_hash, ...asked }: z.output<z.ZodObject<typeof claim>>,
): Promise<z.output<typeof answer> | Refusal> {
  const id = await makeProof(ctx, { subject, ...asked, dataClass: data_class, requestHash: request_hash })
  if (id instanceof Refusal) return id
  return { id, document: await readDocument(ctx, id) }
}

export async function readDocument(ctx: StepsContext, id: Id<'proof'>): Promise<ProofDocument> {
  return ctx.step(async (tx) => {
    const row = await proofById(tx, id)
    if (row === undefined) throw new Error('a proof was kept and cannot be read back')
    return documentOf(ctx.node.keys.primitives, row, await setLeaves(tx, row.publication_id))
  })
}
