/** The node's own rule: what it agrees to, with whom, and how long. Attacks and refusals first; then two nodes with each other. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listReviews } from '../../governance/approvals/reviews/list.ts'
import { readReview } from '../../governance/approvals/reviews/read.ts'
import { voteOnReview } from '../../governance/approvals/reviews/vote.ts'
import { updatePartner } from '../../governance/partners/update.ts'
import { retirePolicy } from '../../governance/policies/retire.ts'
import { setDeciding } from './catalogue/decides.ts'
import { negotiate } from './negotiations/negotiate.ts'
import { readNegotiation } from './negotiations/read.ts'
import { stepNegotiation } from './negotiations/step.ts'
import { changeParticipant } from './participants/change.ts'
import { registerParticipant } from './participants/register.ts'
import { readRemoteCatalogue } from './participants/remote-catalogue.ts'
import { problems } from './problems.ts'
import { watch } from './processes/watch.ts'
import { offerOf } from './protocol/names.ts'
import { Counterpart, pidFor } from './testing/counterpart.ts'
import { type DataspaceNode, dataspaceNode, offered, reference } from './testing/dataspace.ts'
import { readTransfer } from './transfers/read.ts'
import { stepTransfer } from './transfers/step.ts'

let n: DataspaceNode
let kit: Counterpart
let kitPartner: Awaited<ReturnType<DataspaceNode['participant']>>
let published: { policy: string; version: number }
let offer: string
const dataset = `urn:gatehouse:table:${reference}`
const research = { leftOperand: 'purpose', operator: 'isAnyOf', rightOperand: ['https://w3id.org/dpv#ScientificResearch'] }
const agreeable = { permission: [{ action: 'use', constraint: [research] }] }

beforeAll(async () => {
  kit = new Counterpart()
  const address = await kit.open()
  n = await dataspaceNode()
  kit.node = n.at
  kitPartner = await n.participant('kit', address)
  kit.key = kitPartner.key
  published = await n.publish(offered('kit'))
  offer = offerOf(published.policy, published.version, reference)
  await n.done(setDeciding, { table: reference, decides: 'policy' })
})
afterAll(async () => {
  await n?.close()
  await kit?.close()
})

const requestOf = (pid: string, terms: object = agreeable, more: object = {}) =>
  kit.message('ContractRequestMessage', {
    consumerPid: pid,
    offer: { '@id': offer, '@type': 'Offer', target: dataset, ...terms },
    callbackAddress: kit.address,
    ...more,
  })
const begin = (body: object, key?: string) => kit.post('/dsp/negotiations/request', body, key)
const codeOf = async (body: object, key?: string) => {
  const answer = await begin(body, key)
  return [answer.status, answer.body.code]
}
const stateOf = async (pid: string, folder = 'negotiations') => {
  await n.settle()
  return (await kit.get(`/dsp/${folder}/${pid}`)).body.state
}

/** A finalized negotiation. @returns what the agreement is called */
async function agree(terms: object = agreeable, of: { id: string; target: string } = { id: offer, target: dataset }): Promise<string> {
  const consumerPid = kit.newPid()
  const request = { ...requestOf(consumerPid), offer: { '@id': of.id, '@type': 'Offer', target: of.target, ...terms } }
  const providerPid = String((await begin(request)).body.providerPid)
  const { body } = await kit.next('ContractAgreementMessage', providerPid)
  await kit.post(`/dsp/negotiations/${providerPid}/agreement/verification`, kit.message('ContractAgreementVerificationMessage', { providerPid, consumerPid }))
  await kit.next('ContractNegotiationEventMessage', providerPid)
  return (body.agreement as { '@id': string })['@id']
}

/** A started transfer under an agreement. */
async function started(agreementId: string) {
  const consumerPid = kit.newPid()
  const message = kit.message('TransferRequestMessage', { consumerPid, agreementId, format: 'HttpData-PULL', callbackAddress: kit.address })
  const answer = await kit.post('/dsp/transfers/request', message)
  const providerPid = String(answer.body.providerPid)
  const { body } = await kit.next('TransferStartMessage', providerPid)
  const address = body.dataAddress as { endpoint: string; endpointProperties: { name: string; value: string }[] }
  const token = address.endpointProperties.find(({ name }) => name === 'authorization')?.value ?? ''
  const say = (type: string, path: string) => kit.post(`/dsp/transfers/${providerPid}/${path}`, kit.message(type, { providerPid, consumerPid }))
  const pull = async (authorization = `Bearer ${token}`) => {
    const fetched = await fetch(address.endpoint, { headers: { authorization } })
    return { status: fetched.status, text: await fetched.text() }
  }
  return { id: providerPid.slice('urn:uuid:'.length), providerPid, token, say, pull }
}

describe('a caller', () => {
  it.each([
    ['without a credential', 'none', 401],
    ['with a made-up key', `ghk_${'A'.repeat(32)}`, 401],
  ])('%s is nobody, and is told so in the form of the protocol', async (_, key, status) => {
    for (const [path, type] of [
      ['/dsp/catalog/request', 'CatalogError'],
      ['/dsp/negotiations/request', 'ContractNegotiationError'],
      ['/dsp/transfers/request', 'TransferError'],
    ] as const) {
      const answer = await kit.post(path, { consumerPid: 'urn:kit:x' }, key)
      expect([answer.status, answer.body['@type']]).toEqual([status, type])
    }
  })

  it('whose partner has no participant, or a paused one, is refused', async () => {
    const stranger = await n.participant('stranger', kit.address)
    await n.done(changeParticipant, { participant: stranger.participant, state: 'paused' })
    expect(await codeOf(requestOf(kit.newPid()), stranger.key)).toEqual([403, 'not-a-participant'])
    expect((await kit.post('/dsp/catalog/request', kit.message('CatalogRequestMessage', {}), stranger.key)).status).toBe(403)
  })

  it('sees nothing of another’s negotiation: somebody else’s pid and a made-up one look alike', async () => {
    const other = await n.participant('other', kit.address)
    const providerPid = String((await begin(requestOf(kit.newPid()))).body.providerPid)
    const end = (pid: string) =>
      kit.post(`/dsp/negotiations/${pid}/termination`, kit.message('ContractNegotiationTerminationMessage', { providerPid: pid, consumerPid: 'c' }), other.key)
    const [theirs, none] = [await end(providerPid), await end('urn:uuid:01980000-0000-7000-8000-00000000ffff')]
    expect([theirs.status, theirs.body.code, none.status, none.body.code]).toEqual([400, 'unknown-process', 400, 'unknown-process'])
    expect((await kit.get(`/dsp/negotiations/${providerPid}`, other.key)).status).toBe(404)
    expect(
      ((await kit.post('/dsp/catalog/request', kit.message('CatalogRequestMessage', {}), other.key)).body as { dataset?: unknown }).dataset,
    ).toBeUndefined()
  })

  it('cannot make the node send anywhere but to its registered host', async () => {
    for (const callbackAddress of [
      'http://127.0.0.1:1/dsp',
      'http://169.254.169.254/latest',
      'https://elsewhere.example.org',
      'file:///etc/passwd',
      'http://user:pw@127.0.0.1:1/',
    ])
      expect(await codeOf(requestOf(kit.newPid(), agreeable, { callbackAddress }))).toEqual([400, 'address-refused'])
    expect(
      await n
        .done(registerParticipant, { partner: 'kit', participant_id: 'x', address: 'https://not-listed.example.org' })
        .catch((problem: { kind: unknown }) => problem.kind),
    ).toBe(problems.address_refused)
  })
})

describe('a request', () => {
  it.each([
    ['for an offer that is not ours', { '@id': 'urn:gatehouse:offer:01980000-0000-7000-8000-00000000ffff:1:open.wards' }, 'offer-unknown'],
    ['for a version that is not in force', { '@id': 'x' }, 'offer-unknown'],
    ['for another dataset under a known offer', { target: 'urn:gatehouse:table:open.people' }, 'offer-unknown'],
    [
      'with a constraint outside the profile',
      { permission: [{ action: 'use', constraint: [{ leftOperand: 'edc:region', operator: 'eq', rightOperand: 'eu' }] }] },
      'outside-profile',
    ],
  ])('%s is refused', async (_, changes, code) => {
    const body = requestOf(kit.newPid())
    expect(await codeOf({ ...body, offer: { ...(body.offer as object), ...changes } })).toEqual([400, code])
  })

  it('outside the profile is told what was not understood, and is counted by its kind', async () => {
    const body = requestOf(kit.newPid(), { permission: [{ action: 'odrl:sell' }] })
    const before = (await n.t.door.node.metrics.odrlRefused.get()).values.find(({ labels }) => labels.kind === 'action')?.value ?? 0
    expect(String((await begin(body)).body.reason)).toContain('action sell')
    expect((await n.t.door.node.metrics.odrlRefused.get()).values.find(({ labels }) => labels.kind === 'action')?.value).toBe(before + 1)
  })

  it('that is no message of the protocol is refused with the places', async () => {
    const answer = await begin({ ...requestOf(kit.newPid()), '@type': 'Other' })
    expect([answer.status, String(answer.body.reason)]).toEqual([400, expect.stringContaining('/@type')])
    kit.faults.length = 0
  })

  it('for other terms than ours is answered with our offer', async () => {
    const providerPid = String((await begin(requestOf(kit.newPid(), { permission: [{ action: 'use' }] }))).body.providerPid)
    const { body } = await kit.next('ContractOfferMessage', providerPid)
    expect(body.offer).toMatchObject({ '@id': offer, target: dataset, ...agreeable, assignee: 'did:web:kit' })
    expect(await stateOf(providerPid)).toBe('OFFERED')
  })

  it('waits for people where nobody has said that the policy alone decides', async () => {
    await n.upload('beds', 'a,b\n1,2\n', 'none')
    const { policy, version } = await n.publish({ ...offered('kit', { target: 'open.beds', fields: { a: { mask: 'keep' } } }), uid: 'beds' })
    const body = requestOf(kit.newPid())
    const waiting = {
      ...body,
      offer: { '@id': offerOf(policy, version, 'open.beds'), '@type': 'Offer', target: 'urn:gatehouse:table:open.beds', ...agreeable },
    }
    const providerPid = String((await begin(waiting)).body.providerPid)
    expect(await stateOf(providerPid)).toBe('REQUESTED')
    const id = providerPid.slice('urn:uuid:'.length)
    const view = await n.done<{ review: string; review_state: string }>(readNegotiation, { negotiation: id }, n.owner)
    expect(view.review_state).toBe('open')
    const { digest } = await n.done<{ digest: string }>(readReview, { review: view.review }, n.owner)
    // Who registered the participant stands for the request, and so does not judge it.
    await expect(n.done(voteOnReview, { review: view.review, choice: 'approve', digest })).rejects.toBeDefined()
    await n.done(voteOnReview, { review: view.review, choice: 'approve', digest }, n.owner)
    await n.proceed(id)
    await kit.next('ContractAgreementMessage', providerPid)
    expect(await stateOf(providerPid)).toBe('AGREED')
  })

  it('that people reject ends with the reason', async () => {
    const beds = (await kit.post('/dsp/catalog/request', kit.message('CatalogRequestMessage', {}))).body.dataset as {
      '@id': string
      hasPolicy: { '@id': string }[]
    }[]
    const found = beds.find((one) => one['@id'] === 'urn:gatehouse:table:open.beds')
    const body = { ...requestOf(kit.newPid()), offer: { ...found?.hasPolicy[0], target: found?.['@id'] } }
    const providerPid = String((await begin(body)).body.providerPid)
    await n.settle()
    const { data } = await n.done<{ data: { id: string; kind: string }[] }>(listReviews, { kind: 'dataspace_negotiation' }, n.owner)
    const { digest } = await n.done<{ digest: string }>(readReview, { review: data[0]?.id }, n.owner)
    await n.done(voteOnReview, { review: data[0]?.id, choice: 'reject', digest }, n.owner)
    await n.proceed(providerPid.slice('urn:uuid:'.length))
    expect((await kit.next('ContractNegotiationTerminationMessage', providerPid)).body.code).toBe('review_rejected')
  })
})

describe('the catalogue', () => {
  it('has no table whose rows are about people, nor one whose conditions others could not evaluate', async () => {
    await n.upload('people', 'name,age\nAnn,4\n', 'direct')
    await n.upload('hours', 'a\n1\n', 'none')
    await n.publish({ ...offered('kit', { target: 'open.people', fields: { name: { mask: 'keep' } } }), uid: 'people' })
    const byDay = { target: 'open.hours', fields: { a: { mask: 'keep' } }, constraint: [{ leftOperand: 'timeOfDay', operator: 'lt', rightOperand: '23:00' }] }
    await n.publish({ ...offered('kit', byDay), uid: 'hours' })
    const { body } = await kit.post('/dsp/catalog/request', kit.message('CatalogRequestMessage', {}))
    const ids = (body.dataset as { '@id': string }[]).map((one) => one['@id'])
    expect(ids).toContain(dataset)
    expect(ids.filter((id) => /people|hours/.test(id))).toEqual([])
    expect((await kit.get('/dsp/catalog/datasets/urn:gatehouse:table:open.people')).status).toBe(404)
  })

  it('takes no filter, and says so', async () => {
    expect((await kit.post('/dsp/catalog/request', kit.message('CatalogRequestMessage', { filter: [{}] }))).body.code).toBe('filter-unsupported')
  })
})

describe('data', () => {
  it('leaves once, with the columns that may be had as they are, and the ledger has an entry before and after', async () => {
    const transfer = await started(await agree())
    const first = await transfer.pull()
    expect([first.status, first.text.trim().split(/\r?\n/)]).toEqual([200, ['ward,beds', 'North,12', 'South,30', 'East,7']])
    expect((await transfer.pull()).status).toBe(401)
    const types = n.t.entries.filter(({ facts }) => facts.object?.id === transfer.id).map(({ type }) => type)
    expect(types.slice(-3)).toEqual(['dataspace.pull', 'dataspace.delivered', 'dataspace.pull'])
    const stored = await n.within((tx) => tx.query('SELECT body FROM dataspace.message WHERE tenant_id = $1', [n.t.tenant]))
    expect(JSON.stringify([stored, n.t.entries, n.t.logLines])).not.toContain(transfer.token)
  })

  it.each(['', 'Bearer ', 'ght_x', `Bearer ght_${'A'.repeat(43)}`, "Bearer ' OR 1=1"])('is not had with %s', async (authorization) => {
    const transfer = await started(await agree())
    expect([401, 400]).toContain((await transfer.pull(authorization)).status)
  })

  it('is not had with the token of another transfer, and of two at once one gets it', async () => {
    const agreement = await agree()
    const [one, two] = [await started(agreement), await started(agreement)]
    expect((await one.pull(`Bearer ${two.token}`)).status).toBe(401)
    const answers = await Promise.all([one.pull(), one.pull(), one.pull()])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401])
  })

  it('is had for an hour after the start, not while it is suspended, and for as long again when it is resumed', async () => {
    const transfer = await started(await agree())
    n.t.clock.advance(3_601_000)
    expect((await transfer.pull()).status).toBe(401)
    await transfer.say('TransferSuspensionMessage', 'suspension')
    expect((await transfer.pull()).status).toBe(401)
    await transfer.say('TransferStartMessage', 'start')
    expect((await transfer.pull()).status).toBe(200)
  })

  it('is not transferred under an agreement that was not finalized, of another partner, or in another format', async () => {
    const consumerPid = kit.newPid()
    const providerPid = String((await begin(requestOf(consumerPid))).body.providerPid)
    const { body } = await kit.next('ContractAgreementMessage', providerPid)
    const ask = async (agreementId: unknown, format = 'HttpData-PULL', key?: string) =>
      (
        await kit.post(
          '/dsp/transfers/request',
          kit.message('TransferRequestMessage', { consumerPid: kit.newPid(), agreementId, format, callbackAddress: kit.address }),
          key,
        )
      ).body.code
    expect(await ask((body.agreement as { '@id': string })['@id'])).toBe('agreement-unknown')
    const agreement = await agree()
    expect(await ask(agreement, 'AmazonS3-PUSH')).toBe('format-unsupported')
    const thief = await n.participant('thief', kit.address)
    expect(await ask(agreement, 'HttpData-PULL', thief.key)).toBe('agreement-unknown')
  })
})

describe('a transfer outlives no agreement', () => {
  const looked = async (id: string) => {
    n.t.enqueued.length = 0
    await watch.run(n.t.door.node)
    for (const { data } of n.t.enqueued.filter(({ data }) => data.process === id)) await n.proceed(String(data.process))
    return (await n.done<{ state: string; reason: string | null }>(readTransfer, { transfer: id })).state
  }

  it('is suspended with its partner, and neither side goes on with it meanwhile', async () => {
    const transfer = await started(await agree())
    await n.done(updatePartner, { partner: 'kit', status: 'suspended' })
    n.t.clock.advance(1_000)
    expect((await transfer.pull()).status).toBe(401)
    expect(await looked(transfer.id)).toBe('SUSPENDED')
    expect((await kit.next('TransferSuspensionMessage', transfer.providerPid)).body.code).toBe('partner_suspended')
    expect((await transfer.say('TransferStartMessage', 'start')).status).toBe(401)
    await n.done(updatePartner, { partner: 'kit', status: 'active' })
    n.t.clock.advance(1_000)
    await n.done(stepTransfer, { transfer: transfer.id, step: 'resume' })
    await n.proceed(transfer.id)
    await kit.next('TransferStartMessage', transfer.providerPid)
    expect((await transfer.pull()).status).toBe(200)
  })

  it('ends by the words of the agreement, to the moment', async () => {
    await n.upload('today', 'a\n1\n', 'none')
    await n.done(setDeciding, { table: 'open.today', decides: 'policy' })
    const until = new Date(n.t.clock.nowMs() + 60_000).toISOString() as Instant
    const limit = { leftOperand: 'dateTime', operator: 'lteq', rightOperand: until }
    const today = await n.publish({ ...offered('kit', { target: 'open.today', fields: { a: { mask: 'keep' } }, constraint: [limit] }), uid: 'today' })
    const terms = { permission: [{ action: 'use', constraint: [research, limit] }] }
    const of = { id: offerOf(today.policy, today.version, 'open.today'), target: 'urn:gatehouse:table:open.today' }
    const transfer = await started(await agree(terms, of))
    expect(await looked(transfer.id)).toBe('STARTED')
    n.t.clock.advance(61_000)
    expect((await transfer.pull()).status).toBe(401)
    expect(await looked(transfer.id)).toBe('TERMINATED')
  })

  it('ends when the policy does, and nothing is agreed on under it any more', async () => {
    const transfer = await started(await agree())
    await n.done(retirePolicy, { policy: published.policy })
    n.t.clock.advance(1_000)
    expect((await transfer.pull()).status).toBe(401)
    expect(await looked(transfer.id)).toBe('TERMINATED')
    await kit.next('TransferTerminationMessage', transfer.providerPid)
    expect(await codeOf(requestOf(kit.newPid()))).toEqual([400, 'offer-unknown'])
    published = await n.publish({ ...offered('kit'), uid: 'wards-again' })
    offer = offerOf(published.policy, published.version, reference)
  })
})

describe('as the consumer', () => {
  const theirs = { '@id': 'urn:kit:their-offer', '@type': 'Offer', permission: [{ action: 'use' }] }
  const ask = async () => {
    const { id } = await n.done<{ id: Id<'negotiation'> }>(negotiate, { partner: 'kit', dataset: 'urn:kit:data', offer: theirs })
    return id
  }
  const state = async (id: string) => n.done<{ state: string; reason: string | null }>(readNegotiation, { negotiation: id })

  it('a message is tried again while the other side is away, and sent once', async () => {
    const id = await ask()
    kit.answers.push(503)
    expect(await n.proceed(id).catch((problem: { kind: unknown }) => problem.kind)).toBe(problems.not_delivered)
    await n.proceed(id)
    await n.proceed(id)
    await kit.next('ContractRequestMessage', `urn:uuid:${id}`)
    const { messages } = await n.done<{ messages: { state: string; attempts: number }[] }>(readNegotiation, { negotiation: id })
    expect(messages).toMatchObject([{ state: 'sent', attempts: 2 }])
  })

  it('a message that is refused ends the negotiation here', async () => {
    const id = await ask()
    kit.answers.push(400)
    await n.proceed(id)
    expect(await state(id)).toMatchObject({ state: 'TERMINATED', reason: 'refused_by_other' })
  })

  it('other terms than those asked for wait for a person; an agreement that differs is ended', async () => {
    const id = await ask()
    await n.proceed(id)
    const pids = { consumerPid: `urn:uuid:${id}`, providerPid: pidFor(`urn:uuid:${id}`) }
    const narrower = { ...theirs, target: 'urn:kit:data', ...agreeable }
    await kit.post(`/dsp/negotiations/${pids.consumerPid}/offers`, kit.message('ContractOfferMessage', { ...pids, offer: narrower }))
    await n.settle()
    expect((await state(id)).state).toBe('OFFERED')
    await n.done(stepNegotiation, { negotiation: id, step: 'accept' })
    await n.proceed(id)
    await kit.next('ContractNegotiationEventMessage', pids.consumerPid)
    const agreement = { '@id': 'urn:kit:differs', '@type': 'Agreement', target: 'urn:kit:data', assigner: 'a', assignee: 'b', permission: [{ action: 'use' }] }
    await kit.post(`/dsp/negotiations/${pids.consumerPid}/agreement`, kit.message('ContractAgreementMessage', { ...pids, agreement }))
    expect((await kit.next('ContractNegotiationTerminationMessage', pids.consumerPid)).body.code).toBe('terms_differ')
  })

  it('nothing is asked for where the node is not switched on', async () => {
    Object.assign(n.t.door.node, { speaksDataspace: false })
    await expect(ask()).rejects.toMatchObject({ kind: problems.off })
    Object.assign(n.t.door.node, { speaksDataspace: true })
  })
})

it('every message of these tests followed the published schemas', () => {
  expect(kit.faults).toEqual([])
})

describe('two nodes', () => {
  let m: DataspaceNode
  beforeAll(async () => {
    m = await dataspaceNode()
    const clinic = await n.participant('clinic', `${m.at}/dsp`)
    const hospital = await m.participant('hospital', `${n.at}/dsp`, `Bearer ${clinic.key}`)
    await n.done(changeParticipant, { participant: clinic.participant, authorization: `Bearer ${hospital.key}` })
    await n.publish({ ...offered('clinic'), uid: 'wards-clinic' })
  })
  afterAll(() => m?.close())
  const settle = async () => {
    for (let turn = 0; turn < 6; turn++) await Promise.all([n.settle(), m.settle()])
  }

  /** A transfer that has started, under an agreement on the one dataset of that name. */
  async function begun(wanted: string): Promise<string> {
    const { datasets } = await m.done<{ datasets: { id: string; offers: { understood: boolean; offer: object }[] }[] }>(readRemoteCatalogue, {
      partner: 'hospital',
    })
    const found = datasets.find(({ id }) => id === wanted)
    expect(found?.offers.map(({ understood }) => understood)).toEqual([true])
    const { id } = await m.done<{ id: string }>(negotiate, { partner: 'hospital', dataset: wanted, offer: found?.offers[0]?.offer })
    await m.proceed(id)
    await settle()
    const view = await m.done<{ state: string; agreement: string }>(readNegotiation, { negotiation: id })
    expect(view).toMatchObject({ state: 'FINALIZED', agreement: expect.stringMatching(/^urn:uuid:/) })
    const asked = await fetch(`${m.at}/v1/dataspace/transfers`, {
      method: 'POST',
      headers: { authorization: 'Bearer officer', 'content-type': 'application/json' },
      body: JSON.stringify({ partner: 'hospital', agreement: view.agreement }),
    })
    const { id: transfer } = (await asked.json()) as { id: string }
    await settle()
    return transfer
  }
  const fetched = async (transfer: string, purpose?: string) => {
    const query = purpose === undefined ? '' : `?purpose=${encodeURIComponent(purpose)}`
    const answer = await fetch(`${m.at}/v1/dataspace/transfers/${transfer}/data${query}`, { headers: { authorization: 'Bearer officer' } })
    const text = await answer.text()
    return { status: answer.status, text, type: answer.ok ? undefined : (JSON.parse(text) as { type: string }).type }
  }

  it('negotiate and transfer with each other', async () => {
    const transfer = await begun(dataset)
    const data = await fetched(transfer, 'dpv:ScientificResearch')
    expect(data.text.trim().split(/\r?\n/)).toEqual(['ward,beds', 'North,12', 'South,30', 'East,7'])
    expect(m.t.entries.find(({ type }) => type === 'dataspace.fetch')?.facts).toMatchObject({ purpose: 'dpv:ScientificResearch' })
    await m.proceed(transfer)
    await settle()
    expect(await m.done(readTransfer, { transfer })).toMatchObject({ state: 'COMPLETED', role: 'consumer', purposes: ['dpv:ScientificResearch'] })
    const states = await n.within((tx) =>
      tx.query("SELECT state FROM dataspace.process WHERE tenant_id = $1 AND kind = 'transfer' ORDER BY id DESC LIMIT 1", [n.t.tenant]),
    )
    expect(states).toEqual([{ state: 'COMPLETED' }])
  })

  it('the one that takes keeps to the words: for no other purpose, and not after the end, though the other side would give it', async () => {
    await n.upload('month', 'a\n1\n', 'none')
    await n.done(setDeciding, { table: 'open.month', decides: 'policy' })
    const until = new Date(n.t.clock.nowMs() + 60_000).toISOString()
    const limit = { leftOperand: 'dateTime', operator: 'lteq', rightOperand: until }
    const rule = { target: 'open.month', fields: { a: { mask: 'keep' } }, constraint: [limit] }
    await n.publish({ ...offered('clinic', rule), uid: 'month-clinic' })
    const transfer = await begun('urn:gatehouse:table:open.month')
    for (const purpose of [undefined, 'dpv:DirectMarketing', 'dpv:ResearchAndDevelopment', 'nonsense'])
      expect(await fetched(transfer, purpose)).toMatchObject({ status: 403, type: '/problems/dataspace/purpose-not-agreed' })
    // Its own clock alone: the other side has not ended anything.
    m.t.clock.advance(Date.parse(until) - m.t.clock.nowMs() + 1_000)
    expect(await fetched(transfer, 'dpv:ScientificResearch')).toMatchObject({ status: 409, type: '/problems/dataspace/agreement-over' })
    await m.proceed(transfer)
    expect(await m.done(readTransfer, { transfer })).toMatchObject({ state: 'TERMINATED', reason: 'agreement_over' })
  })
})
