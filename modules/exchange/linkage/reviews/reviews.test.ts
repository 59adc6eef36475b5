/** Clerical review on PostgreSQL: what a reviewer may see, what is kept, and what later runs are told. */
import type { Id } from '@gatehouse/core/id'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProject } from '../../../governance/projects/create.ts'
import { beginProject } from '../../../governance/projects/life.ts'
import { addMember } from '../../../governance/projects/members.ts'
import { dayMs, type ProjectsNode, projectsNode } from '../../../governance/projects/testing/projects.ts'
import { decisionsOf, linkageModule, pairKey, recordDoubtfulLinks, rowKeyOf } from '../index.ts'
import { linkageProblems } from '../problems.ts'
import { closeLinkReview, tidyLoop } from './close.ts'
import { decidePair } from './decide-pair.ts'
import { listPairs, listReviews } from './list.ts'
import { comesTo } from './opinions.ts'
import { readPair } from './read-pair.ts'
import type { DoubtfulPair } from './record.ts'
import type { OpenedPair, PairView, Review } from './schema.ts'

let n: ProjectsNode
let [officer, ada, ben, cy]: Principal[] = []
beforeAll(async () => {
  n = await projectsNode([linkageModule])
  officer = n.t.principal({ roles: ['administrator', 'officer'] })
  ;[ada, ben, cy] = [await n.staff(['data_custodian']), await n.staff(['data_custodian']), await n.staff(['data_custodian'])]
})
afterAll(() => n.t.close())

type Project = Id<'project'>
const done = <T>(operation: AnyOperation, input: object, by = ada) => n.done<T>(operation, input, by as Principal)
const refused = (operation: AnyOperation, input: object, by = ada) => n.refused(operation, input, by as Principal)
const begun = async () =>
  (await done<{ id: Project }>(beginProject, { project: (await done<{ id: string }>(createProject, n.terms(), officer)).id }, officer)).id
const within = <T>(act: (tx: Tx) => Promise<T>) => n.t.database.transaction(n.t.tenant, act)
const everything = async () =>
  JSON.stringify(
    await within(async (tx) => [
      await tx.query('SELECT *, encode(sealed, $1) FROM linkage.pair', ['escape']),
      await tx.query('SELECT * FROM linkage.decision'),
    ]),
  )

const pair = (left: string, right: string, probability: number): DoubtfulPair => ({
  left,
  right,
  probability,
  leftSource: 'gp.patients',
  rightSource: 'hospital.patients',
  fall: {
    prior: -12,
    total: 3.1,
    sentence: 'One person with a probability of 90 %.',
    steps: [
      {
        comparison: 'family_name',
        columns: ['family_name'],
        level: 'one slip',
        bits: 7.3,
        termFrequencyBits: 0,
        from: -12,
        to: -4.7,
        sentence: '+7.3 bits because family name differs by one slip',
        left: [{ hidden: false, value: 'Lovelace' }],
        right: [{ hidden: false, value: 'Lovelac' }],
      },
    ],
  },
})
let count = 0
/** A review of three doubtful pairs. */
async function review(project: Project, opinions = 1, pairs = [pair('a1', 'b1', 0.7), pair('b2', 'a2', 0.9), pair('a3', 'b3', 0.6)]) {
  const id = `01980000-0000-7000-8000-${(++count).toString(16).padStart(12, '0')}`
  const recorded = await within((tx) =>
    recordDoubtfulLinks(tx, n.t.door.node, n.t.tenant, { project, origin: 'job', id, opinions, now: n.inDays(0) as never }, pairs),
  )
  return { project, review: id, recorded }
}
type InReview = Awaited<ReturnType<typeof review>>
const at = ({ project, review }: InReview, number = 1) => ({ project, review, pair: number })
const decide = (where: object, choice: string, by = ada, reason = 'other') =>
  done<{ state: string; next: number | null; waiting: number }>(decidePair, { ...where, choice, reason }, by)
const decisions = (project: Project) => within((tx) => decisionsOf(tx, project))

describe('a reviewer', () => {
  it('has the right of link review, which comes with no role in the project, and for no other project’s pairs', async () => {
    const project = await begun()
    const [lead, stranger] = [await n.staff(), await n.staff(['researcher'])]
    await done(addMember, { project, kind: 'user', holder: lead.id, role: 'project_lead' }, officer)
    const opened = await review(project)
    for (const who of [lead, stranger, officer])
      for (const [operation, more] of [
        [listReviews, {}],
        [listPairs, { review: opened.review }],
        [readPair, { review: opened.review, pair: 1 }],
        [decidePair, { review: opened.review, pair: 1, choice: 'link', reason: 'other' }],
      ] as const)
        expect(await refused(operation as AnyOperation, { project, ...more }, who)).toBe(doorProblems.not_allowed)
    const elsewhere = await begun()
    expect(await refused(readPair, { ...at(opened), project: elsewhere })).toBe(doorProblems.not_found)
    expect((await done<{ data: Review[] }>(listReviews, { project: elsewhere })).data).toEqual([])
  })

  it('leaves an entry with each look, which says which pair and nothing of the records', async () => {
    const opened = await review(await begun())
    const before = n.t.entries.length
    const seen = await done<OpenedPair>(readPair, at(opened))
    expect(seen.comparisons).toEqual([
      {
        comparison: 'family_name',
        columns: ['family_name'],
        level: 'one slip',
        bits: 7.3,
        says: 'for',
        sentence: '+7.3 bits because family name differs by one slip',
        left: ['Lovelace'],
        right: ['Lovelac'],
      },
    ])
    const added = n.t.entries.slice(before)
    expect(added.map(({ type, actor, facts }) => [type, actor.id, facts.details])).toEqual([['linkage.read_pair', ada?.id, { review: opened.review, pair: 1 }]])
    expect(JSON.stringify([n.t.entries, n.t.logLines])).not.toContain('Lovelac')
  })

  it('does not learn what another has said before it is decided', async () => {
    const opened = await review(await begun(), 2)
    await decide(at(opened), 'link', ben, 'typing_error')
    n.t.clock.advance(1)
    expect(await done<OpenedPair>(readPair, at(opened))).toMatchObject({ state: 'open', mine: null, votes: [] })
    await decide(at(opened), 'link')
    expect(await done<OpenedPair>(readPair, at(opened), cy)).toMatchObject({
      state: 'link',
      votes: [
        { choice: 'link', reason: 'typing_error' },
        { choice: 'link', reason: 'other' },
      ],
    })
  })
})

describe('what is kept', () => {
  it('holds no value of a record, and a pair moved into another’s place does not open', async () => {
    const opened = await review(await begun())
    expect(await everything()).not.toMatch(/Lovelac/)
    await within((tx) =>
      tx.change(
        'UPDATE linkage.pair p SET sealed = o.sealed FROM linkage.pair o WHERE p.tenant_id = $1 AND p.review_id = $2 AND p.number = 1 AND o.tenant_id = $1 AND o.review_id = $2 AND o.number = 2',
        [n.t.tenant, opened.review],
      ),
    )
    await expect(n.enter(readPair, at(opened), ada as Principal)).rejects.toMatchObject({ kind: doorProblems.internal })
    expect(JSON.stringify(n.t.logLines)).not.toContain('Lovelac')
  })

  it('is gone once the review is closed: by somebody, by the last decision, or by its time', async () => {
    const project = await begun()
    const [closed, finished, overdue] = [await review(project), await review(project, 1, [pair('a1', 'b1', 0.7)]), await review(project)]
    await done(closeLinkReview, { project, review: closed.review })
    expect(await decide(at(finished), 'no_link')).toEqual({ state: 'no_link', next: null, waiting: 0 })
    n.t.clock.advance(30 * dayMs - 1)
    await tidyLoop.run(n.t.door.node)
    expect((await done<{ data: Review[] }>(listReviews, { project })).data.find(({ id }) => id === overdue.review)?.state).toBe('open')
    n.t.clock.advance(1)
    await tidyLoop.run(n.t.door.node)
    for (const { review: id } of [closed, finished, overdue]) {
      expect(await within((tx) => tx.query('SELECT salt FROM linkage.review WHERE id = $1', [id]))).toEqual([{ salt: null }])
      expect(await within((tx) => tx.query('SELECT DISTINCT sealed FROM linkage.pair WHERE review_id = $1', [id]))).toEqual([{ sealed: null }])
      expect(await refused(readPair, { project, review: id, pair: 1 })).toBe(linkageProblems.review_closed)
      expect(await refused(decidePair, { project, review: id, pair: 1, choice: 'link', reason: 'other' })).toBe(linkageProblems.review_closed)
      expect(await refused(closeLinkReview, { project, review: id })).toBe(linkageProblems.review_closed)
    }
    expect((await done<{ data: PairView[] }>(listPairs, { project, review: closed.review })).data.map(({ state }) => state)).toEqual([
      'left_open',
      'left_open',
      'left_open',
    ])
  })
})

describe('a decision', () => {
  it.each([
    [['link'], 1, 'join'],
    [['unsure', 'no_link'], 1, 'part'],
    [['link'], 2, undefined],
    [['link', 'unsure'], 2, undefined],
    [['link', 'no_link'], 2, 'differ'],
    [['link', 'no_link', 'no_link'], 2, 'part'],
    [['unsure', 'unsure', 'unsure', 'unsure', 'unsure'], 1, 'leave'],
    [['link', 'no_link', 'link', 'no_link', 'unsure'], 2, 'leave'],
  ] as const)('of %j where %i are needed comes to %s', (votes, needed, event) => {
    expect(comesTo(votes, needed)).toBe(event)
  })

  it('is told to later runs of the project by digests of the rows, in either order, and to no other project', async () => {
    const [project, other] = [await begun(), await begun()]
    const opened = await review(project)
    expect(opened.recorded).toBe(3)
    // The likeliest comes first.
    expect(await decide(at(opened, 1), 'link')).toEqual({ state: 'link', next: 2, waiting: 2 })
    await decide(at(opened, 2), 'no_link')
    const told = await decisions(project)
    expect([told.get(pairKey('a2', 'b2')), told.get(pairKey('b2', 'a2')), told.get(pairKey('a1', 'b1')), told.get(pairKey('a3', 'b3'))]).toEqual([
      true,
      true,
      false,
      undefined,
    ])
    expect((await decisions(other)).size).toBe(0)
    const { node } = n.t.door
    expect(await rowKeyOf(node, n.t.tenant, project)).not.toEqual(await rowKeyOf(node, n.t.tenant, other))
  })

  it('stands, and a later review of the same rows may decide otherwise', async () => {
    const project = await begun()
    const [first, second] = [await review(project), await review(project)]
    await decide(at(first), 'link')
    expect(await refused(decidePair, { ...at(first), choice: 'no_link', reason: 'twins' }, ben)).toBe(linkageProblems.pair_decided)
    await decide(at(second), 'no_link', ben)
    expect((await decisions(project)).get(pairKey('a2', 'b2'))).toBe(false)
  })

  it('that two see otherwise is asked of a third, whoever changes their mind; each counts once', async () => {
    const project = await begun()
    const opened = await review(project, 2)
    await decide(at(opened), 'link')
    expect(await decide(at(opened), 'link')).toMatchObject({ state: 'open', next: 2 })
    expect(await decide(at(opened), 'no_link', ben)).toMatchObject({ state: 'disputed' })
    expect((await done<{ data: Review[] }>(listReviews, { project })).data).toMatchObject([{ pairs: 3, decided: 0, disputed: 1 }])
    expect(await decide(at(opened), 'no_link', cy)).toMatchObject({ state: 'no_link' })
    expect((await decisions(project)).get(pairKey('a2', 'b2'))).toBe(false)
  })

  it('is asked of nobody twice: recording the same job again changes nothing', async () => {
    const project = await begun()
    const opened = await review(project)
    await decide(at(opened), 'link')
    const again = { project, origin: 'job' as const, id: opened.review, opinions: 1, now: n.inDays(0) as never }
    await within((tx) => recordDoubtfulLinks(tx, n.t.door.node, n.t.tenant, again, [pair('x', 'y', 0.8)]))
    expect((await done<{ data: Review[] }>(listReviews, { project })).data).toMatchObject([{ pairs: 3, decided: 1 }])
    expect((await done<OpenedPair>(readPair, at(opened, 2))).comparisons).toHaveLength(1)
  })
})
