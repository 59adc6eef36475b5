import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { findVersion } from '../plans/store.ts'
import { exampleProject, inProject } from '../schema.ts'
import { scheduleInput, scheduleView } from './schema.ts'
import { deleteSchedule } from './store.ts'
import { scheduleFacts, scheduleViewOf } from './view.ts'

export const removeSchedule = operation({
  name: 'query.delete_schedule',
  summary: 'Take a schedule back',
  description: 'Runs that it has begun go on.',
  input: scheduleInput,
  output: scheduleView,
  access: { action: 'delete', on: inProject('query_run') },
  audit: (_input, schedule) => scheduleFacts(schedule),
  http: { method: 'DELETE', path: '/v1/projects/:project/schedules/:schedule' },
  example: { input: { project: exampleProject, schedule: '0198c1de-7b3a-7c4d-8e5f-000000000005' } },
  problems: [doorProblems.not_found],
  async run({ tx }, { project, schedule }) {
    const row = await deleteSchedule(tx, project, schedule)
    if (row === undefined) return refuse(doorProblems.not_found)
    return scheduleViewOf(row, (await findVersion(tx, row.plan_id, row.version))?.document.output.title ?? '')
  },
})
