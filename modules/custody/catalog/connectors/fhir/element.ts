/** One value out of a resource, by a path that the closed tables name. Pure. */
import { parseInstant } from '@gatehouse/core/instant'
import type { Semantic } from '@gatehouse/tabular/field'
import { parseDate, type SourceValue } from '@gatehouse/tabular/value'
import { type Json, memberOf } from '../json/document.ts'

/** A member; the first of a list; the first of a list whose member is this value, or whose `code` has this coding. */
export type Step = string | 0 | { readonly where: string; readonly is: string } | { readonly coded: string }

/** What is made of what is found. FHIR writes dates as far as they are known: a year alone has no day, and is missing as one. */
const readings = {
  text: (value: Json) => (typeof value === 'string' ? value : undefined),
  number: (value: Json) => (typeof value === 'number' ? value : undefined),
  boolean: (value: Json) => (typeof value === 'boolean' ? value : undefined),
  date: (value: Json) => (typeof value === 'string' ? parseDate(value.slice(0, 10)) : undefined),
  year: (value: Json) => (typeof value === 'string' && /^\d{4}(-|$)/.test(value) ? Number(value.slice(0, 4)) : undefined),
  instant: (value: Json) => (typeof value === 'string' ? parseInstant(value) : undefined),
  /** `Patient/17`, also behind an address, is the resource with the id 17; in a bundle of its own, `urn:uuid:` names it. */
  reference: (value: Json) =>
    typeof value === 'string' ? /(?:^urn:uuid:|(?:^|\/)[A-Z]\w+\/)([A-Za-z0-9.-]{1,64})(?:\/_history\/.*)?$/.exec(value)?.[1] : undefined,
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
  const items: readonly Json[] = from
  if (by === 0) return items[0]
  if ('where' in by) return items.find((item) => memberOf(item, by.where) === by.is)
  return items.find((item) => {
    const codings = memberOf(memberOf(item, 'code'), 'coding')
    return Array.isArray(codings) && codings.some((coding: Json) => memberOf(coding, 'code') === by.coded)
  })
}
