/**
 * Where the tables of a plan lie: beside the node that reads it, or at another node of its mesh, whose name then stands before the
 * table. One plan is read at several nodes, each of which sees it from where it stands.
 */
import type { PlanSource, QueryPlan } from './schema.ts'

export interface TablePlace {
  /** Absent where the table is this node's own. */
  readonly node?: string
  /** `source.table`, as the catalogue of that node has it. */
  readonly reference: string
}

export function placeOf(table: string): TablePlace {
  const slash = table.indexOf('/')
  return slash < 0 ? { reference: table } : { node: table.slice(0, slash), reference: table.slice(slash + 1) }
}

/** The sources whose tables are the reading node's own. */
export function ownSources({ sources }: Pick<QueryPlan, 'sources'>): PlanSource[] {
  return sources.filter(({ table }) => placeOf(table).node === undefined)
}

/** By the name of the other node, the sources that lie there; in the order of the plan. */
export function sourcesByNode({ sources }: Pick<QueryPlan, 'sources'>): Map<string, PlanSource[]> {
  const found = new Map<string, PlanSource[]>()
  for (const source of sources) {
    const { node } = placeOf(source.table)
    if (node !== undefined) found.set(node, [...(found.get(node) ?? []), source])
  }
  return found
}

/** The node that compares encodings for the plan, where people are linked by those. */
export function unitOf({ linkage }: Pick<QueryPlan, 'linkage'>): string | undefined {
  return linkage?.method.kind === 'encoded' ? linkage.method.unit : undefined
}

/** The plan as the node `reader` sees it that gets it from `sender`: its own tables without a name before them, the sender's with one. */
export function seenFrom(plan: QueryPlan, { reader, sender }: { readonly reader: string; readonly sender: string }): QueryPlan {
  const sources = plan.sources.map((source) => {
    const { node = sender, reference } = placeOf(source.table)
    return { ...source, table: node === reader ? reference : `${node}/${reference}` }
  })
  return { ...plan, sources }
}
