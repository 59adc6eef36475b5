/** Sessions across nodes: what links the rows of several nodes is made by all of them, for one run, and is nobody's afterwards. */
import { randomUUID } from 'node:crypto'
import { addSeconds, instantOf } from '@gatehouse/core/instant'
import type { QueryPlanInput } from '@gatehouse/query/plan/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import { listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { removeMember } from '../../../../governance/projects/members.ts'
import { approvePeer, suspendPeer } from '../../../federation/peers/life.ts'
import { readCell } from '../../results/cells.ts'
import { readResult } from '../../results/read.ts'
import { readRows } from '../../results/rows.ts'
import type { CellOrigin, ResultView } from '../../results/schema.ts'
import { cancelRun } from '../../runs/cancel.ts'
import { runs as listRuns } from '../../runs/list.ts'
import { silentSeconds } from '../../runs/queue.ts'
import type { RunView } from '../../runs/schema.ts'
import { takeRun } from '../../runs/store.ts'
import { hospitalPlan } from '../../testing/query.ts'
import { acrossPlan, type Joined, type Member, type Mesh, mesh, type Seen, spoil } from '../testing/mesh.ts'
import type { Round, SessionBody } from './schema.ts'

let m: Mesh
let york: Member
let leeds: Member
let owner: Principal
let shared: Joined
/** One that went well, whose rounds others may be made of. */
let first: RunView
beforeAll(async () => {
  m = await mesh('york', 'leeds', 'hull')
  york = m.at('york')
  leeds = m.at('leeds')
  owner = await york.staff(['data_owner'])
  await york.staff(['data_owner'])
  shared = await joined()
  first = await ended()
})
afterAll(() => m?.close())
afterEach(() => m.settle())

const joined = () => m.project('york', { york: ['hospital.patients', 'hospital.stays'], leeds: ['hospital.stays'] })
const there = (of: Joined) => of.there.leeds as NonNullable<Joined['there']['leeds']>
/** Half of the people: each takes a round of work in the group. */
const fewer = (plan: QueryPlanInput): QueryPlanInput => ({
  ...plan,
  sources: plan.sources.map((source) => ({
    ...source,
    where: source.as === 'patients' ? { column: 'birth_year', is: 'lt' as const, value: '1954' } : { column: 'days', is: 'lt' as const, value: '7' },
  })),
})
const inSession = (more: Partial<QueryPlanInput> = {}): QueryPlanInput => {
  const plan = fewer(acrossPlan('leeds', more))
  return { ...plan, linkage: { ...(plan.linkage as NonNullable<QueryPlanInput['linkage']>), method: { kind: 'session', passes: [['number']] } } }
}
const look = (run: string, of = shared) => york.look(of, run)
async function begun(of = shared, plan = inSession()) {
  m.clock.advance(1_000)
  const run = await york.start(of, await york.plan(of, plan))
  await york.work()
  return run.id
}
async function ended(of = shared, plan?: QueryPlanInput) {
  const run = await begun(of, plan)
  await m.settle()
  return look(run, of)
}
const errand = async (of = shared) =>
  (await leeds.done<{ data: RunView[] }>(listRuns, { project: there(of).project, limit: 1 }, there(of).lead)).data[0] as RunView
const session = 'query.session'
const roundOf = ({ kind, message }: Seen) => (kind === session ? (message.body as SessionBody).round : undefined)
const heard = (node: Member, round: Round) => node.seen.findLast((one) => roundOf(one) === round) as Seen
/** Whether the node could still take a turn in the session of its run; `undefined` once nothing of that is left. */
const holds = async (node: Member, run: string): Promise<boolean | undefined> => {
  const rows = await node.within((tx) => tx.query<{ held: boolean }>('SELECT wrapped IS NOT NULL AS held FROM query.session WHERE id = $1', [run]))
  return rows[0]?.held
}
const wordsAt = async (node: Member) => (await node.within((tx) => tx.query('SELECT * FROM query.session_word WHERE tenant_id = $1', [tx.tenant]))).length

/** Who works after each delivery: join, open, rows, turn, step, and the run is made. */
const workers = () => [leeds, york, leeds, york, leeds, york]
/** So many rounds are said; the last of them is on its way. */
async function passed(rounds: number, before: (node: Member) => Promise<void> = async () => {}): Promise<void> {
  for (const node of workers().slice(0, rounds)) {
    await m.deliver()
    await before(node)
    await node.work()
  }
}
const broken = { state: 'failed', reason: 'session_broken', result: null }
const refusedAs = (reason: string) => ({ state: 'refused', reason: 'node_refused', result: null, nodes: [{ node: 'leeds', state: 'refused', reason }] })
const rowsOf = async (run: RunView, of = shared) => {
  const { data } = await york.done<{ data: object[] }>(readRows, { project: of.project, result: run.result, limit: 500 }, owner)
  return data.map((row) => JSON.stringify(row)).sort()
}

describe('a run whose rows are linked by a session', () => {
  it('comes to what one node with both tables comes to, and keeps nothing of the session nor of who is in it', async () => {
    const across = first
    const alone = await york.ran(shared, fewer(hospitalPlan))
    expect((await rowsOf(across)).length).toBeGreaterThan(30)
    expect(await rowsOf(across)).toEqual(await rowsOf(alone))
    const apart = await york.within((tx) => tx.query<{ told_apart: object }>('SELECT told_apart FROM query.result WHERE id = $1', [across.result]))
    expect(apart).toEqual([{ told_apart: { 'hospital.patients': null, 'leeds/hospital.stays': null } }])
    expect(await york.within((tx) => tx.query('SELECT FROM query.cohort WHERE result_id = $1', [across.result]))).toEqual([])
    const cell = await york.done<CellOrigin>(readCell, { project: shared.project, result: across.result, row: 0, column: 'diagnosis' }, owner)
    expect(cell.steps.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['seal', 'turn', 'meet', 'link']))
    await m.settle()
    for (const node of [york, leeds]) {
      expect(await holds(node, node === york ? across.id : (await errand()).id)).toBeUndefined()
      expect(await wordsAt(node)).toBe(0)
      for (const prefix of ['parts', 'scratch']) for await (const { name } of listAll(node.t.blobs, `${prefix}/`)) expect(name).toBe('nothing')
    }
  })

  it('is held by three, too, each of whom hears of the others from the node that asked alone', async () => {
    const of = await m.project('york', { york: ['hospital.patients', 'hospital.stays'], leeds: ['hospital.stays'], hull: ['hospital.stays'] })
    const of3 = (plan: QueryPlanInput, tables: readonly string[]): QueryPlanInput =>
      fewer({
        ...plan,
        sources: [
          { as: 'patients', table: 'hospital.patients' },
          { as: 'stays', table: tables[0] as string },
          { as: 'later', table: tables[1] as string },
        ],
        elements: [...plan.elements, { name: 'days', source: 'later', column: 'days', role: 'insensitive', type: 'integer' }],
        linkage: {
          ...(plan.linkage as NonNullable<QueryPlanInput['linkage']>),
          keys: [{ name: 'number', form: 'identifier', columns: { patients: 'patient_number', stays: 'patient_number', later: 'patient_number' } }],
        },
      })
    const across = await ended(of, of3(inSession(), ['leeds/hospital.stays', 'hull/hospital.stays']))
    expect(across).toMatchObject({ state: 'held_for_review' })
    const alone = await york.ran(of, of3(acrossPlan('leeds'), ['hospital.stays', 'hospital.stays']))
    expect(await rowsOf(across, of)).toEqual(await rowsOf(alone, of))
  })

  it('stores no value, no token and no secret in clear while it is held, at no party and not between them', async () => {
    const held = await begun()
    await passed(4)
    await m.deliver()
    const told: string[] = []
    for (const [database, schemas] of [
      [york.t.database, ['query', 'federation', 'linkage']],
      [leeds.t.database, ['query', 'federation', 'linkage']],
      [m.coordinator.database, ['coordinator']],
    ] as const)
      await database.transaction('node', async (tx) => {
        const tables = await tx.query<{ name: string }>(
          `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables WHERE table_schema = ANY($1)`,
          [schemas],
        )
        expect(tables.length).toBeGreaterThan(2)
        for (const { name } of tables)
          told.push(...(await tx.query<{ text: string }>(`SELECT row_to_json(r)::text AS text FROM ${name} r`)).map(({ text }) => text))
      })
    for (const blobs of [york.t.blobs, leeds.t.blobs, m.coordinator.blobs])
      for await (const { name } of listAll(blobs, '')) {
        if (name.startsWith('uploads/')) continue
        for await (const part of (await blobs.get(name)) ?? []) told.push(Buffer.from(part).toString('latin1'))
      }
    const all = told.join('\n')
    // The search itself would see one.
    expect(all).toContain('hospital.stays')
    expect(all).toContain('commitment')
    expect(all).not.toMatch(/\bP1\d\d\b/)
    expect(all).not.toContain('fit1.')
    for (const [node, run] of [
      [york, held],
      [leeds, (await errand()).id],
    ] as const)
      expect(await holds(node, run)).toBe(true)
    await m.settle()
  })
})

describe('a round of a session', () => {
  it('counts once, however often it comes, and from nobody else', async () => {
    const run = await begun()
    const again = async (node: Member) => {
      for (const one of node.seen.filter((seen) => seen.kind === session)) {
        await node.again(one)
        await node.again({ ...one, message: { ...one.message, from: 'hull' } })
      }
    }
    await passed(6, again)
    for (const node of [york, leeds]) await again(node)
    await m.settle()
    expect(await look(run)).toMatchObject({ state: 'held_for_review' })
  })

  it('before its time, or of another session, ends the run by name at both', async () => {
    const old = { join: heard(york, 'join'), step: heard(york, 'step'), turn: heard(leeds, 'turn') }
    const as = ({ kind, message }: Seen, run: string): Seen => ({ kind, message: { ...message, body: { ...(message.body as SessionBody), run } } })
    const early = await begun()
    await passed(1)
    await leeds.again(as(old.turn, early))
    await m.settle()
    expect(await errand()).toMatchObject({ state: 'failed', reason: 'session_broken' })
    expect(await look(early)).toMatchObject(refusedAs('session_broken'))
    const unasked = await begun()
    await passed(1)
    await york.again(as(old.step, unasked))
    await m.settle()
    expect(await look(unasked)).toMatchObject(refusedAs('session_broken'))
    const mixed = await begun()
    await york.again(as(old.join, mixed))
    await m.settle()
    expect(await look(mixed)).toMatchObject({ ...broken, detail: expect.stringMatching(/possession_not_proven/) })
    expect(await errand()).toMatchObject({ state: 'cancelled', reason: 'not_wanted' })
  })

  it('that is changed by whoever carries or says it ends the run by name, and is not asked for anew', async () => {
    const damaged = await begun()
    await passed(3)
    await m.deliver()
    const [word] = await york.within((tx) =>
      tx.query<{ files: Record<string, { blobs: Record<string, string> }> }>(`SELECT files FROM query.session_word WHERE round = 'rows'`),
    )
    await spoil(york, word?.files.stays?.blobs['0000000'] ?? '')
    await m.settle()
    expect(await look(damaged)).toMatchObject({ ...broken, detail: expect.stringMatching(/leeds.*does not open/) })
    expect(await errand()).toMatchObject({ state: 'cancelled', reason: 'not_wanted' })
    const guessed = await begun()
    await passed(2)
    await m.deliver()
    await leeds.within((tx) => tx.change(`UPDATE query.session_word SET body = jsonb_set(body, '{terms,items,york/patients}', '900000') WHERE round = 'open'`))
    await m.settle()
    expect(await look(guessed)).toMatchObject(refusedAs('session_broken'))
    expect((await errand()).detail).toMatch(/at most/)
  })
})

describe('a party that leaves', () => {
  it('once the session is open ends the run by name, also where partial results are allowed; before that the plan decides', async () => {
    const of = await joined()
    const nodes = { partial: 'allowed', deadline_hours: 2 } as const
    const partial = await begun(of, inSession({ nodes }))
    m.clock.advance(3 * 3_600_000)
    await m.tidy()
    await york.work()
    const held = await york.look(of, partial)
    expect(held).toMatchObject({ state: 'held_for_review', nodes: [{ state: 'expired' }] })
    expect(await york.done<ResultView>(readResult, { project: of.project, result: held.result }, of.lead)).toMatchObject({ partial: true })
    await m.settle()
    const left = await begun(of, inSession({ nodes }))
    await passed(2)
    await m.deliver()
    await leeds.done(removeMember, { project: there(of).project, member: there(of).membership }, leeds.officer)
    await m.settle()
    expect(await errand(of)).toMatchObject({ state: 'refused', reason: 'not_member' })
    expect(await york.look(of, left)).toMatchObject({ ...broken, detail: expect.stringMatching(/leeds.*not_member/) })
    expect(await holds(leeds, (await errand(of)).id)).toBeUndefined()
  })

  it('is cancelled with the run, or is a peer no longer: its secrets go at once', async () => {
    const run = await begun()
    await passed(2)
    await m.deliver()
    expect(await holds(leeds, (await errand()).id)).toBe(true)
    await york.done(cancelRun, { project: shared.project, run }, shared.analyst)
    expect(await holds(york, run)).toBe(false)
    await m.tidy()
    await m.deliver()
    expect(await holds(leeds, (await errand()).id)).toBe(false)
    expect(await errand()).toMatchObject({ state: 'cancelled' })
    await m.settle()
    const revoked = await begun()
    await passed(1)
    await york.done(suspendPeer, { peer: 'leeds' }, york.officer)
    await m.tidy()
    await york.work()
    expect(await look(revoked)).toMatchObject(refusedAs('node_revoked'))
    await york.done(approvePeer, { peer: 'leeds', fingerprint: m.prints.get('leeds') }, york.officer)
    await m.settle()
  })
})

describe('a process that is killed', () => {
  it('between any two rounds, at either node, leaves one session with each round said once, and one result', async () => {
    const run = await begun()
    const before = [york.seen.length, leeds.seen.length]
    await passed(6, async (node) => {
      const id = node === york ? run : (await errand()).id
      const at = instantOf(m.clock.nowMs())
      const taken = await node.within((tx) => takeRun(tx, id as never, randomUUID(), at, addSeconds(at, -silentSeconds)))
      expect(taken?.state).toBe('checking')
      m.clock.advance((silentSeconds + 1) * 1_000)
    })
    await m.settle()
    expect(await look(run)).toMatchObject({ state: 'held_for_review' })
    const rounds = (node: Member, from: number) => node.seen.slice(from).flatMap((one) => roundOf(one) ?? [])
    expect([rounds(york, before[0] as number), rounds(leeds, before[1] as number)]).toEqual([
      ['join', 'rows', 'step'],
      ['open', 'turn'],
    ])
  })
})
