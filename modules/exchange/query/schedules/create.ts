import { idSchema } from '@gatehouse/core/schema'
import { behalfOf, operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { openProject } from '../../../governance/projects/index.ts'
import { approvalOf, runnable } from '../plans/approval.ts'
import { exampleOfPlan } from '../plans/schema.ts'
import { findPlan, findVersion } from '../plans/store.ts'
import { problems } from '../problems.ts'
import { inProject, inputOfProject, limits } from '../schema.ts'
import { nextDue } from './cron.ts'
import { cronSchema, scheduleView } from './schema.ts'
import { insertSchedule, type ScheduleRow } from './store.ts'
import { scheduleFacts, scheduleViewOf } from './view.ts'

export const createSchedule = operation({
  name: 'query.create_schedule',
  summary: 'Run a version of a plan again and again',
  description:
    'At the times of a cron expression, in UTC, at most every quarter of an hour. Each run acts with the rights of whoever made the schedule, asked again then.',
  input: inputOfProject.extend({ plan: idSchema('query_plan'), version: z.int().min(1), cron: cronSchema }),
  output: scheduleView,
  access: { action: 'create', on: inProject('query_run') },
  audit: (_input, schedule) => scheduleFacts(schedule),
  http: { method: 'POST', path: '/v1/projects/:project/schedules', status: 201 },
  example: { input: { ...exampleOfPlan, version: 1, cron: '0 5 * * 1' } },
  problems: [doorProblems.not_found, problems.project_closed, problems.not_runnable, problems.cron_unknown, problems.too_many_schedules],
  async run(ctx, { project, plan, version: number, cron }) {
    const version = (await findPlan(ctx.tx, project, plan)) && (await findVersion(ctx.tx, plan, number))
    if (version === undefined) return refuse(doorProblems.not_found)
    if ((await openProject(ctx.tx, project, ctx.now)) === undefined) return refuse(problems.project_closed)
    if (!runnable(approvalOf(version))) return refuse(problems.not_runnable)
    const next = nextDue(cron, ctx.now)
    if (next === undefined) return refuse(problems.cron_unknown)
    // Runs come by the clock in somebody's place; a program's key may end, and nobody would be asked.
    const behalf = behalfOf(ctx.principal, { action: 'create', resource: inProject('query_run')({ project }) })
    if (behalf === undefined) return refuse(doorProblems.not_allowed, 'a schedule is made by somebody of the staff')
    const row: ScheduleRow = {
      id: ctx.newId<'query_schedule'>(),
      project_id: project,
      plan_id: plan,
      version: number,
      cron,
      next_at: next,
      last_run: null,
      made_by: ctx.principal.id,
      behalf,
      made_at: ctx.now,
    }
    if (!(await insertSchedule(ctx.tx, row, limits.schedulesPerProjectMax))) return refuse(problems.too_many_schedules)
    return scheduleViewOf(row, version.document.output.title)
  },
})
