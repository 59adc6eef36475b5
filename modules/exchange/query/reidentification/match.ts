/**
 * Who stands behind pseudonyms. A pseudonym is a MAC, so nobody can work back from it; whoever has the key and the identifiers makes the
 * tokens of all candidates anew and sees which are the same. The candidates are read by the very steps that made the result: who has
 * objected or is restricted goes before anything else is looked at, and is matched by nobody.
 */
import type { Primitives } from '@gatehouse/crypto/primitives'
import { parseFitToken } from '@gatehouse/linkage/token/fit-token'
import type { AudienceKey } from '@gatehouse/linkage/token/key'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { PlanTable } from '@gatehouse/query/plan/table'
import type { Excluded } from '@gatehouse/query/steps/exclude'
import { extraction } from '@gatehouse/query/steps/extract'
import { planSteps } from '@gatehouse/query/steps/plan-steps'
import { type ExtractParams, hidden } from '@gatehouse/query/steps/step'
import { columnOf, type Dataset, valueAt } from '@gatehouse/tabular/dataset'

/** The id of the person, as the source has it, is carried past the preparing in a column that no plan can name. */
const carried = '#who'

/** How each source with an id of the person is read: the id, and what its tokens were made of. */
export function candidateReads(plan: QueryPlan, tables: ReadonlyMap<string, PlanTable>): (ExtractParams & { readonly subject: string })[] {
  return planSteps(plan, tables).flatMap((step) => {
    if (step.kind !== 'extract' || step.params.subject === undefined || step.params.passes.length === 0) return []
    const { subject, source } = step.params
    return [{ ...step.params, subject, elements: [{ name: 'who', column: carried, source, reduce: 'first' as const }], keys: [] }]
  })
}

export interface Searched {
  readonly params: ExtractParams & { readonly subject: string }
  readonly person: Uint8Array
  readonly excluded: Excluded | undefined
  /** The keys that the wanted tokens were made with, by their id. */
  readonly keys: ReadonlyMap<string, AudienceKey>
  readonly wanted: ReadonlySet<string>
}

/** @returns takes a chunk of candidates, and gives those behind a wanted token */
export function matcher(
  primitives: Primitives,
  { params, person, excluded, keys, wanted }: Searched,
): (chunk: Dataset) => [token: string, identifier: string][] {
  const ids = new Set([...wanted].map((token) => parseFitToken(token).keyId))
  const extractions = [...ids].flatMap((id) => {
    const token = keys.get(id)
    const secrets = { person, ...(token === undefined ? {} : { token }), ...(excluded === undefined ? {} : { excluded }) }
    return token === undefined ? [] : [extraction(primitives, params, secrets, { filter: false, digests: true })]
  })
  return (chunk) => {
    const id = columnOf(chunk, params.subject)
    const read = { rowCount: chunk.rowCount, columns: [...chunk.columns, { ...id, field: { ...id.field, name: carried } }] }
    return extractions.flatMap((each) => {
      const candidates = each.chunk(read)
      const [token, who] = [columnOf(candidates, hidden.token), columnOf(candidates, 'who')]
      const found: [string, string][] = []
      for (let row = 0; row < candidates.rowCount; row++) {
        const made = valueAt(token, row)
        const identifier = valueAt(who, row)
        if (typeof made === 'string' && identifier !== null && wanted.has(made)) found.push([made, String(identifier)])
      }
      return found
    })
  }
}
