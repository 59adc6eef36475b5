import { operation, Refusal } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { exampleProject, inProject } from '../schema.ts'
import { resultInput, resultView } from './schema.ts'
import { resultViewOf } from './view.ts'
import { resultOf } from './visible.ts'

export const exampleResult = { project: exampleProject, result: '0198c1de-7b3a-7c4d-8e5f-000000000004' }

export const readResult = operation({
  name: 'query.read_result',
  summary: 'What is known of a result',
  description: 'Its columns with how far each was coarsened, the checks of disclosure control, its sources and its end. No row stands in it.',
  input: resultInput,
  output: resultView,
  access: { action: 'read', on: inProject('query_result') },
  audit: { none: 'what is known of a result; nothing that stands in it' },
  http: { method: 'GET', path: '/v1/projects/:project/results/:result' },
  example: { input: exampleResult },
  problems: [doorProblems.not_found],
  async run({ tx }, { project, result }) {
    const found = await resultOf(tx, project, result)
    return found instanceof Refusal ? found : resultViewOf(found.result, { hash: found.version.hash, formats: found.version.document.output.formats })
  },
})
