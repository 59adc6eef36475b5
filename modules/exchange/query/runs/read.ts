import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { partsOf } from '../parts/store.ts'
import { exampleProject, inProject } from '../schema.ts'
import { runInput, runView } from './schema.ts'
import { findRun, stepsOf } from './store.ts'
import { runViewOf } from './view.ts'

export const exampleRun = { project: exampleProject, run: '0198c1de-7b3a-7c4d-8e5f-000000000003' }

export const readRun = operation({
  name: 'query.read_run',
  summary: 'How a run stands',
  description:
    'Its state with the reason, its steps with rows in and out, risk before and after. Figures are rounded, and absent where they are about too few people.',
  input: runInput,
  output: runView,
  access: { action: 'read', on: inProject('query_run') },
  audit: { none: 'figures after disclosure control; nothing about a person' },
  http: { method: 'GET', path: '/v1/projects/:project/runs/:run' },
  example: { input: exampleRun },
  problems: [doorProblems.not_found],
  async run({ tx }, { project, run }) {
    const row = await findRun(tx, run)
    return row?.project_id === project ? runViewOf(row, await stepsOf(tx, run), await partsOf(tx, run)) : refuse(doorProblems.not_found)
  },
})
