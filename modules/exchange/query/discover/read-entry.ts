import { placeOf } from '@gatehouse/query/plan/nodes'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { tableByReference } from '../../../custody/catalog/index.ts'
import { foreignDetail, referenceOf } from '../parts/catalogue/entries.ts'
import { foreignTables } from '../parts/catalogue/store.ts'
import { problems } from '../problems.ts'
import { exampleProject, inProject } from '../schema.ts'
import { viewerOf } from './catalogue.ts'
import { entryDetail } from './entry-detail.ts'
import { entryDetailSchema, entryInput } from './schema.ts'

export const readEntry = operation({
  name: 'query.read_catalogue',
  summary: 'Read a table of the catalogue as a project sees it',
  description:
    'Of a table of another node what that node told the project. Else columns, profile after disclosure control and lineage where the project is admitted; else title, description and what is offered.',
  input: entryInput,
  output: entryDetailSchema,
  access: { action: 'read', on: inProject('catalogue') },
  audit: { none: 'it tells columns and figures after disclosure control, and no record' },
  http: { method: 'GET', path: '/v1/projects/:project/catalogue/:reference' },
  example: { input: { project: exampleProject, reference: 'hospital.admissions' } },
  problems: [doorProblems.not_found, problems.project_closed],
  async run({ tx, node, tenant, now }, { project, reference }) {
    const viewer = await viewerOf(tx, node, project, now)
    if (viewer === undefined) return refuse(problems.project_closed)
    const { node: peer } = placeOf(reference)
    if (peer !== undefined) {
      const told = (await foreignTables(tx, project)).find((row) => referenceOf(row) === reference)
      return told === undefined ? refuse(doorProblems.not_found) : foreignDetail(told)
    }
    const table = await tableByReference(tx, reference)
    if (table === undefined || table.gone) return refuse(doorProblems.not_found)
    return entryDetail(tx, tenant, viewer, table)
  },
})
