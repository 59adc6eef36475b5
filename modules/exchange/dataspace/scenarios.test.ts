/**
 * The mandatory scenarios of the public compatibility kit, through real HTTP. Where the kit's order of messages is public it is that order; the others
 * are of the same kind, by the table of states. `H` is the counterparty, `us` the node; `!` marks a message that has to be refused.
 */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { declareRule, type Step } from './processes/rule.ts'
import { agreementById, beginAgreement, insertAgreement } from './processes/store.ts'
import { offerOf } from './protocol/names.ts'
import { otherRole, type ProtocolEvent, type Role, type State, stateAfter } from './states.ts'
import { Counterpart, pidFor } from './testing/counterpart.ts'
import { type DataspaceNode, dataspaceNode, offered, reference } from './testing/dataspace.ts'
import { messageFaults } from './testing/schemas.ts'

const scenarios: Readonly<Record<string, string>> = {
  'CN:01-01': 'H request > us offer > H terminate',
  'CN:01-02': 'H request > us offer > H counter > us offer > H accept > us agree > H verify > us finalize',
  'CN:01-03': 'H request > us offer > H accept > us agree > H verify > us finalize',
  'CN:01-04': 'H request > us agree > H verify > us finalize',
  'CN:02-01': 'H request > us terminate',
  'CN:02-02': 'H request > H terminate',
  'CN:02-03': 'H request > us agree > H terminate',
  'CN:02-04': 'H request > us offer > H accept > H terminate',
  'CN:02-05': 'H request > us offer > us terminate',
  'CN:02-06': 'H request > us offer > H accept > us terminate',
  'CN:02-07': 'H request > us agree > us terminate',
  'CN:03-01': 'H request > us agree > H verify > us finalize > H terminate!',
  'CN:03-02': 'H request > us offer > H verify!',
  'CN:03-03': 'H request > us offer > H accept > H verify!',
  'CN:03-04': 'H request > us offer > H counter > H counter!',
  'CN_C:01-01': 'us request > H offer > us accept > H agree > us verify > H finalize',
  'CN_C:01-02': 'us request > H offer > us counter > H agree > us verify > H finalize',
  'CN_C:01-03': 'us request > H offer > us terminate',
  'CN_C:01-04': 'us request > H agree > us verify > H finalize',
  'CN_C:02-01': 'us request > H terminate',
  'CN_C:02-02': 'us request > us terminate',
  'CN_C:02-03': 'us request > H agree > us terminate',
  'CN_C:02-04': 'us request > H offer > H terminate',
  'CN_C:02-05': 'us request > H offer > us accept > H terminate',
  'CN_C:02-06': 'us request > H agree > us verify > H terminate',
  'CN_C:03-01': 'us request > H finalize!',
  'CN_C:03-02': 'us request > H offer > H agree!',
  'CN_C:03-03': 'us request > H offer > H finalize!',
  'CN_C:03-04': 'us request > H offer > us accept > H finalize!',
  'CN_C:03-05': 'us request > H offer > us accept > H offer!',
  'CN_C:03-06': 'us request > H offer > us accept > H agree > H finalize!',
  'TP:01-01': 'H request > us start > us terminate',
  'TP:01-02': 'H request > us start > us complete',
  'TP:01-03': 'H request > us start > us suspend > us terminate',
  'TP:01-04': 'H request > us start > us suspend > us start > us complete',
  'TP:01-05': 'H request > us terminate',
  'TP:02-01': 'H request > us start > H terminate',
  'TP:02-02': 'H request > us start > H complete',
  'TP:02-03': 'H request > us start > H suspend > H terminate',
  'TP:02-04': 'H request > us start > H suspend > H start > H complete',
  'TP:02-05': 'H request > H terminate',
  'TP:03-01': 'H request > H complete!',
  'TP:03-02': 'H request > H suspend!',
  'TP:03-03': 'H request > us start > H suspend > H complete!',
  'TP:03-04': 'H request > us start > H terminate > H start!',
  'TP:03-05': 'H request > us start > H terminate > H suspend!',
  'TP:03-06': 'H request > us start > H terminate > H complete!',
  'TP_C:01-01': 'us request > H start > H terminate',
  'TP_C:01-02': 'us request > H start > H complete',
  'TP_C:01-03': 'us request > H start > H suspend > H terminate',
  'TP_C:01-04': 'us request > H start > H suspend > H start > H complete',
  'TP_C:01-05': 'us request > H terminate',
  'TP_C:02-01': 'us request > H start > us terminate',
  'TP_C:02-02': 'us request > H start > us complete',
  'TP_C:02-03': 'us request > H start > us suspend > us terminate',
  'TP_C:02-04': 'us request > H start > us suspend > us start > us complete',
  'TP_C:02-05': 'us request > us terminate',
  'TP_C:03-01': 'us request > H complete!',
  'TP_C:03-02': 'us request > H suspend!',
  'TP_C:03-03': 'us request > H start > H suspend > H complete!',
  'TP_C:03-04': 'us request > H start > H terminate > H start!',
  'TP_C:03-05': 'us request > H start > H terminate > H suspend!',
  'TP_C:03-06': 'us request > H start > H terminate > H complete!',
}

let n: DataspaceNode
let kit: Counterpart
let partner: Awaited<ReturnType<DataspaceNode['participant']>>
let offer: string
let given: string
/** What the node does in a scenario and in which state, by what the process is called: the seed that the kit asks for. */
const seeds = new Map<string, { state: State; step: Step }[]>()

beforeAll(async () => {
  kit = new Counterpart()
  const address = await kit.open()
  n = await dataspaceNode()
  kit.node = n.at
  partner = await n.participant('kit', address, 'free form')
  kit.key = partner.key
  const { policy, version } = await n.publish(offered('kit'))
  offer = offerOf(policy, version, reference)
  given = await agreed('provider', 'urn:kit:given', policy)
  declareRule(n.t.door.node, async ({ tx }, process) => {
    const agreement = process.agreement_id === null ? undefined : await agreementById(tx, process.agreement_id)
    const names = process.role === 'provider' ? [process.other_pid] : [process.dataset, agreement?.name]
    const script = names.map((name) => seeds.get(name ?? '')).find((found) => found !== undefined)
    const next = script?.[0]
    if (next === undefined || next.state !== process.state) return { step: 'wait' }
    script?.shift()
    return { step: next.step, code: 'seed' }
  })
})
afterAll(async () => {
  await n?.close()
  await kit?.close()
})

/** An agreement in force, as a negotiation leaves it. */
async function agreed(role: Role, name: string, policy: string | null): Promise<string> {
  const id = `01980000-0000-7000-b000-${Buffer.from(name).toString('hex').slice(-12)}` as Id<'agreement'>
  const at = new Date(n.t.clock.nowMs()).toISOString() as Instant
  const body = { '@id': name, '@type': 'Agreement', target: 'urn:kit:data', assigner: 'a', assignee: 'b', timestamp: at, permission: [{ action: 'use' }] }
  const negotiation_id = id as unknown as Id<'negotiation'>
  await n.within(async (tx) => {
    await insertAgreement(tx, {
      id,
      name,
      negotiation_id,
      role,
      partner_id: partner.id,
      dataset: reference,
      body,
      policy_id: policy as Id<'policy'>,
      policy_version: 1,
      agreed_at: at,
    })
    await beginAgreement(tx, id, at)
  })
  return name
}

interface Play {
  readonly steps: readonly { readonly who: 'H' | 'us'; readonly event: ProtocolEvent; readonly word: string; readonly refused: boolean; readonly to: State }[]
  readonly end: State
  readonly seed: { state: State; step: Step }[]
}

/** Follows the words through the table of states: where each step leads, and in which state ours are taken. */
function playOf(id: string, text: string): Play {
  const kind = id.startsWith('CN') ? 'negotiation' : 'transfer'
  const ours: Role = id.includes('_C') ? 'consumer' : 'provider'
  let state: State = 'REQUESTED'
  const seed: Play['seed'] = []
  const steps = text.split(' > ').map((part, index) => {
    const [, who, word, mark] = /^(H|us) (\w+)(!?)$/.exec(part) as unknown as [string, 'H' | 'us', string, string]
    const event = (word === 'counter' ? 'request' : word === 'start' && state === 'SUSPENDED' ? 'resume' : word) as ProtocolEvent
    const sender = who === 'us' ? ours : otherRole(ours)
    const next = index === 0 ? state : stateAfter(kind, state, event, sender)
    if ((next === undefined) !== (mark === '!')) throw new TypeError(`${id}: ${part} in ${state}`)
    if (who === 'us' && index > 0) seed.push({ state, step: event })
    state = next ?? state
    return { who, event, word, refused: mark === '!', to: state }
  })
  return { steps, end: state, seed }
}

const use = { permission: [{ action: 'use' }] }
const types: Readonly<Record<string, string>> = {
  request: 'ContractRequestMessage',
  counter: 'ContractRequestMessage',
  offer: 'ContractOfferMessage',
  accept: 'ContractNegotiationEventMessage',
  agree: 'ContractAgreementMessage',
  verify: 'ContractAgreementVerificationMessage',
  finalize: 'ContractNegotiationEventMessage',
  terminate: 'ContractNegotiationTerminationMessage',
}
const transferTypes: Readonly<Record<string, string>> = {
  request: 'TransferRequestMessage',
  start: 'TransferStartMessage',
  suspend: 'TransferSuspensionMessage',
  complete: 'TransferCompletionMessage',
  terminate: 'TransferTerminationMessage',
}
const paths: Readonly<Record<string, string>> = {
  counter: 'request',
  offer: 'offers',
  accept: 'events',
  finalize: 'events',
  agree: 'agreement',
  verify: 'agreement/verification',
  terminate: 'termination',
  start: 'start',
  suspend: 'suspension',
  complete: 'completion',
}

/** What a message of the kit says besides the pids. */
function bodyOf(word: string, full: { readonly target: string }, id: string): object {
  const parties = { assigner: 'urn:kit:a', assignee: 'urn:kit:b' }
  const agreement = { '@id': `urn:kit:agreement:${id}`, '@type': 'Agreement', target: full.target, ...parties, timestamp: '2026-11-22T09:30:00Z', ...use }
  const dataAddress = { '@type': 'DataAddress', endpointType: 'https://w3id.org/idsa/v4.1/HTTP', endpoint: `${kit.address}/data` }
  const said: Readonly<Record<string, object>> = {
    counter: { offer: { ...full, ...parties } },
    offer: { offer: { ...full, ...parties } },
    accept: { eventType: 'ACCEPTED' },
    finalize: { eventType: 'FINALIZED' },
    agree: { agreement },
    suspend: { code: '1', reason: ['kit'] },
    terminate: { code: '1', reason: ['kit'] },
    start: id.includes('_C') ? { dataAddress } : {},
  }
  return said[word] ?? {}
}

interface Staged extends Play {
  readonly id: string
  readonly negotiating: boolean
  readonly providing: boolean
  readonly folder: string
  readonly full: { readonly '@id': string; readonly '@type': 'Offer'; readonly target: string }
}

const typeIn = ({ negotiating }: Staged, word: string) => (negotiating ? types : transferTypes)[word] as string

function staged(id: string): Staged {
  const negotiating = id.startsWith('CN')
  const providing = !id.includes('_C')
  const target = providing ? `urn:gatehouse:table:${reference}` : `urn:kit:${id}`
  const full = { '@id': providing ? offer : `urn:kit:offer:${id}`, '@type': 'Offer' as const, target, ...use }
  return { ...playOf(id, scenarios[id] as string), id, negotiating, providing, folder: negotiating ? '/dsp/negotiations' : '/dsp/transfers', full }
}

/** The first message, by whichever side. @returns what both call it */
async function opened(scene: Staged) {
  const { id, negotiating, providing, folder, full, seed } = scene
  const name = `urn:kit:${id}`
  if (providing) {
    seeds.set(name, seed)
    const first = negotiating ? { offer: full } : { agreementId: given, format: 'HttpData-PULL' }
    const answer = await kit.post(`${folder}/request`, kit.message(typeIn(scene, 'request'), { consumerPid: name, ...first, callbackAddress: kit.address }))
    expect([answer.status, answer.body.state]).toEqual([201, 'REQUESTED'])
    return { providerPid: String(answer.body.providerPid), consumerPid: name }
  }
  seeds.set(negotiating ? name : await agreed('consumer', name, null), seed)
  const triggered = negotiating
    ? await kit.post('/v1/dataspace/negotiations', { partner: 'kit', dataset: name, offer: { ...full, target: undefined } }, 'officer')
    : await kit.post('/v1/dataspace/transfers', { partner: 'kit', agreement: name }, 'officer')
  expect(triggered.status, JSON.stringify(triggered.body)).toBe(201)
  const consumerPid = `urn:uuid:${triggered.body.id}`
  const came = await kit.next(typeIn(scene, 'request'), consumerPid)
  expect([came.path, came.authorization]).toEqual([`/api${folder}/request`, 'free form'])
  return { providerPid: pidFor(consumerPid), consumerPid }
}

async function run(id: string): Promise<void> {
  const scene = staged(id)
  const { folder, providing, full } = scene
  const pids = await opened(scene)
  const [own, other] = providing ? [pids.providerPid, pids.consumerPid] : [pids.consumerPid, pids.providerPid]
  const said = async (word: string, refused: boolean) => {
    const answer = await kit.post(`${folder}/${own}/${paths[word]}`, kit.message(typeIn(scene, word), { ...pids, ...bodyOf(word, full, id) }))
    if (!refused) return expect([word, answer.status, answer.body.code]).toEqual([word, 200, undefined])
    expect([answer.status >= 400 && answer.status < 500 && answer.status !== 404, messageFaults(answer.body)]).toEqual([true, undefined])
    expect(answer.body).toMatchObject({ '@type': scene.negotiating ? 'ContractNegotiationError' : 'TransferError', ...pids })
  }
  const heard = async (word: string) => {
    const came = await kit.next(typeIn(scene, word), own)
    expect(came.path).toBe(`/api${folder}/${other}/${paths[word]}`)
    if (word === 'start' && providing) expect(came.body.dataAddress).toMatchObject({ '@type': 'DataAddress', endpointProperties: expect.any(Array) })
  }
  for (const { who, word, refused } of scene.steps.slice(1)) await (who === 'us' ? heard(word) : said(word, refused))
  await n.settle()
  const read = await kit.get(`${folder}/${own}`)
  expect([read.status, read.body.state]).toEqual([200, scene.end])
}

describe('version metadata and the catalogue', () => {
  it('MET:01-01', async () => {
    const { status, body } = await kit.get('/.well-known/dspace-version')
    expect([status, body.protocolVersions]).toEqual([200, [{ version: '2025-1', path: '/dsp', binding: 'HTTPS' }]])
  })

  it('CAT:01-01', async () => {
    const { status, body } = await kit.post('/dsp/catalog/request', kit.message('CatalogRequestMessage', {}))
    expect([status, body['@type'], (body.dataset as { '@id': string }[]).map((one) => one['@id'])]).toEqual([
      200,
      'Catalog',
      [`urn:gatehouse:table:${reference}`],
    ])
  })

  it('CAT:01-02', async () => {
    const { status, body } = await kit.get(`/dsp/catalog/datasets/urn:gatehouse:table:${reference}`)
    expect([status, body['@type'], (body.hasPolicy as { '@id': string }[])[0]?.['@id']]).toEqual([200, 'Dataset', offer])
  })

  it('CAT:01-03', async () => {
    const { status, body } = await kit.get('/dsp/catalog/datasets/urn:kit:unknown')
    expect([status, body['@type']]).toEqual([404, 'CatalogError'])
  })
})

describe('the scenarios', () => {
  it.each(Object.keys(scenarios))('%s', run)

  it('are all sixty-seven, and every message both ways followed the published schema', () => {
    expect(Object.keys(scenarios).length + 4).toBe(67)
    expect(kit.faults).toEqual([])
  })
})

describe('a message that comes again', () => {
  const request = (pid: string) =>
    kit.message('ContractRequestMessage', {
      consumerPid: pid,
      offer: { '@id': offer, '@type': 'Offer', target: `urn:gatehouse:table:${reference}`, ...use },
      callbackAddress: kit.address,
    })

  it('changes nothing and is answered as before, also when it comes twice at once', async () => {
    seeds.set('urn:kit:twice', [{ state: 'REQUESTED', step: 'offer' }])
    const answers = await Promise.all([
      kit.post('/dsp/negotiations/request', request('urn:kit:twice')),
      kit.post('/dsp/negotiations/request', request('urn:kit:twice')),
    ])
    expect(new Set(answers.map(({ body }) => body.providerPid)).size).toBe(1)
    const pid = String(answers[0].body.providerPid)
    await kit.next('ContractOfferMessage', pid)
    const accept = kit.message('ContractNegotiationEventMessage', { providerPid: pid, consumerPid: 'urn:kit:twice', eventType: 'ACCEPTED' })
    for (let time = 0; time < 3; time++) expect((await kit.post(`/dsp/negotiations/${pid}/events`, accept)).status).toBe(200)
    const rows = await n.within((tx) =>
      tx.query("SELECT 1 FROM dataspace.message WHERE tenant_id = $1 AND body->>'eventType' = 'ACCEPTED' AND body->>'consumerPid' = $2", [
        n.t.tenant,
        'urn:kit:twice',
      ]),
    )
    expect(rows).toHaveLength(1)
  })

  it('with the same pid and other words is refused', async () => {
    const pid = kit.newPid()
    expect((await kit.post('/dsp/negotiations/request', request(pid))).status).toBe(201)
    const other = { ...request(pid), callbackAddress: `${kit.address}/elsewhere` }
    expect((await kit.post('/dsp/negotiations/request', other)).status).toBe(409)
  })
})

it('a rule is asked for by whoever plays a scenario, so that each of our steps was taken in its state', () => {
  const left = [...seeds].filter(([, script]) => script.length > 0).map(([name]) => name)
  expect(left).toEqual([])
})
