import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { projectById } from '../../../governance/projects/index.ts'
import { registerSubjects } from '../../../subjects/index.ts'
import { problems } from '../problems.ts'
import { exampleProject, inProject } from '../schema.ts'
import { reidentificationInput, reidentified } from './schema.ts'
import { type Answer, openJson } from './sealed.ts'
import { findReidentification, takeAnswer, viewOf } from './store.ts'

export const exampleReidentification = { project: exampleProject, reidentification: '0198c1de-7b3a-7c4d-8e5f-000000000009' }

/** What a person reads of it in the report of who saw what: that they were told of by name, for which purpose, by whom. */
export const toldOf = 'query.told_of'

export const openReidentification = operation({
  name: 'query.open_reidentification',
  summary: 'Learn who stands behind the pseudonyms',
  description: 'Once for each of the two who asked. Every person who is told of has an entry of their own in the ledger, which they see.',
  input: reidentificationInput,
  output: reidentified,
  access: { action: 'create', on: inProject('reidentification') },
  audit: ({ reidentification }, { result, people }) => ({
    object: { kind: 'reidentification', id: reidentification },
    details: { result, people: people.length },
  }),
  stepUp: true,
  secretOutput: true,
  http: { method: 'POST', path: '/v1/projects/:project/reidentifications/:reidentification/open' },
  example: { input: exampleReidentification },
  problems: [doorProblems.not_found, problems.opened_before],
  async run(ctx, { project, reidentification: id }) {
    const { tx, node, tenant } = ctx
    const before = await findReidentification(tx, id)
    if (before?.project_id !== project) return refuse(doorProblems.not_found)
    const facts = { object: { kind: 'reidentification', id } }
    const sealed = await takeAnswer(tx, id, ctx.principal.id, ctx.now)
    const people = sealed && (await openJson<Answer>(node, { tenant, id, what: 'answer' }, sealed))
    const after = await findReidentification(tx, id)
    if (people === undefined || after === undefined) return refuse(problems.opened_before, undefined, facts)
    const purpose = (await projectById(tx, project))?.purpose
    const known = people.length === 0 ? new Map() : await registerSubjects(tx, node, [...new Set(people.map(({ identifier }) => identifier))])
    const told = people.filter(({ identifier }) => known.get(identifier)?.status === 'active')
    for (const { identifier } of told) {
      const { id: subject, commitment } = known.get(identifier) as { id: never; commitment: string }
      await ctx.record(tx, toldOf, {
        ...facts,
        subject: { id: subject, commitment },
        ...(purpose === undefined ? {} : { purpose }),
        details: { result: after.result_id },
      })
    }
    return { ...viewOf(after), people: told.map(({ token, identifier }) => ({ token, identifier })) }
  },
})
