/** One value out of a resource, by a path that the closed tables name. Pure. */
import { parseInstant } from '@gatehouse/core/instant'
import type { Semantic } from '@gatehouse/tabular/field'
import { parseDate, type SourceValue } from '@gatehouse/tabular/value'
import { isObject, type Json, memberOf } from '../json/document.ts'

/** A member; the first of a list; or the first of a list whose member is this value. */
export type Step = string | 0 | { readonly where: string; readonly is: string }

/** What is made of what is found. FHIR writes dates as far as they are known: a year alone has no day, and is missing as one. */
const readings = {
  text: (value: Json) => (typeof value === 'string' ? value : undefined),
  number: (value: Json) => (typeof value === 'number' ? value : undefined),
  boolean: (value: Json) => (typeof value === 'boolean' ? value : undefined),
  date: (value: Json) => (typeof value === 'string' ? parseDate(value.slice(0, 10)) : undefined),
  year: (value: Json) => (typeof value === 'string' && /^\d{4}(-|$)/.test(value) ? Number(value.slice(0, 4)) : undefined),
  instant: (value: Json) => (typeof value === 'string' ? parseInstant(value) : undefined),
  /** `Patient/17`, also behind an address, is the resource with the id 17. */
  reference: (value: Json) => (typeof value === 'string' ? /(?:^|\/)[A-Z]\w+\/([A-Za-z0-9.-]{1,64})(?:\/_history\/.*)?$/.exec(value)?.[1] : undefined),
} as const
export type As = keyof typeof readings

export const typesOf = {
  text: 'string',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  year: 'integer',
  instant: 'instant',
  reference: 'string',
} as const satisfies Record<As, string>

export interface Element {
  readonly column: string
  readonly as: As
  /** The first that is there. */
  readonly paths: readonly (readonly Step[])[]
  readonly semantic?: Semantic
  /** The parameter that searches by it, where the server has it. */
  readonly search?: string
}

export function valueAt(resource: Json, { paths, as }: Pick<Element, 'paths' | 'as'>): SourceValue {
  for (const path of paths) {
    const found = path.reduce<Json | undefined>(step, resource)
    if (found !== undefined && found !== null) return readings[as](found) ?? null
  }
  return null
}

function step(from: Json | undefined, by: Step): Json | undefined {
  if (typeof by === 'string') return memberOf(from, by)
  if (!Array.isArray(from)) return undefined
  return (from as readonly Json[]).find((item) => by === 0 || (isObject(item) && memberOf(item, by.where) === by.is))
}
