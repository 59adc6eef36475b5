import { generateKeyPairSync } from 'node:crypto'
import type { Id } from '@gatehouse/core/id'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ledgerModule } from '../../ledger/index.ts'
import { addPartnerKey } from './add-key.ts'
import { createPartner } from './create.ts'
import { expireDue } from './expire.ts'
import { currentPartner, currentReceiverKeys, findPartner, holdPartner, partnerById, partnersModule, receiverKeys } from './index.ts'
import { listPartners } from './list.ts'
import { readPartner } from './read.ts'
import { removePartnerKey } from './remove-key.ts'
import { receiverKeysMax } from './schema.ts'
import { partnerLife } from './status.ts'
import { receiverCertificate, receiverThumbprint } from './testing/certificates.ts'
import { updatePartner } from './update.ts'

const other = '01980000-0000-7000-8000-000000000002' as Id<'tenant'>
const nobody = '01980000-0000-7000-8000-00000000dead' as Id<'partner'>

let t: TestNode
beforeAll(async () => {
  t = await testNode({ modules: [ledgerModule, partnersModule] })
})
afterAll(() => t.close())

const node = () => t.door.node
const outsider = () => t.principal({ tenant: other })
const freshJwk = () => generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }) as { kty: string }

async function create(reference: string, principal = t.admin) {
  const answer = await t.door.enter(createPartner, { reference, name: `The ${reference}` }, principal)
  if (answer.outcome !== 'done') throw new Error(`not created: ${answer.outcome}`)
  return answer.output
}

const refusedAs = (slug: string) => ({ outcome: 'refused', problem: { kind: { type: `/problems/${slug}` } } })
const setStatus = (partner: string, status: 'active' | 'suspended' | 'sanctioned' | 'retired') => t.door.enter(updatePartner, { partner, status }, t.admin)
const inTenant = <T>(tenant: Id<'tenant'>, act: Parameters<typeof t.database.transaction<T>>[1]) => t.database.transaction(tenant, act)

describe('partners', () => {
  it.each([
    ['capitals', 'Harbour'],
    ['the form of an id', 'abcdef01-7b3a-7c4d-8e5f-000000000001'],
    ['nothing', ''],
  ])('refuse a reference with %s', async (_, reference) => {
    await expect(create(reference)).rejects.toMatchObject({ kind: { type: '/problems/door/input-invalid' } })
  })

  it('refuse a reference twice, also when both are asked for at once', async () => {
    await create('twice')
    const answer = await t.door.enter(createPartner, { reference: 'twice', name: 'Again' }, t.admin)
    expect(answer).toMatchObject(refusedAs('partners/reference-taken'))
    const both = await Promise.all([1, 2].map(() => t.door.enter(createPartner, { reference: 'at-once', name: 'Once' }, t.admin)))
    expect(both.map((each) => each.outcome).sort()).toEqual(['done', 'refused'])
  })

  it('is refused under a name by which policies mean somebody else', async () => {
    for (const reference of ['staff', 'holder'])
      expect(await t.door.enter(createPartner, { reference, name: 'A partner' }, t.admin)).toMatchObject(refusedAs('partners/reference-taken'))
  })

  it('are unseen by another institution, which may use the same reference', async () => {
    const here = await create('crossing')
    expect(await t.door.enter(readPartner, { partner: here.id }, outsider())).toMatchObject(refusedAs('door/not-found'))
    expect(await t.door.enter(updatePartner, { partner: 'crossing', name: 'Theirs' }, outsider())).toMatchObject(refusedAs('door/not-found'))
    const there = await create('crossing', outsider())
    expect(there.id).not.toBe(here.id)
    expect(await inTenant(other, (tx) => partnerById(tx, here.id))).toBeUndefined()
    expect((await inTenant(other, (tx) => findPartner(tx, 'crossing')))?.id).toBe(there.id)
    await expect(
      inTenant(other, (tx) => tx.query(`INSERT INTO partners.partner VALUES ($1, $2, 'planted', 'Planted', 'active', now())`, [t.tenant, nobody])),
    ).rejects.toThrow('row-level security')
  })

  it('read themselves by id or reference and are told nothing of others', async () => {
    const [me, them] = [await create('me'), await create('them')]
    const principal = t.principal({ kind: 'partner', roles: ['partner'], partner: me.id })
    for (const partner of [me.id, 'me'])
      expect(await t.door.enter(readPartner, { partner }, principal)).toMatchObject({ outcome: 'done', output: { id: me.id } })
    const [refused, absent] = [await t.door.enter(readPartner, { partner: 'them' }, principal), await t.door.enter(readPartner, { partner: nobody }, principal)]
    expect(await t.door.enter(readPartner, { partner: them.id }, principal)).toMatchObject(refusedAs('door/not-found'))
    if (refused.outcome !== 'refused' || absent.outcome !== 'refused') throw new Error('not refused')
    expect(refused.problem.document()).toEqual(absent.problem.document())
  })

  it('are asked about as their own, so that the access table can narrow the right', () => {
    const { access } = readPartner
    if ('public' in access) throw new Error('reading a partner must not be public')
    const partner = t.principal({ kind: 'partner', partner: nobody })
    expect(access.on({ partner: 'anything' }, partner)).toEqual({ type: 'partner', owner: nobody })
    expect(access.on({ partner: 'anything' }, t.admin)).toEqual({ type: 'partner' })
  })

  it('take exactly the steps of the table', async () => {
    const statuses = ['active', 'suspended', 'sanctioned', 'retired'] as const
    const event = { active: 'activate', suspended: 'suspend', sanctioned: 'sanction', retired: 'retire' } as const
    for (const from of [...statuses, 'expired'] as const) {
      for (const to of statuses) {
        const { reference, id } = await create(`life-${from}-${to}`)
        if (from === 'expired')
          await inTenant(t.tenant, (tx) => tx.query(`UPDATE partners.partner SET status = 'expired' WHERE tenant_id = $1 AND id = $2`, [t.tenant, id]))
        else if (from !== 'active') await setStatus(reference, from)
        const answer = await setStatus(reference, to)
        if (from === to || partnerLife.can(from, event[to])) expect(answer).toMatchObject({ outcome: 'done', output: { status: to } })
        else expect(answer).toMatchObject(refusedAs('partners/status-refused'))
      }
    }
  })

  it('refuse a change that changes nothing', async () => {
    await expect(t.door.enter(updatePartner, { partner: 'me' }, t.admin)).rejects.toMatchObject({ kind: { type: '/problems/door/input-invalid' } })
  })

  it('are listed in pages, each once', async () => {
    const principal = t.principal({ tenant: '01980000-0000-7000-8000-000000000003' as Id<'tenant'> })
    for (let i = 0; i < 5; i++) {
      await create(`page-${i}`, principal)
      t.clock.advance(1)
    }
    await t.door.enter(updatePartner, { partner: 'page-3', status: 'suspended' }, principal)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const answer = await t.door.enter(listPartners, { limit: 2, ...(cursor === undefined ? {} : { cursor }) }, principal)
      if (answer.outcome !== 'done') throw new Error('not listed')
      seen.push(...answer.output.data.map((partner) => partner.reference))
      cursor = answer.output.next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(['page-0', 'page-1', 'page-2', 'page-3', 'page-4'])
    expect(await t.door.enter(listPartners, { status: 'suspended' }, principal)).toMatchObject({ output: { data: [{ reference: 'page-3' }], next: null } })
  })

  it('announce each change with ids alone', async () => {
    const partner = await create('loud')
    const rows = await inTenant(t.tenant, (tx) =>
      tx.query<{ type: string; data: unknown }>('SELECT type, data FROM work.outbox WHERE tenant_id = $1 AND subject = $2', [t.tenant, partner.id]),
    )
    expect(rows).toEqual([{ type: 'partners.changed', data: { partner: partner.id, change: 'created', status: 'active' } }])
    expect(t.entries.at(-1)).toMatchObject({ type: 'partners.create', facts: { partner: partner.id } })
    expect(JSON.stringify(t.entries)).not.toContain('The loud')
  })
})

describe('the standing of a partner', () => {
  const change = (partner: string, more: object) => t.door.enter(updatePartner, { partner, ...more }, t.admin)
  const read = async (partner: string, principal = t.admin) => {
    const answer = await t.door.enter(readPartner, { partner }, principal)
    return answer.outcome === 'done' ? answer.output : undefined
  }
  const inSeconds = (seconds: number) => new Date(t.clock.nowMs() + seconds * 1_000).toISOString()

  it('takes no date that has passed, and nobody expires a partner by hand', async () => {
    await create('dated')
    expect(await change('dated', { expires_at: inSeconds(-1) })).toMatchObject(refusedAs('partners/expiry-refused'))
    await expect(change('dated', { status: 'expired' })).rejects.toMatchObject({ kind: { type: '/problems/door/input-invalid' } })
    const past = { reference: 'late', name: 'Late', expires_at: inSeconds(0) as never }
    expect(await t.door.enter(createPartner, past, t.admin)).toMatchObject(refusedAs('partners/expiry-refused'))
  })

  it('ends at its date without anybody acting, to the millisecond, and the end is written down once', async () => {
    const { id } = await create('ending')
    await change('ending', { expires_at: inSeconds(60) })
    t.clock.advance(59_999)
    expect(await read('ending')).toMatchObject({ status: 'active' })
    await expireDue.run(node())
    t.clock.advance(1)
    expect(await read('ending')).toMatchObject({ status: 'expired' })
    const listed = await t.door.enter(listPartners, { status: 'expired', limit: 50 }, t.admin)
    expect(listed).toMatchObject({ output: { data: expect.arrayContaining([expect.objectContaining({ id, status: 'expired' })]) } })
    await Promise.all([expireDue.run(node()), expireDue.run(node())])
    const events = await inTenant(t.tenant, (tx) =>
      tx.query<{ data: unknown }>(`SELECT data FROM work.outbox WHERE tenant_id = $1 AND subject = $2 AND data->>'change' = 'expired'`, [t.tenant, id]),
    )
    expect(events).toEqual([{ data: { partner: id, change: 'expired', status: 'expired' } }])
  })

  it('that ended is good again by a later date alone', async () => {
    expect(await setStatus('ending', 'active')).toMatchObject(refusedAs('partners/expiry-refused'))
    expect(await change('ending', { status: 'active', expires_at: inSeconds(60) })).toMatchObject({ output: { status: 'active' } })
    expect(await change('ending', { status: 'active', expires_at: null })).toMatchObject({ output: { status: 'active', expires_at: null } })
  })

  it('has a reason that goes with it, and that neither the log nor the partner is told', async () => {
    const { id } = await create('looked-into')
    await change('looked-into', { status: 'sanctioned', reason: 'Named in list 7' })
    expect(await change('looked-into', { name: 'Looked into' })).toMatchObject({ output: { reason: 'Named in list 7' } })
    const itself = t.principal({ kind: 'partner', roles: ['partner'], partner: id })
    expect(await read('looked-into', itself)).toMatchObject({ status: 'sanctioned', reason: null })
    expect(JSON.stringify(t.entries)).not.toContain('list 7')
    expect(await setStatus('looked-into', 'active')).toMatchObject({ output: { status: 'active', reason: null } })
  })

  it('is held by whoever gives something: a change waits for them, and they for a change that came first', async () => {
    const { id } = await create('held')
    const order: string[] = []
    let changed: Promise<unknown> = Promise.resolve()
    await inTenant(t.tenant, async (tx) => {
      expect((await holdPartner(tx, id))?.status).toBe('active')
      changed = setStatus('held', 'sanctioned').then(() => order.push('changed'))
      // Another who gives is not held up by the first.
      await inTenant(t.tenant, (beside) => holdPartner(beside, id))
      order.push('given')
    })
    await changed
    expect(order).toEqual(['given', 'changed'])
    expect((await inTenant(t.tenant, (tx) => holdPartner(tx, id)))?.status).toBe('sanctioned')
  })
})

describe('receiver keys', () => {
  const add = (partner: string, key: { certificate_pem?: string; jwk?: { kty: string } }, principal = t.admin) =>
    t.door.enter(addPartnerKey, { partner, ...key }, principal)

  it('are refused without a key, with two, for nobody and for a retired partner', async () => {
    await create('keyless')
    await expect(add('keyless', {})).rejects.toMatchObject({ kind: { type: '/problems/door/input-invalid' } })
    await expect(add('keyless', { certificate_pem: receiverCertificate, jwk: freshJwk() })).rejects.toMatchObject({ kind: { status: 400 } })
    expect(await add('no-such', { jwk: freshJwk() })).toMatchObject(refusedAs('door/not-found'))
    expect(await add('keyless', { jwk: freshJwk() }, outsider())).toMatchObject(refusedAs('door/not-found'))
    await setStatus('keyless', 'retired')
    expect(await add('keyless', { jwk: freshJwk() })).toMatchObject(refusedAs('partners/status-refused'))
  })

  it('are refused where a private key comes along', async () => {
    await create('leaky')
    expect(await add('leaky', { jwk: { ...freshJwk(), d: 'AA' } as { kty: string } })).toMatchObject(refusedAs('partners/private-key-sent'))
  })

  it('name one receiver: the same key is refused for a second partner', async () => {
    const [first] = [await create('first'), await create('second')]
    const added = await add('first', { certificate_pem: receiverCertificate })
    expect(added).toMatchObject({ outcome: 'done', output: { kind: 'certificate', thumbprint: receiverThumbprint, partner: first.id } })
    for (const partner of ['first', 'second'])
      expect(await add(partner, { certificate_pem: receiverCertificate })).toMatchObject(refusedAs('partners/key-taken'))
    expect(await inTenant(t.tenant, (tx) => receiverKeys(tx, first.id))).toEqual([
      { thumbprint: receiverThumbprint, kind: 'certificate', not_after: '2126-10-29T17:48:41.000Z' },
    ])
    expect(await inTenant(other, (tx) => receiverKeys(tx, first.id))).toEqual([])
  })

  it('stay within the maximum, also when many are added at once', async () => {
    const partner = await create('crowded')
    const answers = await Promise.all(Array.from({ length: receiverKeysMax + 3 }, () => add('crowded', { jwk: freshJwk() })))
    expect(answers.filter((answer) => answer.outcome === 'done')).toHaveLength(receiverKeysMax)
    expect(answers.find((answer) => answer.outcome === 'refused')).toMatchObject(refusedAs('partners/keys-full'))
    expect(await inTenant(t.tenant, (tx) => receiverKeys(tx, partner.id))).toHaveLength(receiverKeysMax)
  })

  it('are removed once, and by the institution alone', async () => {
    const partner = await create('fading')
    const added = await add('fading', { jwk: freshJwk() })
    if (added.outcome !== 'done') throw new Error('not added')
    const remove = (principal = t.admin) => t.door.enter(removePartnerKey, { partner: 'fading', key: added.output.id }, principal)
    expect(await remove(outsider())).toMatchObject(refusedAs('door/not-found'))
    expect(await t.door.enter(removePartnerKey, { partner: 'second', key: added.output.id }, t.admin)).toMatchObject(refusedAs('door/not-found'))
    expect(await remove()).toMatchObject({ outcome: 'done', output: { thumbprint: added.output.thumbprint } })
    expect(await remove()).toMatchObject(refusedAs('door/not-found'))
    expect(await inTenant(t.tenant, (tx) => receiverKeys(tx, partner.id))).toEqual([])
  })
})

describe('the memory of partners', () => {
  it('never answers one institution with the partner of another', async () => {
    const here = await create('remembered')
    expect((await inTenant(t.tenant, (tx) => currentPartner(node(), tx, 'remembered')))?.id).toBe(here.id)
    expect(await inTenant(other, (tx) => currentPartner(node(), tx, 'remembered'))).toBeUndefined()
    expect(await inTenant(other, (tx) => currentPartner(node(), tx, here.id))).toBeUndefined()
  })

  it('holds less than a second where another process made the change, and not at all in this one', async () => {
    const partner = await create('changing')
    const status = () => inTenant(t.tenant, async (tx) => (await currentPartner(node(), tx, 'changing'))?.status)
    expect(await status()).toBe('active')
    await inTenant(t.tenant, (tx) => tx.query(`UPDATE partners.partner SET status = 'suspended' WHERE id = $1`, [partner.id]))
    expect(await status()).toBe('active')
    t.clock.advance(900)
    expect(await status()).toBe('suspended')
    await setStatus('changing', 'active')
    expect(await status()).toBe('active')
    const keys = () => inTenant(t.tenant, (tx) => currentReceiverKeys(node(), tx, partner.id))
    expect(await keys()).toEqual([])
    await t.door.enter(addPartnerKey, { partner: 'changing', jwk: freshJwk() }, t.admin)
    expect(await keys()).toHaveLength(1)
  })
})
