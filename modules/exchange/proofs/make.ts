/** Making one proof for a person's consent: whoever asks has been allowed already. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Id } from '@gatehouse/core/id'
import { addSeconds, type Instant, instantOf } from '@gatehouse/core/instant'
import { commit } from '@gatehouse/credentials/zero-knowledge/commitment'
import { oneOutOfMany } from '@gatehouse/credentials/zero-knowledge/one-out-of-many'
import type { ConsentGroup, ConsentStatement } from '@gatehouse/credentials/zero-knowledge/statement'
import { compareBytes } from '@gatehouse/credentials/zero-knowledge/statement'
import { fromBase64, fromHex } from '@gatehouse/crypto/bytes'
import type { Tx } from '@gatehouse/runtime/data/db'
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
import { insertProof, type NewProof, newestPublication, type PublicationRow, type SetRow, setsOfGroup } from './store.ts'

export interface ProofRequest {
  readonly subject: Id<'subject'>
  /** As the consent names them. */
  readonly grantee: string
  readonly purpose: string
  readonly dataClass: string
  readonly requestHash: string
  readonly verifier: string
}

export interface Standing {
  readonly consent: Id<'consent'>
  readonly group: ConsentGroup
  readonly until: Instant | null
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
  const checkpoint = await covered(ctx, publication.entry_id)
  if (checkpoint === undefined) return refuse(problems.checkpoint_late)

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
      ...evidenceColumns(checkpoint),
      proof: made.proof,
      made_at: instantOf(ctx.node.source.nowMs()),
    }),
  )
  return id
}

/** The person's consent that names exactly this and stays in force for as long as the proof may count as fresh. */
export async function standingOf(
  tx: Tx,
  request: Pick<ProofRequest, 'subject' | 'grantee' | 'purpose' | 'dataClass'>,
  now: Instant,
): Promise<Standing | undefined> {
  const scope = scopeOf(request.purpose, request.dataClass)
  for (const consent of new Set((await consentsInForce(tx, request.subject, now)).map(({ id }) => id))) {
    const document = await consentDocument(tx, request.subject, consent)
    if (document === undefined || (document.until !== null && document.until <= addSeconds(now, windowSeconds))) continue
    const group = groupsOf(document)?.find((each) => each.grantee === request.grantee && each.scope === scope)
    if (group !== undefined) return { consent, group, until: document.until }
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

interface Covered {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
  /** The signed note. */
  readonly note: string
  readonly entry: Awaited<ReturnType<typeof entryEvidence>>['entries'][number]
}

/** As a proof's row keeps it. */
export function evidenceColumns({ note, entry }: Covered): Pick<NewProof, 'checkpoint' | 'entry_index' | 'entry_body' | 'entry_proof'> {
  const bytes = (text: string) => fromBase64(text) ?? new Uint8Array(0)
  return { checkpoint: note, entry_index: entry.index, entry_body: bytes(entry.body), entry_proof: entry.proof.map(bytes) }
}

/** The checkpoint follows within a second; the log itself may be behind. `undefined` where it does not come. */
export async function covered(ctx: StepsContext, entry: Id<'entry'>): Promise<Covered | undefined> {
  for (let waited = 0; ; waited += 100) {
    const evidence = await entryEvidence(ctx.node, ctx.tenant, [entry])
    const [found] = evidence.entries
    const checkpoint = parseCheckpoint(evidence.checkpoint.slice(0, evidence.checkpoint.indexOf('\n\n') + 1))
    if (found !== undefined && checkpoint !== undefined) return { ...checkpoint, note: evidence.checkpoint, entry: found }
    if (waited >= checkpointWaitMs) return undefined
    await wait(100)
  }
}
