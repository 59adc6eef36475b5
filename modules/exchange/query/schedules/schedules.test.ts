import type { Id } from '@gatehouse/core/id'
import { systemPrincipal } from '@gatehouse/runtime/base/context'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { removeMember } from '../../../governance/projects/members.ts'
import { problems } from '../problems.ts'
import { runs } from '../runs/list.ts'
import type { RunSummary } from '../runs/schema.ts'
import { type QueryNode, queryNode } from '../testing/query.ts'
import { beginDue } from './begin-due.ts'
import { createSchedule } from './create.ts'
import { nextDue } from './cron.ts'
import { removeSchedule } from './delete.ts'
import { schedules } from './list.ts'

let n: QueryNode
beforeAll(async () => {
  n = await queryNode()
})
afterAll(() => n?.t.close())

const listed = async ({ project, lead }: { project: Id<'project'>; lead: Parameters<QueryNode['done']>[2] }) =>
  (await n.done<{ data: RunSummary[] }>(runs, { project }, lead)).data
const due = () => n.t.door.enter(beginDue, {}, systemPrincipal(n.t.tenant))

it.each(['* * * * *', '*/5 * * * *', '0 0 31 2 *', 'daily', '0 5 * *'])('%s is no schedule', (cron) => {
  expect(nextDue(cron, '2026-11-22T09:30:00.000Z' as never)).toBeUndefined()
})

it('is due by UTC', () => {
  expect(nextDue('0 5 * * 1', '2026-11-22T09:30:00.000Z' as never)).toBe('2026-11-23T05:00:00.000Z')
})

it('begins one run when it is due, however often it was missed, and none after it is taken back', async () => {
  const of = await n.project()
  const plan = await n.plan(of)
  const asked = { project: of.project, plan: plan.id, version: 1 }
  expect(await n.refused(createSchedule, { ...asked, cron: '* * * * *' }, of.analyst)).toBe(problems.cron_unknown)
  const made = await n.done<{ id: string; next_at: string }>(createSchedule, { ...asked, cron: '0 10 * * *' }, of.analyst)
  expect(made.next_at).toBe('2026-11-22T10:00:00.000Z')
  await due()
  expect(await listed(of)).toEqual([])
  n.t.clock.advance(3 * 86_400_000)
  await due()
  await due()
  const [run, ...more] = await listed(of)
  expect(more).toEqual([])
  expect(run).toMatchObject({ trigger: 'schedule', schedule: made.id, state: 'queued', asked_by: of.analyst.id })

  // Whoever made it has left since: the run begins in their place and ends there.
  await n.done(removeMember, { project: of.project, member: of.members[1] }, n.officer)
  n.t.clock.advance(1_000)
  await n.conduct(run?.id ?? '')
  expect(await n.look(of, run?.id ?? '')).toMatchObject({ state: 'refused', reason: 'not_member' })

  expect((await n.done<{ data: { last_run: string }[] }>(schedules, { project: of.project }, of.lead)).data).toMatchObject([{ last_run: run?.id }])
  await n.done(removeSchedule, { project: of.project, schedule: made.id }, of.lead)
  n.t.clock.advance(86_400_000)
  await due()
  expect(await listed(of)).toHaveLength(1)
})
