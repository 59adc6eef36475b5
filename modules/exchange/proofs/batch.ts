import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import { lengthPrefixed, toHex, utf8 } from '@gatehouse/crypto/bytes'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, Refusal, type StepsContext } from '@gatehouse/runtime/door/operation'
import { leafHash, rootOf } from '@gatehouse/transparency/merkle'
import { z } from 'zod'
import { consentDocument, consentsById } from '../../governance/consents/index.ts'
import { partnerById } from '../../governance/partners/index.ts'
import { listTenants } from '../../governance/tenancy/index.ts'
import { type EntryBody, readStretch } from '../../ledger/index.ts'
import { releaseGround } from '../release/index.ts'
import { recordAsNode } from './entry.ts'
import { makeProof, type ProofRequest } from './make.ts'
import { batchProofsMax, batchStretchMax, givenProofsMax, publicVerifier } from './schema.ts'
import { holdPlace, insertBatch, movePlace, waitingProofs } from './store.ts'

const consentTypes = ['consents.give', 'consents.import', 'consents.withdraw', 'consents.withdraw_mine']
const releaseTypes = ['release.authorize']
export const batchQueue = 'proofs-batch'
/** A consent that was given is proven too; of one that was withdrawn there is nothing left to prove. */
const givenType = 'consents.give'
const changesDomain = 'gatehouse/zk/consent-changes/v1'

const counts = z.strictObject({ releases: z.number().int(), consent_changes: z.number().int(), proofs: z.number().int(), unproven: z.number().int() })
const nothing = { releases: 0, consent_changes: 0, proofs: 0, unproven: 0 }

export const batch = operation({
  name: 'proofs.batch',
  summary: 'Put the proofs that wait, and proofs of new releases, into the log',
  description:
    'Reads what was released and which consents changed since the last batch, proves for each release that rests on a consent that some consent permitted it, ' +
    'and leaves one entry with the counts, the nullifiers and a root over the proofs. The node does this by itself every five minutes.',
  kind: 'steps',
  input: z.strictObject({}),
  output: counts,
  access: { action: 'publish', on: () => ({ type: 'proof' }) },
  audit: (_input, { releases, proofs }) => ({ details: { releases, proofs } }),
  http: { method: 'POST', path: '/v1/proofs/batches' },
  example: { input: {} },
  run: async (ctx) => (await batchOf(ctx)) ?? nothing,
})

/** The job. In the node's own scope it only hands the work to each institution. */
export const batchByItself = operation({
  name: 'proofs.batch_by_itself',
  summary: 'Make the next batch of each institution',
  kind: 'steps',
  input: z.strictObject({}),
  output: counts,
  access: { action: 'publish', on: () => ({ type: 'proof' }) },
  audit: { none: 'what it does stands in the log as proofs.batched; a turn that finds nothing to do leaves nothing' },
  async run(ctx) {
    if (ctx.tenant !== nodeTenant) return (await batchOf(ctx)) ?? nothing
    const tenants = await ctx.node.database.transaction('node', listTenants)
    for (const { id } of tenants) await ctx.node.database.transaction(id, (tx) => ctx.node.queue.enqueue(tx, batchQueue, { tenant: id }, { singletonKey: id }))
    return nothing
  },
})

async function batchOf(ctx: StepsContext) {
  const { from, next, entries } = await ctx.step(async (tx) => {
    const from = await holdPlace(tx)
    return { from, ...(await readStretch(tx, [...consentTypes, ...releaseTypes], from, batchStretchMax)) }
  })
  const releases = entries.map(({ body }) => body).filter(({ type, decision }) => releaseTypes.includes(type) && decision === 'permit')
  const changes = entries.filter(({ body }) => consentTypes.includes(body.type) && body.decision !== 'deny').length
  let unproven = 0
  for (const body of releases.slice(0, batchProofsMax)) {
    const asked = await ctx.step((tx) => groundOf(ctx, tx, body))
    if (asked === undefined) continue
    if ((await makeProof(ctx, asked)) instanceof Refusal) unproven++
  }
  const given = entries.flatMap(({ body }) => (body.type === givenType && body.object?.kind === 'consent' ? [body.object.id as Id<'consent'>] : []))
  for (const asked of await ctx.step((tx) => changesOf(ctx, tx, given.slice(0, givenProofsMax), from, next))) await makeProof(ctx, asked)
  return ctx.step(async (tx) => {
    // Another process may have made this batch meanwhile: then its proofs wait for the next one.
    if ((await holdPlace(tx)) !== from) return undefined
    const proofs = await waitingProofs(tx, batchProofsMax)
    await movePlace(tx, next)
    if (proofs.length + changes + releases.length === 0) return undefined
    const { sha256 } = ctx.node.keys.primitives
    const leaves = proofs.map(({ system, nullifier, proof }) => leafHash(sha256, lengthPrefixed([system, nullifier, sha256(proof)])))
    const counts = { releases: releases.length, consent_changes: changes, proofs: proofs.length, unproven }
    const id = ctx.newId<'batch'>()
    const entry = await recordAsNode(ctx, tx, 'proofs.batched', {
      object: { kind: 'batch', id },
      details: { ...counts, from, next, proofs_root: toHex(rootOf(sha256, leaves)), nullifiers: proofs.map(({ nullifier }) => toHex(nullifier)) },
    })
    await insertBatch(
      tx,
      { id, entry_id: entry, made_at: ctx.now, ...counts },
      proofs.map((proof) => proof.id),
    )
    return counts
  })
}

/**
 * What was given in this stretch of the log. The request is the stretch and not the entry: an entry tells nobody for whom and for what
 * the consent is, and its proof must not either.
 */
async function changesOf(ctx: StepsContext, tx: Tx, given: readonly Id<'consent'>[], from: number, next: number): Promise<ProofRequest[]> {
  const { sha256 } = ctx.node.keys.primitives
  const requestHash = toHex(sha256(lengthPrefixed([changesDomain, String(from), String(next)])))
  return (given.length === 0 ? [] : await consentsById(tx, given, ctx.now)).flatMap(({ subject, document }) => {
    const [grantee, purpose, dataClass] = [document.recipients[0], document.purposes[0], document.data_classes[0]]
    return grantee === undefined || purpose === undefined || dataClass === undefined
      ? []
      : [{ subject, grantee, purpose, dataClass, requestHash, verifier: publicVerifier }]
  })
}

/** What a release rested on, or `undefined` where that was no consent. Its request is the release's own entry. */
async function groundOf(ctx: StepsContext, tx: Tx, body: EntryBody): Promise<ProofRequest | undefined> {
  if (body.object?.kind !== 'release' || body.partner === undefined) return undefined
  const [ground, partner] = await Promise.all([releaseGround(tx, body.object.id as Id<'release'>), partnerById(tx, body.partner)])
  const [consent] = ground?.consents ?? []
  if (ground === undefined || consent === undefined || partner === undefined) return undefined
  const document = await consentDocument(tx, ground.subject, consent)
  const named = (words: readonly string[] | undefined, word: string) => (words?.includes(word) ? word : '*')
  return {
    subject: ground.subject,
    grantee: named(document?.recipients, partner.reference),
    // A consent to a broader purpose covers this one; the set speaks of it as the consent does.
    purpose: document?.purposes.includes(ground.purpose) ? ground.purpose : (document?.purposes[0] ?? ground.purpose),
    dataClass: named(document?.data_classes, ground.recordType),
    requestHash: toHex(ctx.node.keys.primitives.sha256(utf8(canonicalJson(body)))),
    verifier: publicVerifier,
  }
}
