/** A question as a query plan: the rows of each table that the filters mean, and the people who have one in all of them. Pure. */
import type { QueryPlanInput } from '@gatehouse/query/plan/schema'
import type { Predicate } from '@gatehouse/tabular/predicate'
import { allOf, columnsIn } from '@gatehouse/tabular/predicate-parse'
import type { CatalogTable } from '../../custody/catalog/index.ts'

export interface AskedTable {
  readonly reference: string
  /** What tells its people apart. */
  readonly subject: string
  /** A column that names nobody, for a question without filters. */
  readonly plain: string
}

/** `undefined` for a table whose people nothing tells apart, or that holds nothing besides names. */
export function askedTable(reference: string, table: Pick<CatalogTable, 'columns'> | undefined): AskedTable | undefined {
  const subject = table?.columns.find(({ identifier_role: role }) => role === 'subject')?.name
  const plain = table?.columns.find(({ identifier_role: role }) => role !== 'subject' && role !== 'direct')?.name
  return subject === undefined || plain === undefined ? undefined : { reference, subject, plain }
}

/** @param tables the table of the individuals first, then those of the filters */
export function planOf(tables: readonly AskedTable[], where: ReadonlyMap<string, readonly Predicate[]>): QueryPlanInput {
  const named = tables.map((table, at) => ({ ...table, as: `t${at}`, meant: allOf([...(where.get(table.reference) ?? [])]) }))
  // What is filtered by is used, so that offers and prohibitions on columns are asked about it. Nothing of it is given out.
  const columns = named.flatMap(({ as, plain, meant }) => (meant === undefined ? [plain] : columnsIn(meant)).map((column) => ({ as, column })))
  return {
    version: 1,
    form: 'anonymised',
    sources: named.map(({ as, reference, meant }) => ({ as, table: reference, ...(meant === undefined ? {} : { where: meant }) })),
    elements: columns.map(({ as, column }, at) => ({ name: `e${at}`, source: as, column, role: 'insensitive' as const })),
    // Also where there is one table: people are counted, and not rows.
    linkage: {
      keys: [{ name: 'person', form: 'identifier', columns: Object.fromEntries(named.map(({ as, subject }) => [as, subject])) }],
      method: { kind: 'deterministic', passes: [['person']] },
      keep: 'linked',
    },
    // A figure is what comes of it: offers are asked about aggregates, not about rows.
    aggregation: { by: ['e0'], measures: [{ kind: 'count' }] },
    output: { title: 'A question to the beacon' },
  }
}
