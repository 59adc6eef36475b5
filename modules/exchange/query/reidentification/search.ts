/** The search behind a question, as a job. Who is told of is decided again here: objections and erasures may have come since. */
import { idSchema } from '@gatehouse/core/schema'
import { personColumn } from '@gatehouse/query/plan/treatment'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, Refusal, type StepsContext } from '@gatehouse/runtime/door/operation'
import { columnOf, valueAt } from '@gatehouse/tabular/dataset'
import { maskOf } from '@gatehouse/tabular/predicate-evaluate'
import { z } from 'zod'
import { ConnectorError, openTable } from '../../../custody/catalog/index.ts'
import { openProject } from '../../../governance/projects/index.ts'
import { findPerson } from '../../../subjects/index.ts'
import { everyKeyOf, excludedFrom } from '../../linkage/index.ts'
import { cohortKey } from '../disclosure/differencing.ts'
import { chunksOf, openResult } from '../results/table.ts'
import { type Found, resultOf } from '../results/visible.ts'
import { limits } from '../schema.ts'
import { type PlanTables, planTables, tablesOf } from '../tables.ts'
import { candidateReads, matcher } from './match.ts'
import { type Answer, openJson, type Question, sealJson } from './sealed.ts'
import { findReidentification, keepAnswer, markFailed, type ReidentificationRow } from './store.ts'

export const searchPeople = operation({
  name: 'query.search_people',
  kind: 'steps',
  summary: 'Find who stands behind the pseudonyms that two have asked about',
  input: z.strictObject({ reidentification: idSchema('reidentification') }),
  output: z.strictObject({ outcome: z.enum(['answered', 'failed', 'nothing_to_do']) }),
  access: { action: 'use', on: () => ({ type: 'query_run' }) },
  audit: ({ reidentification }, { outcome }) => ({ object: { kind: 'reidentification', id: reidentification }, details: { outcome } }),
  async run(ctx, { reidentification: id }) {
    const row = await ctx.step((tx) => findReidentification(tx, id))
    if (row?.state !== 'asked' || row.question === null || row.expires_at <= ctx.now) return { outcome: 'nothing_to_do' as const }
    const failed = async (detail: string) => {
      await ctx.step((tx) => markFailed(tx, id, detail))
      return { outcome: 'failed' as const }
    }
    const asked = await ctx.step((tx) => groundOf(ctx, tx, row))
    if (asked === undefined) return failed('The result, the project or its tables are not there any more.')
    const wanted = await wantedTokens(ctx, row, asked.found)
    if (wanted === undefined) return failed('The result or the question cannot be read any more.')
    try {
      const found = await searched(ctx, asked, wanted)
      const answer = await ctx.step((tx) => stillToBeTold(ctx, tx, found))
      const sealed = await sealJson(ctx.node, { tenant: ctx.tenant, id, what: 'answer' }, answer)
      const kept = await ctx.step((tx) => keepAnswer(tx, id, new Set(answer.map(({ token }) => token)).size, sealed))
      return { outcome: kept ? ('answered' as const) : ('nothing_to_do' as const) }
    } catch (error) {
      if (error instanceof ConnectorError) return failed(`A source could not be read: ${error.code}.`)
      throw error
    }
  },
})

type Ground = NonNullable<Awaited<ReturnType<typeof groundOf>>>

async function groundOf({ node, tenant, now }: StepsContext, tx: Tx, row: ReidentificationRow) {
  const open = await openProject(tx, row.project_id, now)
  const found = await resultOf(tx, row.project_id, row.result_id)
  if (open === undefined || found instanceof Refusal || found.result.state !== 'released' || found.result.expires_at <= now) return undefined
  const plan = found.version.document
  const tables: PlanTables = await tablesOf(tx, plan, open.sources)
  if (tables.size < plan.sources.length) return undefined
  const excluded = await excludedFrom(tx, node, tenant, { purpose: open.project.purpose, tables: plan.sources.map(({ table }) => table) })
  return { found, plan, tables, excluded, keys: await everyKeyOf(tx, node, tenant, row.project_id), project: row.project_id }
}

/** Only pseudonyms that stand in this very result: those of another, or of one that has ended, are asked about in vain. */
async function wantedTokens(ctx: StepsContext, { id, question }: ReidentificationRow, { result }: Found): Promise<ReadonlySet<string> | undefined> {
  const { node, tenant } = ctx
  const asked = question === null ? undefined : await openJson<Question>(node, { tenant, id, what: 'question' }, question)
  const open = await openResult(node, tenant, result)
  if (asked === undefined || open === undefined) return undefined
  const [tokens, rows] = [new Set(asked.tokens), new Set(asked.rows)]
  const wanted = new Set<string>()
  for await (const { first, data } of chunksOf(node, open, [personColumn])) {
    const column = columnOf(data, personColumn)
    const named = asked.tokens.length === 0 ? undefined : maskOf({ column: personColumn, in: [...tokens] }, data)
    for (let row = 0; row < data.rowCount; row++) {
      if (named?.[row] !== 1 && !rows.has(first + row)) continue
      const token = valueAt(column, row)
      if (typeof token === 'string') wanted.add(token)
    }
  }
  return wanted
}

async function searched(ctx: StepsContext, { plan, tables, excluded, keys, project }: Ground, wanted: ReadonlySet<string>): Promise<Map<string, Set<string>>> {
  const { node, tenant } = ctx
  const found = new Map<string, Set<string>>()
  if (wanted.size === 0) return found
  const person = await cohortKey(node, tenant, project)
  for (const params of candidateReads(plan, planTables(tables))) {
    const table = tables.get(params.source)
    if (table === undefined) continue
    const match = matcher(node.keys.primitives, { params, person, excluded, keys, wanted })
    const { chunks } = await openTable(node, tenant, table, {
      columns: params.columns,
      where: params.where,
      rowsMax: params.rowsMax,
      timeMsMax: limits.searchMsMax,
      signal: AbortSignal.timeout(limits.searchMsMax),
    })
    for await (const chunk of chunks) for (const [token, identifier] of match(chunk)) found.set(token, (found.get(token) ?? new Set()).add(identifier))
  }
  return found
}

/** Whoever is archived or erased is known to nobody. */
async function stillToBeTold({ node }: StepsContext, tx: Tx, found: ReadonlyMap<string, ReadonlySet<string>>): Promise<Answer> {
  const told: { token: string; identifier: string }[] = []
  for (const [token, identifiers] of found) {
    for (const identifier of identifiers) {
      const person = await findPerson(tx, node, identifier)
      if (person === undefined || person.status === 'active') told.push({ token, identifier })
    }
  }
  return told.slice(0, limits.reidentifiedMax)
}
