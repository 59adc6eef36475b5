/** Filters as a predicate for each table, by the terms of the setting. Pure; a value is only ever compared, and never becomes part of a language. */
import type { FieldType } from '@gatehouse/tabular/field'
import type { Predicate } from '@gatehouse/tabular/predicate'
import { z } from 'zod'
import { limits, type Term } from './schema.ts'

const operators = { '=': 'eq', '!': 'ne', '<': 'lt', '>': 'gt', '<=': 'le', '>=': 'ge' } as const

/** Strict: a member that is not known would narrow the question, and be passed over. */
export const filterSchema = z.strictObject({
  id: z.string().min(1).max(200),
  operator: z.enum(Object.keys(operators) as [keyof typeof operators, ...(keyof typeof operators)[]]).optional(),
  value: z.string().max(200).optional(),
  includeDescendantTerms: z.boolean().optional(),
  similarity: z.enum(['exact', 'high', 'medium', 'low']).optional(),
  scope: z.string().max(100).optional(),
})
export type Filter = z.output<typeof filterSchema>
export const filtersSchema = z.array(filterSchema).max(limits.filtersMax)

export type ReadFilters =
  | { readonly ok: true; readonly where: ReadonlyMap<string, readonly Predicate[]> }
  | { readonly ok: false; readonly fault: 'filter_unknown' | 'filter_wrong'; readonly detail: string }

/** @param typeOf the type of a column, as the catalogue has it */
export function readFilters(filters: readonly Filter[], terms: readonly Term[], typeOf: (table: string, column: string) => FieldType | undefined): ReadFilters {
  const where = new Map<string, Predicate[]>()
  for (const [at, filter] of filters.entries()) {
    const place = `filters/${at}`
    const term = terms.find(({ id }) => id === filter.id)
    if (term === undefined) return { ok: false, fault: 'filter_unknown', detail: `${place}: no term of this beacon has this id` }
    const wrong = (detail: string): ReadFilters => ({ ok: false, fault: 'filter_wrong', detail: `${place}: ${detail}` })
    if (filter.scope !== undefined && !['individual', 'individuals'].includes(filter.scope)) return wrong('the scope is individuals')
    if (filter.similarity !== undefined && filter.similarity !== 'exact') return wrong('only similarity exact is spoken')
    const predicate = predicateOf(filter, term, typeOf(term.table, term.column))
    if (typeof predicate === 'string') return wrong(predicate)
    where.set(term.table, [...(where.get(term.table) ?? []), predicate])
  }
  return { ok: true, where }
}

function predicateOf({ operator, value }: Filter, term: Term, type: FieldType | undefined): Predicate | string {
  if (type === undefined) return 'its column is not in the catalogue any more'
  if (term.kind === 'ontology') {
    if (operator !== undefined || value !== undefined) return 'a term of an ontology takes no operator and no value'
    return { column: term.column, in: [...term.values] }
  }
  if (operator === undefined || value === undefined) return 'an alphanumeric term takes an operator and a value'
  if (value.includes('%')) {
    if (operator !== '=' || !value.endsWith('%') || value.indexOf('%') !== value.length - 1 || value.length === 1 || !isText(type))
      return '% stands for any end of a text, once, after "="'
    return { column: term.column, starts_with: value.slice(0, -1) }
  }
  const read = typedValue(value, type)
  if (read === undefined) return `the value is read as ${type}`
  if (type === 'boolean' && operator !== '=' && operator !== '!') return 'true and false have no order'
  return { column: term.column, is: operators[operator], value: read }
}

const isText = (type: FieldType) => !['integer', 'number', 'boolean'].includes(type)

function typedValue(text: string, type: FieldType): string | number | boolean | undefined {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined
  if (type !== 'integer' && type !== 'number') return text
  if (!/^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return undefined
  const number = Number(text)
  return type === 'integer' && !Number.isInteger(number) ? undefined : number
}
