/** The columns of a result as the catalogue has those of any table. Pure. */
import { type Field, isSemantic, type Sensitivity, semantics } from '@gatehouse/tabular/field'
import type { CatalogTable } from '../../../../custody/catalog/index.ts'
import type { ResultView } from '../schema.ts'

type CatalogColumn = Omit<CatalogTable['columns'][number], 'field'>

const known: Readonly<
  Record<
    ResultView['columns'][number]['role'],
    { readonly sensitivity: Sensitivity; readonly identifier_role: CatalogColumn['identifier_role']; readonly weight_hint: number }
  >
> = {
  quasi: { sensitivity: 'quasi_identifier', identifier_role: 'quasi', weight_hint: 0.5 },
  sensitive: { sensitivity: 'sensitive', identifier_role: 'sensitive', weight_hint: 0.5 },
  identifying: { sensitivity: 'direct_identifier', identifier_role: 'direct', weight_hint: 0 },
  token: { sensitivity: 'direct_identifier', identifier_role: 'direct', weight_hint: 0 },
  insensitive: { sensitivity: 'plain', identifier_role: 'none', weight_hint: 0.5 },
  figure: { sensitivity: 'plain', identifier_role: 'none', weight_hint: 1 },
}

export function catalogColumns(fields: readonly Field[], columns: ResultView['columns']): CatalogColumn[] {
  return fields.map(({ name, type, semantic, nullable, description }): CatalogColumn => {
    const role = columns.find((column) => column.name === name)?.role ?? 'insensitive'
    // What was coarsened may still mean what it meant; a column that once named people names nobody here.
    const meaning = semantic !== undefined && isSemantic(semantic) && semantics[semantic] !== 'direct_identifier' ? { semantic } : {}
    return {
      name,
      column: name,
      physical: type,
      type,
      nullable,
      ...meaning,
      ...known[role],
      ...(description === undefined ? {} : { description }),
      confirmed: true,
    }
  })
}

/** `stays-by-town-0198c1de7b3a`: by its title, and by the end of its id, which no other has. */
export function slugOf(title: string, result: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '')
  return [words, result.slice(-12)].filter((part) => part !== '').join('-')
}
