import { addSeconds } from '@gatehouse/core/instant'
import { personColumn } from '@gatehouse/query/plan/treatment'
import { operation, Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { tableByReference } from '../../../custody/catalog/index.ts'
import { approversOf } from '../../../governance/approvals/index.ts'
import { openProject } from '../../../governance/projects/index.ts'
import { problems } from '../problems.ts'
import { exampleResult } from '../results/read.ts'
import { resultInput } from '../results/schema.ts'
import { type Found, resultOf } from '../results/visible.ts'
import { inProject, limits } from '../schema.ts'
import { reidentificationView, tokenText } from './schema.ts'
import { sealJson } from './sealed.ts'
import { insertReidentification, type ReidentificationRow, viewOf } from './store.ts'

export const searchQueue = 'query-reidentification'

const input = resultInput.extend({
  reason: z.string().trim().min(10).max(500).describe('Why it must be known who they are; no name'),
  tokens: z.array(tokenText).max(limits.reidentifiedMax).default([]).describe('Pseudonyms, as they stand in the result'),
  rows: z.array(z.int().min(0)).max(limits.reidentifiedMax).default([]).describe('Places of rows, from 0'),
})

export const askReidentification = operation({
  name: 'query.reidentify',
  summary: 'Ask who stands behind pseudonyms',
  description:
    'Two people ask for the same. Their tokens are made anew over everybody whom the tables of the plan name, at this node and nowhere else, and what is found is opened once to each of the two, within an hour. Whoever objected, is restricted, archived or erased is found by nobody; whoever is told of sees that in their own report. Anonymised results tell of nobody, and are refused.',
  input,
  output: reidentificationView,
  access: { action: 'create', on: inProject('reidentification') },
  audit: ({ result }, { id, asked, asked_by }) => ({ object: { kind: 'query_result', id: result }, details: { reidentification: id, asked, asked_by } }),
  stepUp: true,
  approvals: 2,
  http: { method: 'POST', path: '/v1/projects/:project/results/:result/reidentifications', status: 202 },
  example: { input: { ...exampleResult, reason: 'A finding that their physician has to hear of', rows: [0] } },
  problems: [doorProblems.not_found, problems.project_closed, problems.result_held, problems.result_ended, problems.nothing_to_reidentify],
  async before(ctx, asked) {
    const fit = await fitFor(ctx, asked)
    return fit instanceof Refusal ? fit : undefined
  },
  async run(ctx, asked) {
    const { project, result, reason, tokens, rows } = asked
    const fit = await fitFor(ctx, asked)
    if (fit instanceof Refusal) return fit
    const other = (await approversOf(ctx.tx, 'query.reidentify')).find((who) => who !== ctx.principal.id)
    if (other === undefined) throw new Error('a re-identification was carried out that two have not asked for')
    const id = ctx.newId<'reidentification'>()
    const row: ReidentificationRow = {
      id,
      project_id: project,
      result_id: result,
      asked_by: other,
      asked_with: ctx.principal.id,
      asked_at: ctx.now,
      state: 'asked',
      reason,
      asked: tokens.length + rows.length,
      found: 0,
      question: await sealJson(ctx.node, { tenant: ctx.tenant, id, what: 'question' }, { tokens, rows }),
      detail: null,
      opened_by: [],
      expires_at: addSeconds(ctx.now, limits.answerSeconds),
    }
    await insertReidentification(ctx.tx, row)
    await ctx.enqueue(searchQueue, { reidentification: id })
    return viewOf(row)
  },
})

/** What could never be answered is not waited for. */
async function fitFor(ctx: TransactionContext, { project, result: id, tokens, rows }: z.output<typeof input>): Promise<Found | Refusal> {
  const { tx, now } = ctx
  const found = await resultOf(tx, project, id)
  if (found instanceof Refusal) return found
  const { result, version } = found
  const facts = { object: { kind: 'query_result', id } }
  if ((await openProject(tx, project, now)) === undefined) return refuse(problems.project_closed, undefined, facts)
  if (result.state === 'held') return refuse(problems.result_held, undefined, facts)
  if (result.state === 'ended' || result.expires_at <= now) return refuse(problems.result_ended, undefined, facts)
  const nothing = (why: string) => refuse(problems.nothing_to_reidentify, why, facts)
  if (tokens.length + rows.length === 0 || tokens.length + rows.length > limits.reidentifiedMax)
    return nothing(`name 1 to ${limits.reidentifiedMax} tokens or rows`)
  if (result.form === 'anonymised') return nothing('the result is anonymised')
  if (!result.columns.some(({ name, role }) => name === personColumn && role === 'token')) return nothing('the result has no pseudonyms')
  const tables = await Promise.all(version.document.sources.map(({ table }) => tableByReference(tx, table)))
  return tables.some((table) => table?.columns.some(({ identifier_role }) => identifier_role === 'subject'))
    ? found
    : nothing('no table of the plan names people at this node')
}
