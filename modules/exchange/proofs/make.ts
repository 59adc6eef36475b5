/** Making one proof for a person's consent: whoever asks has been allowed already. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Id } from '@gatehouse/core/id'
import { addSeconds, type Instant, instantOf } from '@gatehouse/core/instant'
import { commit } from '@gatehouse/credentials/zero-knowledge/commitment'
import { oneOutOfMany } from '@gatehouse/credentials/zero-knowledge/one-out-of-many'
import type { ConsentGroup, ConsentStatement } from '@gatehouse/credentials/zero-knowledge/statement'
import { compareBytes } from '@gatehouse/credentials/zero-knowledge/statement'
import { fromBase64, fromHex } from '@gatehouse/crypto/bytes'
import { type Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { parseCheckpoint } from '@gatehouse/transparency/checkpoint'
import { consentDocument, consentsInForce } from '../../governance/consents/index.ts'
import { entryEvidence } from '../../ledger/index.ts'
import { proofGroup } from './group.ts'
import { openings } from './openings.ts'
import { problems } from './problems.ts'
import { publishSets } from './publish.ts'
import { checkpointWaitMs, reuseSeconds, windowSeconds } from './schema.ts'
import { groupsOf, scopeOf, splitMembers } from './sets.ts'
import { insertProof, newestPublication, type PublicationRow, type SetRow, setsOfGroup } from './store.ts'

export interface ProofRequest {
  readonly subject: Id<'subject'>
  /** As the consent names them. */
  readonly grantee: string
  readonly purpose: string
  readonly dataClass: string
  readonly requestHash: string
  readonly verifier: string
}

interface Standing {
  readonly consent: Id<'consent'>
  readonly group: ConsentGroup
}

export async function makeProof(ctx: StepsContext, request: ProofRequest): Promise<Id<'proof'> | Refusal> {
  const standing = await ctx.step((tx) => standingOf(tx, request, ctx.now))
  if (standing === undefined) return refuse(problems.not_in_set)
  const group = await proofGroup()
  const opening = (await ctx.step((tx) => openings(tx, ctx.node, group, request.subject)))?.(standing.consent, standing.group)
  if (opening === undefined) return refuse(problems.not_in_set)
  const own = commit(group, opening)

  const found = await setWith(ctx, standing.group, own)
  if (found === undefined) return refuse(problems.not_in_set)
  const { publication, set } = found
  const evidence = await covered(ctx, publication.entry_id)
  const [entry] = evidence.entries
  const checkpoint = parseCheckpoint(evidence.checkpoint.slice(0, evidence.checkpoint.indexOf('\n\n') + 1))
  if (entry === undefined || checkpoint === undefined) return refuse(problems.checkpoint_late)

  // Of the sets and not of this moment, which the log would show beside the act of whoever asked.
  const time = publication.published_at
  const statement: ConsentStatement = {
    origin: checkpoint.origin,
    checkpoint,
    set: { group: standing.group, members: splitMembers(set.members) },
    time,
    requestHash: fromHex(request.requestHash) ?? new Uint8Array(0),
    verifier: request.verifier,
  }
  const system = oneOutOfMany(group)
  const made = system.prove(statement, opening, ctx.node.source.randomBytes)
  if (made.outcome === 'refused') return refuse(made.reason === 'set_too_small' ? problems.set_too_small : problems.not_in_set)
  const id = ctx.newId<'proof'>()
  await ctx.step((tx) =>
    insertProof(tx, {
      id,
      publication_id: publication.id,
      place: set.place,
      system: system.id,
      nullifier: made.nullifier,
      request_hash: statement.requestHash,
      verifier: request.verifier,
      proven_for: time,
      checkpoint: evidence.checkpoint,
      entry_index: entry.index,
      entry_body: fromBase64(entry.body) ?? new Uint8Array(0),
      entry_proof: entry.proof.map((hash) => fromBase64(hash) ?? new Uint8Array(0)),
      proof: made.proof,
      made_at: instantOf(ctx.node.source.nowMs()),
    }),
  )
  return id
}

/** The person's consent that names exactly this and stays in force for as long as the proof may count as fresh. */
async function standingOf(tx: Parameters<Parameters<StepsContext['step']>[0]>[0], request: ProofRequest, now: Instant): Promise<Standing | undefined> {
  const scope = scopeOf(request.purpose, request.dataClass)
  for (const consent of new Set((await consentsInForce(tx, request.subject, now)).map(({ id }) => id))) {
    const document = await consentDocument(tx, request.subject, consent)
    if (document === undefined || (document.until !== null && document.until <= addSeconds(now, windowSeconds))) continue
    const group = groupsOf(document)?.find((each) => each.grantee === request.grantee && each.scope === scope)
    if (group !== undefined) return { consent, group }
  }
  return undefined
}

/** The newest sets if they are fresh and hold the member, else new ones. */
async function setWith(ctx: StepsContext, group: ConsentGroup, own: Uint8Array): Promise<{ publication: PublicationRow; set: SetRow } | undefined> {
  const look = async (publication: PublicationRow | undefined) => {
    if (publication === undefined || publication.published_at < addSeconds(ctx.now, -reuseSeconds)) return undefined
    const sets = await ctx.step((tx) => setsOfGroup(tx, publication.id, group))
    const set = sets.find(({ members }) => splitMembers(members).some((member) => compareBytes(member, own) === 0))
    return set && { publication, set }
  }
  return (await look(await ctx.step(newestPublication))) ?? look((await publishSets(ctx)).publication)
}

/** The checkpoint follows within a second; the log itself may be behind. */
async function covered(ctx: StepsContext, entry: Id<'entry'>): Promise<Awaited<ReturnType<typeof entryEvidence>>> {
  for (let waited = 0; ; waited += 100) {
    const evidence = await entryEvidence(ctx.node, ctx.tenant, [entry])
    if (evidence.entries.length > 0 || waited >= checkpointWaitMs) return evidence
    await wait(100)
  }
}
