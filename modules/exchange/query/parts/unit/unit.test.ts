/** Runs whose people are linked by encodings through a linkage unit: York asks, Leeds has the other table, Ripon compares and holds nothing. */
import { randomUUID } from 'node:crypto'
import { addSeconds, instantOf } from '@gatehouse/core/instant'
import { toBase64url } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { clksFrom } from '@gatehouse/linkage/bloom/clk'
import { clkEncoder } from '@gatehouse/linkage/bloom/encode'
import { groupsAmong } from '@gatehouse/linkage/bloom/groups'
import type { QueryPlanInput } from '@gatehouse/query/plan/schema'
import { clkSchemaOf } from '@gatehouse/query/steps/encode'
import type { Principal } from '@gatehouse/runtime/base/context'
import { listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { putPart, readPart, tableKey } from '../../../../custody/catalog/index.ts'
import { removeMember } from '../../../../governance/projects/members.ts'
import { approvePeer, suspendPeer } from '../../../federation/peers/life.ts'
import { rotateKey } from '../../../linkage/keys/rotate.ts'
import { setBudget } from '../../budget/settings.ts'
import { readCell } from '../../results/cells.ts'
import { readResult } from '../../results/read.ts'
import type { CellOrigin, ResultView } from '../../results/schema.ts'
import { cancelRun } from '../../runs/cancel.ts'
import { silentSeconds } from '../../runs/queue.ts'
import type { RunView } from '../../runs/schema.ts'
import { takeRun } from '../../runs/store.ts'
import { attached } from '../receive.ts'
import { type Joined, type Member, type Mesh, mesh, type Seen } from '../testing/mesh.ts'
import { groupsKey, ownKeys } from './keys.ts'
import type { EncodingsBody, GroupsBody } from './schema.ts'

type Person = readonly [given: string, family: string, born: string, postcode: string]
const syllables = [
  'ba',
  'cor',
  'dun',
  'el',
  'fra',
  'gis',
  'hul',
  'im',
  'jas',
  'kro',
  'lem',
  'mun',
  'nor',
  'op',
  'pel',
  'qua',
  'ris',
  'sto',
  'tav',
  'urs',
  'vex',
  'wil',
  'yor',
  'zan',
]
/** Numbers without a pattern, the same each time. */
function drawOf(seed: number): (below: number) => number {
  let state = (seed + 1) * 2_654_435_761
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0
    return (state >>> 8) % below
  }
}
const two = (number: number) => String(number).padStart(2, '0')
function personOf(n: number): Person {
  const draw = drawOf(n)
  const name = (length: number) => Array.from({ length }, () => syllables[draw(syllables.length)]).join('')
  const letter = (of: string) => of[draw(of.length)] as string
  const born = `${1930 + draw(70)}-${two(1 + draw(12))}-${two(1 + draw(28))}`
  return [name(3), name(4), born, `YO${1 + draw(30)} ${1 + draw(9)}${letter('ABDEFGHJLN')}${letter('PQRSTUWXYZ')}`]
}
const swapped = (text: string, at: number) => text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2)
/** As somebody else wrote it down: letters swapped, left out or doubled, a digit off; of every fourth nothing at all. */
const slipped = (n: number): Person => {
  const [given, family, born, postcode] = personOf(n)
  if (n % 4 === 0) return [given, family, born, postcode]
  if (n % 4 === 1) return [swapped(given, 2), family, born, postcode]
  if (n % 4 === 2) return [given, family.slice(0, 4) + family.slice(5), born, postcode]
  return [given, family, born.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)).replace(/-00$/, '-01'), postcode]
}
const atYork = Array.from({ length: 160 }, (_, n) => personOf(n))
/** A hundred and twenty of York's, some of them twice, and forty whom York does not know. */
const atLeeds = [...Array.from({ length: 120 }, (_, n) => slipped(n)), ...Array.from({ length: 40 }, (_, n) => personOf(500 + n)), slipped(1), slipped(2)]
const illnesses = ['asthma', 'gout', 'migraine']
const peopleCsv = `given,family,born,postcode,decade\n${atYork.map((one, n) => `${one.join(',')},${1950 + (n % 4)}`).join('\n')}\n`
const visitsCsv = `forename,surname,dob,post_code,diagnosis\n${atLeeds.map((one, n) => `${one.join(',')},${illnesses[n % 3]}`).join('\n')}\n`

const plan = (method: object = {}, more: Partial<QueryPlanInput> = {}): QueryPlanInput => ({
  version: 1,
  form: 'anonymised',
  sources: [
    { as: 'people', table: 'hospital.people' },
    { as: 'visits', table: 'leeds/hospital.visits' },
  ],
  elements: [
    { name: 'decade', source: 'people', column: 'decade', role: 'quasi', type: 'integer', hierarchy: { kind: 'interval', widths: [2, 4] } },
    { name: 'diagnosis', source: 'visits', column: 'diagnosis', role: 'sensitive' },
  ],
  linkage: {
    keys: [
      { name: 'given', form: 'name', columns: { people: 'given', visits: 'forename' } },
      { name: 'family', form: 'name', columns: { people: 'family', visits: 'surname' } },
      { name: 'born', form: 'date', columns: { people: 'born', visits: 'dob' } },
      { name: 'postcode', form: 'postcode', columns: { people: 'postcode', visits: 'post_code' } },
    ],
    method: { kind: 'encoded', unit: 'ripon', ...method },
    keep: 'linked',
  },
  treatment: { models: [{ model: 'k_anonymity', k: 5 }], suppression_limit: 0.2 },
  output: { title: 'Diagnoses by decade', formats: ['csv', 'json'] },
  ...more,
})

let m: Mesh
let york: Member
let leeds: Member
let ripon: Member
let shared: Joined
let owner: Principal
beforeAll(async () => {
  m = await mesh('york', 'leeds', 'ripon')
  ;[york, leeds, ripon] = [m.at('york'), m.at('leeds'), m.at('ripon')]
  owner = await york.staff(['data_owner'])
  const direct = (names: readonly string[]) => names.map((name) => ({ name, identifier_role: 'direct' }))
  await york.say(await york.upload('people', peopleCsv), [...direct(['given', 'family', 'born', 'postcode']), { name: 'decade', identifier_role: 'quasi' }])
  await leeds.say(await leeds.upload('visits', visitsCsv), [
    ...direct(['forename', 'surname', 'dob', 'post_code']),
    { name: 'diagnosis', identifier_role: 'sensitive' },
  ])
  shared = await joined()
})
afterAll(() => m?.close())

const there = (of: Joined, node: string) => of.there[node] as NonNullable<Joined['there'][string]>
const willing = (of: Joined, linkage_unit: boolean) =>
  ripon.done(setBudget, { project: there(of, 'ripon').project, epsilon_total: 1, floor: 10, clean_results: 'reviewed', linkage_unit }, ripon.officer)
async function joined(acts = true): Promise<Joined> {
  const of = await m.project('york', { york: ['hospital.people'], leeds: ['hospital.visits'], ripon: [] })
  if (acts) await willing(of, true)
  return of
}
async function begun(of: Joined, document = plan()): Promise<string> {
  m.clock.advance(1_000)
  const run = await york.start(of, await york.plan(of, document))
  await york.work()
  return run.id
}
async function ended(of: Joined, document?: QueryPlanInput): Promise<RunView> {
  const run = await begun(of, document)
  await m.settle()
  return york.look(of, run)
}
const look = (of: Joined, run: string) => york.look(of, run)
const linkedIn = ({ steps }: RunView) => steps.find(({ id }) => id === 'link')?.rows_out
const holding = (kind: string) => (one: string) => one === kind
const sentBy = async (node: Member, kind: string) =>
  (await node.within((tx) => tx.query('SELECT id FROM federation.sent WHERE tenant_id = $1 AND kind = $2', [tx.tenant, kind]))).length
const objects = async (node: Member, prefix: string) => {
  const found: string[] = []
  for await (const { name } of listAll(node.t.blobs, `${prefix}/${node.t.tenant}/`)) found.push(name)
  return found
}

/** What the engine finds where both tables lie side by side. */
function foundTogether(threshold: number): number {
  const keys = ['given', 'family', 'born', 'postcode'] as const
  const forms = ['name', 'name', 'date', 'postcode'] as const
  const schema = clkSchemaOf({ keys: keys.map((name, at) => ({ name, column: name, form: forms[at] ?? 'text' })), keysMin: 2 })
  const encoder = clkEncoder(nodePrimitives, new Uint8Array(32).fill(1), schema)
  const encode = (people: readonly Person[]) => {
    const distinct = [...new Map(people.map((one) => [one.join(), one])).values()]
    const filters = distinct.map((one) => encoder.encode(Object.fromEntries(keys.map((name, at) => [name, one[at]]))).clk)
    return clksFrom(encoder.schemaHash, encoder.bits, filters)
  }
  const ids = groupsAmong([encode(atYork), encode(atLeeds)], { threshold })
  return ids.length - new Set(ids).size
}

/** Every cell of every table of a node, its objects, its log and its ledger; but for its own tables of people, of which it has none here. */
async function kept({ t }: Member): Promise<string> {
  const found: string[] = [t.logLines.join('\n'), JSON.stringify(t.entries)]
  const names = await t.database.transaction('node', (tx) =>
    tx.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    ),
  )
  for (const { name } of names) {
    const rows = await t.database.transaction(t.tenant, (tx) => tx.query<Record<string, unknown>>(`SELECT * FROM ${name}`)).catch(() => [])
    for (const row of rows)
      for (const cell of Object.values(row))
        found.push(Buffer.isBuffer(cell) ? cell.toString('latin1') : typeof cell === 'string' ? cell : JSON.stringify(cell))
  }
  for await (const { name } of listAll(t.blobs, '')) {
    const parts: Uint8Array[] = []
    for await (const part of (await t.blobs.get(name)) ?? []) parts.push(part)
    found.push(Buffer.concat(parts).toString('latin1'))
  }
  return found.join('\n')
}

describe('a run with a linkage unit', () => {
  it('links people whose names have slips, comes to what the engine finds with both tables at hand, and says who linked', async () => {
    const of = shared
    const run = await begun(of)
    expect(await look(of, run)).toMatchObject({
      state: 'waiting_for_node',
      nodes: [
        { node: 'leeds', links: false },
        { node: 'ripon', links: true, state: 'asked' },
      ],
    })
    await m.settle()
    const held = await look(of, run)
    expect(held).toMatchObject({ state: 'held_for_review', nodes: [{ state: 'answered' }, { node: 'ripon', state: 'answered', sources: [] }] })
    expect(foundTogether(0.8)).toBe(120)
    expect(linkedIn(held)).toBe(120)
    const result = await york.done<ResultView>(readResult, { project: of.project, result: held.result }, of.lead)
    expect(result).toMatchObject({ partial: false, nodes: [{ node: 'leeds' }, { node: 'ripon', sources: [], state: 'answered', decision: null }] })
    const cell = await york.done<CellOrigin>(readCell, { project: of.project, result: held.result, row: 0, column: 'diagnosis' }, owner)
    expect(cell).toMatchObject({ linked_by: 'ripon', sources: [{ node: 'leeds' }] })
  })

  it('links by the threshold that was asked for', async () => {
    const alike = foundTogether(0.97)
    expect(alike).toBeGreaterThan(20)
    expect(alike).toBeLessThan(100)
    expect(linkedIn(await ended(shared, plan({ threshold: 0.97 })))).toBe(Math.round(alike / 5) * 5)
  })

  it('gives the unit encodings and nothing else: no value, key or token is in anything that it keeps or was told, and nothing is left of it', async () => {
    const of = shared
    const before = ripon.seen.length
    const run = await begun(of)
    await m.deliver()
    await leeds.work()
    await m.deliver()
    const waiting = await kept(ripon)
    await m.settle()
    expect(await look(of, run)).toMatchObject({ state: 'held_for_review' })
    const told = ripon.seen.slice(before)
    const said = told.map(({ kind }) => kind).filter((kind) => kind !== 'mesh.receipt')
    expect(said.toSorted()).toEqual(['query.compare', 'query.encodings', 'query.encodings'])
    const { message } = told.find(({ kind, message: { from } }) => kind === 'query.encodings' && from === 'leeds') as Seen
    const { tables } = message.body as EncodingsBody
    // Two of Leeds' rows are alike in all keys to others.
    expect([tables.visits?.records, message.attachments.length]).toEqual([160, 1])
    const issued = await leeds.within((tx) => tx.query<{ audience: string }>('SELECT audience FROM linkage.received_key WHERE tenant_id = $1', [tx.tenant]))
    expect(issued.length).toBeGreaterThan(0)
    expect(await ripon.within((tx) => tx.query('SELECT 1 FROM linkage.received_key', []))).toEqual([])
    expect(await york.within((tx) => tx.query(`SELECT 1 FROM linkage.issued_key WHERE peer = 'ripon'`, []))).toEqual([])
    const { way } = await ownKeys(leeds.node, leeds.t.tenant, (await errandOf(run)).run_id)
    const secrets = [toBase64url(way), Buffer.from(way).toString('hex'), Buffer.from(way).toString('latin1'), 'fit1.']
    const sought = [...atYork, ...atLeeds].flat()
    const everything = [waiting, await kept(ripon), JSON.stringify(told)]
    const found = (values: readonly string[]) => values.filter((value) => everything.some((text) => text.includes(value)))
    expect(found([...sought, ...secrets, 'hospital.visits', 'surname'])).toEqual([])
    // The search itself finds what is there.
    expect(found([run])).toEqual([run])
    // And nothing is left but that it compared, of whom and for whom.
    m.clock.advance(1_000)
    await m.tidy()
    expect([await objects(ripon, 'groups'), await objects(york, 'encodings'), await objects(leeds, 'encodings')]).toEqual([[], [], []])
    expect(await ripon.within((tx) => tx.query('SELECT 1 FROM query.encodings_received WHERE foreign_run = $1', [run]))).toEqual([])
    const written = ripon.t.entries.filter(({ facts }) => facts.details?.foreign_run === run)
    expect(written.map(({ type }) => type)).toEqual(['query.comparison_taken', 'query.comparison_ended'])
    expect(written[1]?.facts).toMatchObject({
      object: { kind: 'project', id: there(of, 'ripon').project },
      details: { node: 'york', state: 'compared', parties: 'leeds, york' },
    })
  })

  it('tells each node of its own rows alone, by groups that mean nothing in another run', async () => {
    const groupsOf = async () => {
      const run = (await ended(shared)).id
      const { message } = leeds.seen.findLast(({ kind }) => kind === 'query.groups') as Seen
      const body = message.body as GroupsBody
      expect([Object.keys(body.tables), body.absent, message.attachments.length]).toEqual([['visits'], [], 1])
      return { run, message, body }
    }
    const [one, other] = [await groupsOf(), await groupsOf()]
    expect(one.message.attachments[0]?.size).toBe(other.message.attachments[0]?.size)
    // 160 groups of 12 bytes and the seal: as many as it sent, whoever was found.
    expect(one.message.attachments[0]?.size).toBe(160 * 12 + 28)
    expect(leeds.seen.some(({ kind }) => kind === 'query.compare' || kind === 'query.encodings')).toBe(false)
    expect(one.body.run).not.toBe(other.body.run)
  })
})

const errandOf = async (run: string) =>
  (
    await leeds.within((tx) => tx.query<{ run_id: string }>('SELECT run_id FROM query.errand WHERE tenant_id = $1 AND foreign_run = $2', [tx.tenant, run]))
  )[0] as { run_id: string }

describe('the unit decides', () => {
  const refusedWith = async (of: Joined, reason: string) =>
    expect(await ended(of)).toMatchObject({
      state: 'refused',
      reason: 'node_refused',
      detail: expect.stringContaining(`It is ripon, which says ${reason}.`),
      result: null,
      nodes: expect.arrayContaining([expect.objectContaining({ node: 'ripon', state: 'refused', reason })]),
    })

  it('whether it acts as one in this project, until it says otherwise', async () => {
    const of = await joined(false)
    await refusedWith(of, 'unit_unwilling')
    await willing(of, true)
    expect(await ended(of)).toMatchObject({ state: 'held_for_review' })
    const run = await begun(of)
    await m.deliver()
    await willing(of, false)
    await m.settle()
    expect(await look(of, run)).toMatchObject({ state: 'refused', detail: expect.stringContaining('ripon, which says unit_unwilling') })
    expect(await ripon.within((tx) => tx.query('SELECT 1 FROM query.encodings_received WHERE foreign_run = $1', [run]))).toEqual([])
  })

  it('on the person, by its own word on them, and no partial result is made without it', async () => {
    const of = await joined()
    await ripon.done(removeMember, { project: there(of, 'ripon').project, member: there(of, 'ripon').membership }, ripon.officer)
    await refusedWith(of, 'not_member')
    const run = await ended(of, plan({}, { nodes: { partial: 'allowed', deadline_hours: 2 } }))
    expect(run).toMatchObject({ state: 'refused', reason: 'node_refused', result: null })
  })

  it('on the nodes whose encodings it is to take; and they on it', async () => {
    await ripon.done(suspendPeer, { peer: 'leeds' }, ripon.officer)
    await refusedWith(shared, 'party_unknown')
    await ripon.done(approvePeer, { peer: 'leeds', fingerprint: m.prints.get('leeds') }, ripon.officer)
    await leeds.done(suspendPeer, { peer: 'ripon' }, leeds.officer)
    expect(await ended(shared)).toMatchObject({ state: 'refused', detail: expect.stringContaining('leeds, which says node_unknown') })
    await leeds.done(approvePeer, { peer: 'ripon', fingerprint: m.prints.get('ripon') }, leeds.officer)
    await york.done(suspendPeer, { peer: 'ripon' }, york.officer)
    expect(await ended(shared)).toMatchObject({ state: 'refused', reason: 'node_unknown', detail: expect.stringContaining('It is ripon.') })
    await york.done(approvePeer, { peer: 'ripon', fingerprint: m.prints.get('ripon') }, york.officer)
  })

  it('and takes encodings of no node that it was not told of, none twice, and none behind the time', async () => {
    const of = shared
    const run = await begun(of)
    await m.settle()
    const held = await look(of, run)
    const late = ripon.seen.findLast(({ kind, message }) => kind === 'query.encodings' && message.from === 'leeds') as Seen
    const answered = await sentBy(ripon, 'query.groups')
    await ripon.again(late)
    await ripon.again({ ...late, message: { ...late.message, from: 'york' } })
    await m.settle()
    expect([await look(of, run), await sentBy(ripon, 'query.groups')]).toEqual([held, answered])
    expect(leeds.seen.findLast(({ kind }) => kind === 'query.encodings_refused')?.message.body).toEqual({ run, reason: 'too_late' })
  })
})

describe('what goes wrong', () => {
  it('at the unit: it never answers, and the run ends by the deadline with the unit named', async () => {
    const run = await begun(shared, plan({}, { nodes: { deadline_hours: 2, partial: 'allowed' } }))
    await m.settle(holding('query.compare'))
    m.clock.advance(3 * 3_600_000)
    await m.tidy()
    await york.work()
    expect(await look(shared, run)).toMatchObject({ state: 'expired', reason: 'node_expired', detail: expect.stringContaining('It is ripon.'), result: null })
    await m.settle()
  })

  it('at a node: it sends nothing, and is left out where the plan allows it, or ends the run where it does not', async () => {
    const without = async (partial: 'allowed' | 'refused') => {
      const run = await begun(shared, plan({}, { nodes: { deadline_hours: 2, partial } }))
      await m.deliver(holding('query.part'))
      m.clock.advance(61 * 60_000)
      await m.settle(holding('query.part'))
      return run
    }
    const [some, none] = [await without('allowed'), await without('refused')]
    const held = await look(shared, some)
    expect(held).toMatchObject({
      state: 'held_for_review',
      nodes: [
        { node: 'leeds', state: 'expired' },
        { node: 'ripon', state: 'answered' },
      ],
    })
    expect(await york.done<ResultView>(readResult, { project: shared.project, result: held.result }, shared.lead)).toMatchObject({ partial: true })
    expect(await look(shared, none)).toMatchObject({ state: 'refused', detail: expect.stringContaining('ripon, which says encodings_missing') })
    await m.settle()
    expect(await look(shared, some)).toEqual(held)
  })

  it('with what the unit gives back: too few, one for two people, or of another key', async () => {
    const changes: readonly ((bytes: Uint8Array) => Uint8Array | undefined)[] = [
      (bytes) => bytes.subarray(12),
      (bytes) => Buffer.concat([bytes.subarray(0, 12), bytes.subarray(0, 12), bytes.subarray(24)]),
      () => undefined,
    ]
    const runs: string[] = []
    for (const _ of changes) runs.push(await begun(shared))
    await m.settle(holding('query.groups'))
    for (const [at, run] of runs.entries()) {
      const { run_id } = await errandOf(run)
      const [row] = await leeds.within((tx) =>
        tx.query<{ attachments: { blob: string }[] }>(
          `SELECT attachments FROM federation.received WHERE kind = 'query.groups' AND state = 'ready' AND thread = $1`,
          [run],
        ),
      )
      const blob = row?.attachments[0]?.blob ?? ''
      const file = `groups/${ripon.t.tenant}/york/${run}/leeds/visits`
      const key = tableKey(ripon.t.tenant, file, groupsKey(nodePrimitives, (await ownKeys(leeds.node, leeds.t.tenant, run_id)).way))
      const bytes = (await readPart(attached(leeds.t.blobs, { ...key, blobs: { groups: blob } }), nodePrimitives, key, 'groups')) as Uint8Array
      const changed = changes[at]?.(bytes)
      const put = { ...leeds.t.blobs, put: (_: string, body: AsyncIterable<Uint8Array>) => leeds.t.blobs.put(blob, body) }
      await putPart(put, nodePrimitives, changed === undefined ? { ...key, key: new Uint8Array(32) } : key, 'groups', changed ?? bytes)
    }
    await m.settle()
    for (const run of runs)
      expect(await look(shared, run)).toMatchObject({ state: 'refused', detail: expect.stringContaining('leeds, which says unit_unusable'), result: null })
  })

  it('with the key of encodings: it ends while the unit compares, and what was linked with it is given to nobody', async () => {
    const of = await joined()
    const run = await begun(of)
    await m.settle(holding('query.groups'))
    m.clock.advance(1_000)
    await york.done(rotateKey, { project: of.project, overlap_days: 0 }, york.officer)
    await m.settle()
    expect((await look(of, run)).reason).toMatch(/^(key_ended|node_refused)$/)
    expect(await look(of, run)).toMatchObject({ state: 'refused', result: null })
    expect(await ended(of)).toMatchObject({ state: 'held_for_review' })
  })

  it('with the run: it is cancelled, and the unit forgets what it got', async () => {
    const run = await begun(shared)
    await m.deliver()
    await leeds.work()
    await m.deliver()
    const waiting = () => ripon.within((tx) => tx.query('SELECT 1 FROM query.encodings_received WHERE foreign_run = $1', [run]))
    expect(await waiting()).toHaveLength(2)
    await york.done(cancelRun, { project: shared.project, run }, shared.analyst)
    await m.settle()
    expect(await look(shared, run)).toMatchObject({ state: 'cancelled', nodes: [{ state: 'cancelled' }, { state: 'cancelled' }] })
    expect(await waiting()).toEqual([])
  })

  it('with processes, that are killed between any two steps: each node has sent once, the unit has answered once, and there is one result', async () => {
    const killed = async (node: Member, run: string) => {
      const at = instantOf(m.clock.nowMs())
      expect((await node.within((tx) => takeRun(tx, run as never, randomUUID(), at, addSeconds(at, -silentSeconds))))?.state).toBe('checking')
      m.clock.advance((silentSeconds + 1) * 1_000)
      return node.conduct(run)
    }
    const counts = async () => [await sentBy(york, 'query.encodings'), await sentBy(leeds, 'query.encodings'), await sentBy(ripon, 'query.groups')]
    const before = await counts()
    m.clock.advance(1_000)
    const run = await york.start(shared, await york.plan(shared, plan()))
    expect(await killed(york, run.id)).toMatchObject({ output: { outcome: 'waiting_for_node' } })
    await m.deliver()
    const { run_id: errand } = await errandOf(run.id)
    expect(await killed(leeds, errand)).toMatchObject({ output: { outcome: 'waiting' } })
    m.clock.advance(6_000)
    expect(await killed(leeds, errand)).toMatchObject({ output: { outcome: 'waiting' } })
    await m.deliver()
    await ripon.tidy()
    expect(await ripon.compare()).toEqual(expect.arrayContaining(['compared', 'not_open']))
    await m.deliver()
    m.clock.advance(6_000)
    expect(await killed(leeds, errand)).toMatchObject({ output: { outcome: 'made' } })
    await m.deliver()
    expect(await killed(york, run.id)).toMatchObject({ output: { outcome: 'made' } })
    await m.settle()
    expect(await look(shared, run.id)).toMatchObject({ state: 'held_for_review' })
    expect(await counts()).toEqual([(before[0] ?? 0) + 1, (before[1] ?? 0) + 1, (before[2] ?? 0) + 2])
  })
})
