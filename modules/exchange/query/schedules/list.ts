import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { versionsAt } from '../plans/store.ts'
import { exampleProject, inProject, inputOfProject } from '../schema.ts'
import { scheduleView } from './schema.ts'
import { listSchedules } from './store.ts'
import { scheduleViewOf } from './view.ts'

export const schedules = operation({
  name: 'query.schedules',
  summary: 'List the schedules of a project',
  input: inputOfProject,
  output: z.strictObject({ data: z.array(scheduleView) }),
  access: { action: 'read', on: inProject('query_run') },
  audit: { none: 'times and plans; nothing about a person' },
  http: { method: 'GET', path: '/v1/projects/:project/schedules' },
  example: { input: { project: exampleProject } },
  async run({ tx }, { project }) {
    const rows = await listSchedules(tx, project)
    const versions = await versionsAt(tx, rows)
    return { data: rows.map((row) => scheduleViewOf(row, versions.get(`${row.plan_id} ${row.version}`)?.document.output.title ?? '')) }
  },
})
