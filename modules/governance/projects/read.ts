import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { exampleId, inProject, projectDetail, projectInput } from './schema.ts'
import { stateAt } from './states.ts'
import { membersOf, projectById, sourcesOf } from './store.ts'

export const readProject = operation({
  name: 'projects.read',
  summary: 'Read a project with its members and sources',
  input: projectInput,
  output: projectDetail,
  access: { action: 'read', on: inProject },
  audit: { none: 'it tells the purpose, ids of colleagues and names of sources; nothing about a person concerned' },
  http: { method: 'GET', path: '/v1/projects/:project' },
  example: { input: { project: exampleId } },
  problems: [doorProblems.not_found],
  async run({ tx, now }, { project: id }) {
    const [project, members, sources] = await Promise.all([projectById(tx, id), membersOf(tx, id), sourcesOf(tx, id)])
    return project === undefined ? refuse(doorProblems.not_found) : { ...project, state: stateAt(project, now), members, sources }
  },
})
