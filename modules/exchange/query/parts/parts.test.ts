/** Runs across nodes, each with its own database: what leaves a node is what that node decided, and every fault ends in a named state. */
import { randomUUID } from 'node:crypto'
import { addSeconds, instantOf } from '@gatehouse/core/instant'
import type { QueryPlanInput } from '@gatehouse/query/plan/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import { listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordOptOut } from '../../../governance/consents/opt-outs/staff.ts'
import { updateUser } from '../../../governance/identity/update-user.ts'
import { removeMember } from '../../../governance/projects/members.ts'
import { readProject } from '../../../governance/projects/read.ts'
import type { ProjectDetail } from '../../../governance/projects/schema.ts'
import { removeSource } from '../../../governance/projects/sources.ts'
import { approvePeer, suspendPeer } from '../../federation/peers/life.ts'
import { revokePerson } from '../../federation/projects/persons.ts'
import { leaveProject, meshProjects } from '../../federation/projects/projects.ts'
import { listKeys } from '../../linkage/keys/list.ts'
import { retireKey } from '../../linkage/keys/retire.ts'
import { rotateKey } from '../../linkage/keys/rotate.ts'
import { setBudget } from '../budget/settings.ts'
import { countPlan } from '../plans/count.ts'
import { dryRunPlan } from '../plans/dry-run.ts'
import { readPlan } from '../plans/read.ts'
import { requestApproval } from '../plans/request-approval.ts'
import { validatePlan } from '../plans/validate.ts'
import { readCell } from '../results/cells.ts'
import { readResult } from '../results/read.ts'
import { readRows } from '../results/rows.ts'
import type { CellOrigin, ResultView } from '../results/schema.ts'
import { cancelRun } from '../runs/cancel.ts'
import { runs as listRuns } from '../runs/list.ts'
import { silentSeconds } from '../runs/queue.ts'
import type { RunView } from '../runs/schema.ts'
import { takeRun } from '../runs/store.ts'
import { acrossPlan, type Joined, type Member, type Mesh, mesh, type Seen, spoil } from './testing/mesh.ts'

let m: Mesh
let york: Member
let leeds: Member
let shared: Joined
let owners: Record<'york' | 'leeds', [Principal, Principal]>
beforeAll(async () => {
  m = await mesh('york', 'leeds')
  york = m.at('york')
  leeds = m.at('leeds')
  const of = async (node: Member): Promise<[Principal, Principal]> => [await node.staff(['data_owner']), await node.staff(['data_owner'])]
  owners = { york: await of(york), leeds: await of(leeds) }
  shared = await joined()
})
afterAll(() => m?.close())

const joined = () => m.project('york', { york: ['hospital.patients'], leeds: ['hospital.stays'] })
const there = (of: Joined) => of.there.leeds as NonNullable<Joined['there']['leeds']>
async function begun(of: Joined, plan: QueryPlanInput = acrossPlan('leeds')) {
  // Each has a time of its own, so that the newest stands first.
  m.clock.advance(1_000)
  const run = await york.start(of, await york.plan(of, plan))
  await york.work()
  return run.id
}
async function ended(of: Joined, plan?: QueryPlanInput) {
  const run = await begun(of, plan)
  await m.settle()
  return look(of, run)
}
const look = (of: Joined, run: string) => york.look(of, run)
const resultOf = (of: Joined, run: RunView) => york.done<ResultView>(readResult, { project: of.project, result: run.result }, of.lead)
const errands = async (of: Joined) => (await leeds.done<{ data: RunView[] }>(listRuns, { project: there(of).project, limit: 20 }, there(of).lead)).data
const answers = (kind: string) => kind === 'query.part_result'
const sent = (node: Member, kind: string) =>
  node.within((tx) => tx.query<{ id: string }>('SELECT id FROM federation.sent WHERE tenant_id = $1 AND kind = $2', [tx.tenant, kind]))
const partial: QueryPlanInput['nodes'] = { partial: 'allowed', deadline_hours: 2 }
const filesOf = async (node: Member, prefix: string) => {
  const found: string[] = []
  for await (const { name } of listAll(node.t.blobs, `${prefix}/${node.t.tenant}/`)) found.push(name)
  return found
}
const hours = (count: number) => m.clock.advance(count * 3_600_000)

describe('a run across two nodes', () => {
  it('waits for the other, gets its part, links it and is held; the other keeps nothing of it', async () => {
    const of = shared
    const run = await begun(of)
    expect(await look(of, run)).toMatchObject({ state: 'waiting_for_node', nodes: [{ node: 'leeds', state: 'asked', sources: ['stays'] }] })
    await m.settle()
    const held = await look(of, run)
    expect(held).toMatchObject({ state: 'held_for_review', nodes: [{ node: 'leeds', state: 'answered' }] })
    expect(held.steps.find(({ id }) => id === 'link')).toMatchObject({ rows_out: 180 })
    const [errand] = await errands(of)
    expect(errand).toMatchObject({ state: 'answered', asked_from: 'york', result: null })
    expect(await resultOf(of, held)).toMatchObject({ partial: false, nodes: [{ node: 'leeds', state: 'answered', decision: { run: errand?.id, floor: 10 } }] })
    expect([await filesOf(leeds, 'parts'), await filesOf(leeds, 'scratch'), await filesOf(leeds, 'results')]).toEqual([[], [], []])
  })

  it('comes to what one node with both tables comes to', async () => {
    const of = await m.project('york', { york: ['hospital.patients', 'hospital.stays'], leeds: ['hospital.stays'] })
    const [across, alone] = [await ended(of), await york.ran(of)]
    const rows = async (run: RunView) => {
      const { data } = await york.done<{ data: object[] }>(readRows, { project: of.project, result: run.result, limit: 500 }, owners.york[0])
      return data.map((row) => JSON.stringify(row)).sort()
    }
    expect((await rows(across)).length).toBeGreaterThan(100)
    expect(await rows(across)).toEqual(await rows(alone))
  })

  it('leads from a cell back to what the other node decided', async () => {
    const of = shared
    const held = await ended(of)
    const asked = { project: of.project, result: held.result, row: 0, column: 'diagnosis' }
    const cell = await york.done<CellOrigin>(readCell, asked, owners.york[0])
    expect(cell.sources).toMatchObject([{ table: 'leeds/hospital.stays', node: 'leeds', decision: { run: (await errands(of))[0]?.id } }])
  })

  it('is told before it is run what of it only the other can tell', async () => {
    const of = shared
    const document = acrossPlan('leeds')
    expect(await york.done(validatePlan, { project: of.project, document }, of.analyst)).toMatchObject({ valid: true })
    const tried = await york.done<{ steps: { id: string }[] }>(dryRunPlan, { project: of.project, document }, of.analyst)
    expect(tried).toMatchObject({ outcome: 'depends_on_nodes', nodes: ['leeds'], rows: null })
    expect(tried.steps.some(({ id }) => id.includes('stays'))).toBe(false)
    expect(await york.done(countPlan, { project: of.project, document }, of.analyst)).toMatchObject({ people: null, nodes: ['leeds'] })
    const unknown = acrossPlan('leeds', {
      sources: [
        { as: 'patients', table: 'hospital.patients' },
        { as: 'stays', table: 'leeds/hospital.secrets' },
      ],
    })
    expect(await york.done(validatePlan, { project: of.project, document: unknown }, of.analyst)).toMatchObject({
      valid: false,
      errors: [{ pointer: '/sources/1/table' }],
    })
  })
})

describe('the other node decides', () => {
  const refusedWith = async (of: Joined, reason: string, plan?: QueryPlanInput) => {
    const run = await ended(of, plan)
    expect(run).toMatchObject({ state: 'refused', reason: 'node_refused', result: null, nodes: [{ node: 'leeds', state: 'refused', reason }] })
    expect(run.detail).toContain('leeds')
  }

  it('on the person: nobody of another node is anybody here before somebody approved them, and a member no longer is nobody', async () => {
    const [stranger, removed] = [await joined(), await joined()]
    const { persons } = await leeds.done<{ persons: { id: string; foreign_project: string }[] }>(meshProjects, {}, leeds.officer)
    const known = persons.find(({ foreign_project }) => foreign_project === stranger.project)
    await leeds.done(revokePerson, { person: known?.id }, leeds.officer)
    await refusedWith(stranger, 'person_not_approved')
    await leeds.done(removeMember, { project: there(removed).project, member: there(removed).membership }, leeds.officer)
    await refusedWith(removed, 'not_member')
  })

  it('on the table: an admission that was taken back since it told of it', async () => {
    const of = await joined()
    const { sources } = await leeds.done<ProjectDetail>(readProject, { project: there(of).project }, there(of).lead)
    await leeds.done(removeSource, { project: there(of).project, source: sources[0]?.id }, leeds.officer)
    await refusedWith(of, 'source_not_admitted')
  })

  it('on the number of people, by its own floor', async () => {
    const of = await joined()
    await leeds.done(setBudget, { project: there(of).project, epsilon_total: 1, floor: 500, clean_results: 'reviewed' }, leeds.officer)
    await refusedWith(of, 'cohort_too_small')
  })

  it('on the plan: its holders agree to exactly that one, at their own desk, once', async () => {
    const of = await joined()
    const { treatment: _, ...rest } = acrossPlan('leeds')
    const elements = rest.elements.map(({ hierarchy: __, ...element }) => element)
    const untreated: QueryPlanInput = { ...rest, form: 'pseudonymised', elements }
    const plan = await york.plan(of, untreated)
    const asked = await york.done<{ approval: { review: string } }>(requestApproval, { project: of.project, plan: plan.id, version: 1 }, of.analyst)
    await york.vote(asked.approval.review, owners.york[0])
    const run = await york.start(of, plan)
    await york.work()
    await m.settle()
    expect(await look(of, run.id)).toMatchObject({ state: 'waiting_for_node', nodes: [{ state: 'awaiting_approval' }] })
    const [errand] = await errands(of)
    expect(errand).toMatchObject({ state: 'waiting', reason: 'awaiting_approval' })
    const kept = await leeds.done<{ latest: { approval: { review: string } } }>(readPlan, { project: there(of).project, plan: errand?.plan }, there(of).lead)
    await leeds.vote(kept.latest.approval.review, owners.leeds[0])
    m.clock.advance(31_000)
    await leeds.conduct(errand?.id ?? '')
    await m.settle()
    expect(await look(of, run.id)).toMatchObject({ state: 'held_for_review' })
    const again = await york.start(of, plan)
    await m.settle()
    expect(await look(of, again.id)).toMatchObject({ state: 'held_for_review' })
  })

  it('on who has objected there, before anything else of them is read', async () => {
    const of = await joined()
    await leeds.done(recordOptOut, { user_id: 'P0', opt_out: { scope: 'all' } }, leeds.officer)
    const held = await ended(of)
    expect(held.steps.find(({ id }) => id === 'extract:stays')).toMatchObject({ rows_out: 180 })
    const [errand] = await errands(of)
    const seen = await leeds.look({ ...there(of) }, errand?.id ?? '')
    expect(seen.steps.find(({ id }) => id === 'extract:stays/exclude')).toBeDefined()
  })
})

describe('a node that gives nothing', () => {
  it('ends a run that wants all, by the deadline and with the node named', async () => {
    const of = shared
    const run = await begun(of, acrossPlan('leeds', { nodes: { deadline_hours: 2 } }))
    hours(3)
    await m.tidy()
    await york.work()
    expect(await look(of, run)).toMatchObject({ state: 'expired', reason: 'node_expired', nodes: [{ node: 'leeds', state: 'expired' }] })
    // What comes a day later finds nobody who wants it, and does nothing.
    await m.settle()
    expect(await look(of, run)).toMatchObject({ state: 'expired', result: null })
  })

  it('leaves a partial result where the plan allows it, which says so wherever it is seen', async () => {
    const of = shared
    const run = await begun(of, acrossPlan('leeds', { nodes: partial }))
    hours(3)
    await m.tidy()
    await york.work()
    const held = await look(of, run)
    expect(held).toMatchObject({ state: 'held_for_review', nodes: [{ node: 'leeds', state: 'expired' }] })
    expect(await resultOf(of, held)).toMatchObject({ partial: true, rows: expect.any(Number), nodes: [{ node: 'leeds', state: 'expired', decision: null }] })
  })

  it('and does not know this version of the message says so, and the run ends with that', async () => {
    const of = shared
    leeds.versions.set('query.part', [2])
    const run = await ended(of)
    leeds.versions.delete('query.part')
    expect(run).toMatchObject({ state: 'refused', reason: 'node_refused', nodes: [{ state: 'refused', reason: 'version_unknown' }] })
  })

  it('because it is a peer no longer: the run ends, and the next one is not begun', async () => {
    const of = shared
    const run = await begun(of)
    await york.done(suspendPeer, { peer: 'leeds' }, york.officer)
    await m.tidy()
    await york.work()
    expect(await look(of, run)).toMatchObject({ state: 'refused', reason: 'node_refused', nodes: [{ state: 'refused', reason: 'node_revoked' }] })
    const next = await begun(of)
    expect(await look(of, next)).toMatchObject({ state: 'refused', reason: 'node_unknown' })
    await york.done(approvePeer, { peer: 'leeds', fingerprint: m.prints.get('leeds') }, york.officer)
  })
})

describe('what a node sends', () => {
  it('counts once, however often it comes, and from nobody else', async () => {
    const of = shared
    const run = await begun(of)
    await m.settle()
    const held = await look(of, run)
    const answer = york.seen.findLast(({ kind }) => answers(kind)) as Seen
    const other = { ...answer, message: { ...answer.message, from: 'hull' } }
    for (const message of [answer, answer, other]) await york.again(message)
    await m.settle()
    expect(await look(of, run)).toEqual(held)
    const [waiting, elsewhere] = [await begun(of), await begun(of)]
    const { body } = answer.message as { body: { run: string } }
    await york.again({ ...other, message: { ...other.message, body: { ...body, run: waiting } } })
    expect(await look(of, waiting)).toMatchObject({ state: 'waiting_for_node', nodes: [{ state: 'asked' }] })
    // Of another run of the same node it does not open, for each has a key of its own.
    await york.again({ ...answer, message: { ...answer.message, body: { ...body, run: elsewhere } } })
    await york.work()
    expect(await look(of, elsewhere)).toMatchObject({ state: 'waiting_for_node', nodes: [{ state: 'asked' }] })
    await m.settle()
    for (const id of [waiting, elsewhere]) expect(await look(of, id)).toMatchObject({ state: 'held_for_review' })
  })

  it('and does not open is asked for anew, and not for ever', async () => {
    const of = shared
    const run = await begun(of)
    let damaged = 0
    for (let round = 0; round < 6; round++) {
      await m.settle(answers)
      const came = await york.within((tx) =>
        tx.query<{ attachments: { name: string; blob: string }[] }>(
          `SELECT attachments FROM federation.received WHERE kind = 'query.part_result' AND state = 'ready'`,
        ),
      )
      for (const { attachments } of came) {
        damaged++
        await spoil(york, attachments.find(({ name }) => name === 'stays/0000000')?.blob ?? '')
      }
      await m.deliver()
      await york.work()
    }
    expect(damaged).toBe(3)
    expect(await look(of, run)).toMatchObject({ state: 'failed', reason: 'part_unusable', result: null })
  })

  it('was made of a plan that somebody changed on its way is nothing: the plan is what its hash says, and means what is asked', async () => {
    const of = shared
    await ended(of)
    const { message } = leeds.seen.findLast(({ kind }) => kind === 'query.part') as Seen
    for (const change of [{ hash: 'f'.repeat(64) }, { sources: ['patients'] }, { sources: ['patients', 'stays'] }]) {
      const run = await begun(of)
      await m.deliver((kind) => kind === 'query.part')
      await leeds.again({ kind: 'query.part', message: { ...message, body: { ...(message.body as object), run, ...change } } })
      await m.deliver((kind) => kind === 'query.part')
      await york.work()
      expect(await look(of, run)).toMatchObject({ state: 'refused', nodes: [{ state: 'refused', reason: 'plan_unfit' }] })
      await m.settle()
    }
  })
})

describe('keys', () => {
  it('may come behind the question that needs them', async () => {
    const of = await joined()
    const run = await begun(of)
    await m.deliver((kind) => kind === 'linkage.key')
    await leeds.work()
    expect(await errands(of)).toMatchObject([{ state: 'waiting', reason: 'key_missing' }])
    await m.deliver()
    m.clock.advance(4_000)
    await leeds.conduct((await errands(of))[0]?.id ?? '')
    await m.settle()
    expect(await look(of, run)).toMatchObject({ state: 'held_for_review' })
  })

  it('that are rotated while a run is under way: with an overlap it goes on, without one it ends by name, and the next is made with the new one', async () => {
    const [overlapping, ending] = [await joined(), await joined()]
    const [one, other] = [await begun(overlapping), await begun(ending)]
    m.clock.advance(1_000)
    await york.done(rotateKey, { project: overlapping.project, overlap_days: 1 }, york.officer)
    await york.done(rotateKey, { project: ending.project, overlap_days: 0 }, york.officer)
    await m.settle()
    expect(await look(overlapping, one)).toMatchObject({ state: 'held_for_review' })
    expect(await look(ending, other)).toMatchObject({ state: 'refused', nodes: [{ state: 'refused', reason: 'key_ended' }] })
    expect(await ended(ending)).toMatchObject({ state: 'held_for_review' })
  })

  it('that end after the part was made: what was made with them joins no more', async () => {
    const of = await joined()
    const run = await begun(of)
    await m.deliver()
    await leeds.work()
    m.clock.advance(1_000)
    const { id } = await york.done<{ id: string }>(rotateKey, { project: of.project, overlap_days: 1 }, york.officer)
    expect(id).toBeDefined()
    const { data } = await york.done<{ data: { id: string; key_id: string }[] }>(listKeys, { project: of.project }, york.officer)
    await york.done(retireKey, { project: of.project, key: data.find(({ key_id }) => key_id === 'k1')?.id }, york.officer)
    await m.settle()
    expect(await look(of, run)).toMatchObject({ state: 'refused', reason: 'key_ended', result: null })
  })

  it('are given to no node that is revoked', async () => {
    const of = await joined()
    await ended(of)
    const before = await sent(york, 'linkage.key')
    await york.done(suspendPeer, { peer: 'leeds' }, york.officer)
    m.clock.advance(1_000)
    await york.done(rotateKey, { project: of.project, overlap_days: 0 }, york.officer)
    expect(await sent(york, 'linkage.key')).toEqual(before)
    await york.done(approvePeer, { peer: 'leeds', fingerprint: m.prints.get('leeds') }, york.officer)
  })
})

describe('a run that is not wanted any more', () => {
  it('is cancelled at the other node with its next look into the mailbox', async () => {
    const of = shared
    const run = await begun(of)
    await m.deliver()
    await york.done(cancelRun, { project: of.project, run }, of.analyst)
    await m.tidy()
    await m.deliver()
    expect((await errands(of))[0]).toMatchObject({ state: 'cancelled', reason: 'not_wanted' })
    expect(await leeds.work()).toEqual(['not_open'])
    expect(await look(of, run)).toMatchObject({ state: 'cancelled', nodes: [{ state: 'cancelled' }] })
  })

  it('ends where whoever asked is no member any more, while it waits, and at the other node with its next look into the mailbox', async () => {
    const of = await joined()
    const run = await begun(of)
    await m.deliver()
    await york.done(removeMember, { project: of.project, member: of.members[1] }, york.officer)
    await m.tidy()
    expect(await york.work()).toEqual([])
    expect(await look(of, run)).toMatchObject({ state: 'refused', reason: 'not_member' })
    await m.tidy()
    await m.deliver()
    expect((await errands(of))[0]).toMatchObject({ state: 'cancelled', reason: 'not_wanted' })
  })

  it('or may not be done any more there, which the node that asked hears', async () => {
    const of = await joined()
    const run = await begun(of)
    await m.deliver()
    await leeds.done(removeMember, { project: there(of).project, member: there(of).membership }, leeds.officer)
    await m.settle()
    expect(await errands(of)).toMatchObject([{ state: 'refused', reason: 'not_member' }])
    expect(await look(of, run)).toMatchObject({ state: 'refused', reason: 'node_refused', nodes: [{ reason: 'not_member' }] })
  })

  it('ends at both where the other node takes back its approval of the person, or leaves the project, though the account is a member still', async () => {
    const [revoked, left] = [await joined(), await joined()]
    const runs = [await begun(revoked), await begun(left)] as const
    await m.deliver()
    const { persons } = await leeds.done<{ persons: { id: string; foreign_project: string }[] }>(meshProjects, {}, leeds.officer)
    await leeds.done(revokePerson, { person: persons.find(({ foreign_project }) => foreign_project === revoked.project)?.id }, leeds.officer)
    await leeds.done(leaveProject, { peer: 'york', foreign_project: left.project }, leeds.officer)
    await leeds.tidy()
    for (const one of [revoked, left]) expect(await errands(one)).toMatchObject([{ state: 'refused', reason: 'not_member' }])
    expect(await leeds.work()).toEqual(['not_open', 'not_open'])
    await m.settle()
    for (const [at, one] of [revoked, left].entries())
      expect(await look(one, runs[at] as string)).toMatchObject({ state: 'refused', reason: 'node_refused', nodes: [{ reason: 'not_member' }] })
  })

  it('ends at both where the account of whoever asked is closed, though it is a member still', async () => {
    const of = await joined()
    const run = await begun(of)
    await m.deliver()
    await york.done(updateUser, { user: of.analyst.id, disabled: true }, york.officer)
    await m.tidy()
    expect(await look(of, run)).toMatchObject({ state: 'refused', reason: 'not_member' })
    await m.settle()
    expect(await errands(of)).toMatchObject([{ state: 'cancelled', reason: 'not_wanted' }])
  })

  it('has an entry at each node about its end, whatever ended it', async () => {
    const of = await joined()
    const [late, cancelled, suspended] = [await begun(of, acrossPlan('leeds', { nodes: { deadline_hours: 2 } })), await begun(of), await begun(of)]
    await m.deliver()
    await york.done(cancelRun, { project: of.project, run: cancelled }, of.analyst)
    await m.tidy()
    await m.deliver()
    hours(3)
    await leeds.tidy()
    await leeds.done(suspendPeer, { peer: 'york' }, leeds.officer)
    await leeds.tidy()
    await leeds.done(approvePeer, { peer: 'york', fingerprint: m.prints.get('york') }, leeds.officer)
    expect(new Set([late, cancelled, suspended]).size).toBe(3)
    const ended = await errands(of)
    expect(ended).toMatchObject([{ reason: 'not_wanted' }, { reason: 'not_wanted' }, { reason: 'not_wanted' }])
    // Of acts of somebody, and of the node's own.
    const written = await leeds.within((tx) => tx.query<{ object_id: string }>("SELECT object_id FROM ledger.entry WHERE type = 'query.run_ended'"))
    const entries = [
      ...leeds.t.entries.flatMap(({ type, facts }) => (type === 'query.run_ended' ? [facts.object?.id] : [])),
      ...written.map((row) => row.object_id),
    ]
    for (const { id } of ended) expect(entries.filter((one) => one === id)).toHaveLength(1)
  })
})

describe('a process that is killed', () => {
  /** Takes the run as a process would that dies at once, and lets it be silent until another may have it. */
  async function killed(node: Member, run: string) {
    const at = instantOf(m.clock.nowMs())
    const taken = await node.within((tx) => takeRun(tx, run as never, randomUUID(), at, addSeconds(at, -silentSeconds)))
    expect(taken?.state).toBe('checking')
    m.clock.advance((silentSeconds + 1) * 1_000)
    return node.conduct(run)
  }

  it('before it asks, between question and answer on either side, and before it joins: there is one result, and one question of each node', async () => {
    const of = shared
    const plan = await york.plan(of, acrossPlan('leeds'))
    const run = await york.start(of, plan)
    const [asked, answered] = [(await sent(york, 'query.part')).length, (await sent(leeds, 'query.part_result')).length]
    expect(await killed(york, run.id)).toMatchObject({ output: { outcome: 'waiting_for_node' } })
    expect((await sent(york, 'query.part')).length).toBe(asked + 1)
    await m.deliver()
    const [errand] = await errands(of)
    expect(await killed(leeds, errand?.id ?? '')).toMatchObject({ output: { outcome: 'made' } })
    expect((await sent(leeds, 'query.part_result')).length).toBe(answered + 1)
    await m.deliver()
    expect(await killed(york, run.id)).toMatchObject({ output: { outcome: 'made' } })
    await m.settle()
    expect(await look(of, run.id)).toMatchObject({ state: 'held_for_review' })
  })
})
