import { createHash } from 'node:crypto'
import type { Id } from '@gatehouse/core/id'
import { type Instant, instantOf } from '@gatehouse/core/instant'
import { lengthPrefixed, toHex } from '@gatehouse/crypto/bytes'
import { sodiumGroup } from '@gatehouse/crypto/group/sodium'
import { nodePrimitives, nodeVerify } from '@gatehouse/crypto/node'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { leafHash, rootOf } from '@gatehouse/transparency/merkle'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { vaultModule } from '../../custody/vault/index.ts'
import { consentsModule } from '../../governance/consents/index.ts'
import { partnersModule } from '../../governance/partners/index.ts'
import { policiesModule } from '../../governance/policies/index.ts'
import { requestsModule } from '../../governance/requests/index.ts'
import { tenancyModule } from '../../governance/tenancy/index.ts'
import { appendEntry, entryEvidence, ledgerModule, logVkey, sequence } from '../../ledger/index.ts'
import { eraseSubject, findSubject, subjectsModule } from '../../subjects/index.ts'
import { releaseModule } from '../release/index.ts'
import { accept } from './accept.ts'
import { batch } from './batch.ts'
import { checkDocument } from './document.ts'
import { proofsModule } from './index.ts'
import { prove, proveMine } from './prove.ts'
import { publish } from './publish.ts'
import { publishedBatch, publishedBatches, publishedProof } from './published.ts'
import { list, read, sets } from './read.ts'
import type { ProofDocument } from './schema.ts'
import { forgetMembers } from './store.ts'

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex')
const terms = { purposes: ['dpv:DirectMarketing'], recipients: ['harbour-bank'], data_classes: ['employee'], method: 'paper', until: '2027-11-22T00:00:00Z' }
const claim = { grantee: 'harbour-bank', purpose: 'dpv:DirectMarketing', data_class: 'employee', verifier: 'harbour-bank' }
const operationOf = (module: { operations: readonly AnyOperation[] }, name: string) =>
  module.operations.find((operation) => operation.name === name) as AnyOperation

let t: TestNode
let vkey: string
let stop = false
let sequencer: Promise<void>
const group = await sodiumGroup()
beforeAll(async () => {
  t = await testNode({
    modules: [
      ledgerModule,
      subjectsModule,
      tenancyModule,
      partnersModule,
      policiesModule,
      consentsModule,
      requestsModule,
      vaultModule,
      releaseModule,
      proofsModule,
    ],
    plugs: { append: appendEntry },
  })
  vkey = await logVkey(t.door.node, t.tenant)
  await done(operationOf(partnersModule, 'partners.create'), { reference: 'harbour-bank', name: 'Harbour Bank' })
  const people = Array.from({ length: 33 }, (_, index) => ({ user_id: `P${index}`, ...terms }))
  await done(operationOf(consentsModule, 'consents.import'), { consents: people })
  for (const user_id of ['S1', 'S2']) await done(operationOf(consentsModule, 'consents.give'), { user_id, ...terms, data_classes: ['customer'] })
  // A checkpoint follows each publication, as on a running node.
  sequencer = (async () => {
    while (!stop) {
      await sequence(t.door.node)
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  })()
})
afterAll(async () => {
  stop = true
  await sequencer
  await t.close()
})

const enter = (operation: AnyOperation, input: unknown, principal = t.admin) => t.door.enter(operation, input, principal)
// biome-ignore lint/suspicious/noExplicitAny: answers of every operation
const done = async (operation: AnyOperation, input: unknown, principal = t.admin): Promise<any> => {
  const answer = await enter(operation, input, principal)
  if (answer.outcome !== 'done') throw new Error(`${operation.name}: ${JSON.stringify(answer)}`)
  return answer.output
}
const refused = async (operation: AnyOperation, input: unknown, principal = t.admin) => {
  const answer = await enter(operation, input, principal)
  return answer.outcome === 'refused' ? answer.problem.document() : answer
}
const check = (document: ProofDocument, key = vkey, now?: Instant) =>
  checkDocument({ group, sha256: nodePrimitives.sha256, verify: nodeVerify }, document, key, now)
/** Until the log covers all that was written. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 400))
const subjectOf = async (user_id: string) => {
  const subject = await t.database.transaction(t.tenant, (tx) => findSubject(tx, t.door.node, user_id))
  return subject?.id as Id<'subject'>
}

describe('a proof that cannot be made', () => {
  const asked = { ...claim, request_hash: sha256Hex('refused') }

  it('is refused for a person without such a consent, an unknown one and an erased one alike', async () => {
    for (const changes of [{ user_id: 'nobody' }, { user_id: 'P0', purpose: 'dpv:Advertising' }, { user_id: 'P0', grantee: '*' }, { user_id: 'S1' }]) {
      expect(await refused(prove, { ...asked, ...changes })).toMatchObject({ type: '/problems/proofs/not-in-set', status: 409 })
    }
  })

  it('is refused below thirty-two, and the size of such a set is not told', async () => {
    expect(await refused(prove, { ...asked, user_id: 'S1', data_class: 'customer' })).toMatchObject({ type: '/problems/proofs/set-too-small' })
    const { publication } = await done(sets, {})
    expect(publication.sets).toEqual([
      { grantee: 'harbour-bank', scope: 'dpv:DirectMarketing customer', expiry: '2027-11', members: null, provable: false },
      { grantee: 'harbour-bank', scope: 'dpv:DirectMarketing employee', expiry: '2027-11', members: 33, provable: true },
    ])
  })

  it('is refused to a person for what another person consented to', async () => {
    const person = t.principal({ kind: 'user', subject: await subjectOf('S1') })
    expect(await refused(proveMine, asked, person)).toMatchObject({ type: '/problems/proofs/not-in-set' })
    expect(await refused(proveMine, asked, t.principal({ kind: 'user' }))).toMatchObject({ status: 404 })
  })
})

describe('a proof', () => {
  it('verifies with nothing but the file and the key of the log, and speaks of nobody', async () => {
    const { document } = await done(prove, { ...claim, user_id: 'P3', request_hash: sha256Hex('one') })
    expect(await check(document)).toMatchObject({ outcome: 'proven' })
    expect(document.statement).toMatchObject({ grantee: 'harbour-bank', scope: 'dpv:DirectMarketing employee', expiry: '2027-11', verifier: 'harbour-bank' })
    const text = JSON.stringify(document)
    expect(Buffer.from(document.publication.body, 'base64').toString()).toContain('"actor":{"id":"proofs","kind":"system"}')
    expect(text).not.toContain('"P3"')
    expect(text).not.toContain(await subjectOf('P3'))
  })

  it('can be made by the person', async () => {
    const person = t.principal({ kind: 'user', subject: await subjectOf('P4') })
    const { id, document } = await done(proveMine, { ...claim, request_hash: sha256Hex('mine') }, person)
    expect(await check(document)).toMatchObject({ outcome: 'proven' })
    expect(await done(read, { proof: id })).toEqual(document)
  })

  it('does not verify with another log’s key, or when any piece of the file is changed', async () => {
    const { document } = (await done(prove, { ...claim, user_id: 'P3', request_hash: sha256Hex('two') })) as { document: ProofDocument }
    const otherKey = await logVkey(t.door.node, '01980000-0000-7000-8000-000000000002' as Id<'tenant'>)
    expect(await check(document, otherKey)).toEqual({ outcome: 'refused', reason: 'checkpoint_refused' })
    expect(await check(document, 'no key')).toEqual({ outcome: 'refused', reason: 'key_malformed' })
    const turned = (text: string) => `${text[0] === 'A' ? 'B' : 'A'}${text.slice(1)}`
    const { statement, publication } = document
    const set = document.set as Extract<typeof document.set, { members: unknown }>
    const changed: [ProofDocument, string][] = [
      [{ ...document, checkpoint: document.checkpoint.replace(/\n\d+\n/, '\n999\n') }, 'checkpoint_refused'],
      [{ ...document, statement: { ...statement, origin: 'gatehouse/elsewhere' } }, 'other_log'],
      [{ ...document, publication: { ...publication, body: turned(publication.body) } }, 'publication_not_in_log'],
      [{ ...document, publication: { ...publication, index: publication.index + 1 } }, 'publication_not_in_log'],
      [{ ...document, set: { ...set, members: set.members.slice(1) } }, 'set_not_published'],
      [{ ...document, set: { size: 33, root: set.members[0] ?? '', place: set.place, sets: set.sets, proof: set.proof } }, 'malformed'],
      [{ ...document, set: { ...set, place: 0 } }, 'set_not_published'],
      [{ ...document, statement: { ...statement, grantee: '*' } }, 'set_not_published'],
      [{ ...document, statement: { ...statement, expiry: 'none' } }, 'set_not_published'],
      [{ ...document, statement: { ...statement, time: instantOf(Date.parse(statement.time) - 1) } }, 'stale'],
      [{ ...document, statement: { ...statement, time: instantOf(Date.parse(statement.time) + 600_001) } }, 'stale'],
      [{ ...document, statement: { ...statement, time: instantOf(Date.parse(statement.time) + 1) } }, 'not_proven'],
      [{ ...document, statement: { ...statement, request_hash: sha256Hex('three') } }, 'not_proven'],
      [{ ...document, statement: { ...statement, verifier: 'somebody' } }, 'not_proven'],
      [{ ...document, system: 'gh-stark-v1' }, 'unknown_system'],
      [{ ...document, proof: '' }, 'malformed'],
    ]
    for (const [each, reason] of changed) expect(await check(each)).toEqual({ outcome: 'refused', reason })
  })

  it('is not taken by anybody who looks later than ten minutes after', async () => {
    const { document } = await done(prove, { ...claim, user_id: 'P3', request_hash: sha256Hex('late') })
    const made = Date.parse(document.statement.time)
    expect(await check(document, vkey, instantOf(made + 600_000))).toMatchObject({ outcome: 'proven' })
    expect(await check(document, vkey, instantOf(made + 600_001))).toMatchObject({ reason: 'stale' })
  })

  it('shares its set with others of the same minute, and gets new sets after it', async () => {
    const made = async (user_id: string) => (await done(prove, { ...claim, user_id, request_hash: sha256Hex(user_id) })).document as ProofDocument
    const [first, second] = [await made('P5'), await made('P6')]
    expect(second.publication.index).toBe(first.publication.index)
    t.clock.advance(61_000)
    expect((await made('P5')).publication.index).toBeGreaterThan(first.publication.index)
  })
})

describe('accepting', () => {
  it('takes a proof once: again, and another of the same consent and request, is a replay', async () => {
    const request_hash = sha256Hex('accept')
    const make = async (user_id: string) => (await done(prove, { ...claim, user_id, request_hash })).document as ProofDocument
    const input = { document: await make('P7'), request_hash, verifier: 'harbour-bank' }
    const { nullifier } = await done(accept, input)
    expect(nullifier).toMatch(/^[0-9a-f]{64}$/)
    expect(await refused(accept, input)).toMatchObject({ type: '/problems/proofs/nullifier-replayed' })
    t.clock.advance(61_000)
    expect(await refused(accept, { ...input, document: await make('P7') })).toMatchObject({ type: '/problems/proofs/nullifier-replayed' })
    await done(accept, { ...input, document: await make('P8') })
  })

  it('refuses a proof for another request, another verifier, or of another day', async () => {
    const request_hash = sha256Hex('mine')
    const { document } = await done(prove, { ...claim, user_id: 'P9', request_hash })
    const input = { document, request_hash, verifier: 'harbour-bank' }
    expect(await refused(accept, { ...input, request_hash: sha256Hex('other') })).toMatchObject({ reason: 'other_request' })
    expect(await refused(accept, { ...input, verifier: 'other' })).toMatchObject({ reason: 'other_verifier' })
    t.clock.advance(601_000)
    expect(await refused(accept, input)).toMatchObject({ reason: 'stale' })
  })
})

describe('what ends a consent ends its proofs', () => {
  it('a withdrawn consent is proven no more, and leaves the next set', async () => {
    const found = await done(operationOf(consentsModule, 'consents.list'), { user_id: 'P32' })
    const id = found.data[0].id
    await done(prove, { ...claim, user_id: 'P32', request_hash: sha256Hex('before') })
    await done(operationOf(consentsModule, 'consents.withdraw'), { user_id: 'P32', consent: id })
    expect(await refused(prove, { ...claim, user_id: 'P32', request_hash: sha256Hex('after') })).toMatchObject({ type: '/problems/proofs/not-in-set' })
    const { sets: published } = await done(publish, {})
    expect(published[1]).toMatchObject({ members: 32, provable: true })
  })

  it('an erased person has no opening left, and with one fewer than thirty-two nobody is proven', async () => {
    const subject = await subjectOf('P31')
    await t.database.transaction(t.tenant, async (tx) => {
      expect(await eraseSubject(tx, subject)).toBe(true)
      expect(await forgetMembers(tx, subject)).toBe(1)
    })
    expect(await refused(prove, { ...claim, user_id: 'P31', request_hash: sha256Hex('erased') })).toMatchObject({ type: '/problems/proofs/not-in-set' })
    // Of two publications of one instant either is the newest.
    t.clock.advance(1)
    expect((await done(publish, {})).sets[1]).toMatchObject({ members: null, provable: false })
    expect(await refused(prove, { ...claim, user_id: 'P0', request_hash: sha256Hex('few') })).toMatchObject({ type: '/problems/proofs/set-too-small' })
  })
})

describe('batches', () => {
  it('put nullifiers and counts into the log, once, and name nobody', async () => {
    const first = await done(batch, {})
    expect(first.proofs).toBeGreaterThan(5)
    expect(first.consent_changes).toBeGreaterThanOrEqual(4)
    expect(await done(batch, {})).toEqual({ releases: 0, consent_changes: 0, proofs: 0, unproven: 0 })
    const rows = await t.database.transaction(t.tenant, (tx) =>
      tx.query<{ id: Id<'entry'>; body: Uint8Array }>(`SELECT id, body FROM ledger.entry WHERE type = 'proofs.batched'`),
    )
    expect(rows).toHaveLength(1)
    const body = JSON.parse(Buffer.from(rows[0]?.body ?? []).toString())
    const page = await done(list, { limit: 100 })
    expect(new Set(body.details.nullifiers)).toEqual(new Set(page.data.map((row: { nullifier: string }) => row.nullifier)))
    expect(body.subject_c).toBeUndefined()
    expect((await entryEvidence(t.door.node, t.tenant, [rows[0]?.id as Id<'entry'>])).checkpoint).toContain('gatehouse/')
  })

  it('no entry of a proof names the person or bears its nullifier beside one', async () => {
    const rows = await t.database.transaction(t.tenant, (tx) =>
      tx.query<{ body: Uint8Array; subject_id: string | null }>(
        `SELECT body, subject_id FROM ledger.entry WHERE type IN ('proofs.prove', 'proofs.prove_mine')`,
      ),
    )
    expect(rows.length).toBeGreaterThan(5)
    for (const { body, subject_id } of rows) {
      expect(subject_id).toBeNull()
      const said = JSON.parse(Buffer.from(body).toString())
      expect(said.details?.nullifier).toBeUndefined()
      expect(said.subject_c).toBeUndefined()
    }
  })
})

describe('what everybody may read', () => {
  const stranger = () => t.principal({ kind: 'anonymous', id: 'anonymous', roles: [] })
  const fileOf = async (operation: AnyOperation, input: object) => {
    const answer = await t.door.enter(operation, { log: t.tenant, ...input }, stranger()).catch((error: unknown) => error)
    // biome-ignore lint/suspicious/noExplicitAny: a file or a problem
    const { output, kind } = answer as any
    if (output === undefined) return { status: kind?.status }
    let text = ''
    for await (const chunk of output.chunks) text += chunk
    return { status: 200, cache: output.cache, value: JSON.parse(text) }
  }

  it('is nothing until the institution publishes its log', async () => {
    expect(await fileOf(publishedBatches, {})).toEqual({ status: 404 })
  })

  it('is each batch, whose root anybody computes, and the proofs of consents that were given, which name neither person nor consent', async () => {
    for (const user_id of ['N1', 'N2', 'N3']) await done(operationOf(consentsModule, 'consents.give'), { user_id, ...terms })
    await settled()
    // Of two batches of one instant either is the newest.
    t.clock.advance(1)
    expect(await done(batch, {})).toMatchObject({ releases: 0, consent_changes: expect.any(Number) })
    await done(operationOf(ledgerModule, 'ledger.configure'), { publish_log: true })
    await settled()
    const { value: page, cache } = await fileOf(publishedBatches, {})
    expect(cache).toBe('public, max-age=60')
    const { value: read } = await fileOf(publishedBatch, { batch: page.batches[0].batch })
    const body = JSON.parse(Buffer.from(read.entry.body, 'base64').toString())
    const { sha256 } = nodePrimitives
    const leaves = read.proofs.map(({ system, nullifier, proof_sha256 }: Record<string, string>) =>
      leafHash(sha256, lengthPrefixed([system as string, Buffer.from(nullifier as string, 'hex'), Buffer.from(proof_sha256 as string, 'hex')])),
    )
    expect(toHex(rootOf(sha256, leaves))).toBe(body.details.proofs_root)
    expect(read.proofs.map(({ nullifier }: { nullifier: string }) => nullifier)).toEqual(body.details.nullifiers)

    const files = read.proofs.filter(({ file }: { file: string | null }) => file !== null)
    expect(files).toHaveLength(3)
    for (const { file } of files) {
      const { value: document } = await fileOf(publishedProof, { proof: file.split('/').at(-1) })
      expect(await check(document)).toMatchObject({ outcome: 'proven' })
      expect(document.statement).toMatchObject({ verifier: 'public', request_hash: files.length > 0 ? expect.any(String) : '' })
      const subject = await subjectOf('N1')
      expect(JSON.stringify(document)).not.toContain(subject)
    }
    const hidden = (await done(list, { limit: 100 })).data.find(({ verifier }: { verifier: string }) => verifier !== 'public')
    expect(await fileOf(publishedProof, { proof: hidden.id })).toEqual({ status: 404 })
    expect(await fileOf(publishedBatch, { batch: hidden.id })).toEqual({ status: 404 })
  })
})
