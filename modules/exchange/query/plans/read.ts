import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { inProject } from '../schema.ts'
import { summaryOf } from './approval.ts'
import { exampleOfPlan, planDetail, planInput, versionInput, versionView } from './schema.ts'
import { findPlan, findVersion, versionsOf } from './store.ts'
import { planSummaryOf } from './view.ts'

export const readPlan = operation({
  name: 'query.read_plan',
  summary: 'Read a query plan and its history',
  input: planInput,
  output: planDetail,
  access: { action: 'read', on: inProject('query_plan') },
  audit: { none: 'a plan names tables and columns and no person' },
  http: { method: 'GET', path: '/v1/projects/:project/query-plans/:plan' },
  example: { input: exampleOfPlan },
  problems: [doorProblems.not_found],
  async run({ tx }, { project, plan: id }) {
    const plan = await findPlan(tx, project, id)
    const versions = plan === undefined ? [] : await versionsOf(tx, id)
    const [latest] = versions
    if (plan === undefined || latest === undefined) return refuse(doorProblems.not_found)
    return { ...planSummaryOf(plan, latest), document: latest.document, history: versions.map(summaryOf) }
  },
})

export const readVersion = operation({
  name: 'query.read_version',
  summary: 'Read a version of a query plan',
  input: versionInput,
  output: versionView,
  access: { action: 'read', on: inProject('query_plan') },
  audit: { none: 'a plan names tables and columns and no person' },
  http: { method: 'GET', path: '/v1/projects/:project/query-plans/:plan/versions/:version' },
  example: { input: { ...exampleOfPlan, version: 1 } },
  problems: [doorProblems.not_found],
  async run({ tx }, { project, plan, version }) {
    const row = (await findPlan(tx, project, plan)) && (await findVersion(tx, plan, version))
    return row === undefined ? refuse(doorProblems.not_found) : { ...summaryOf(row), plan, document: row.document }
  },
})
