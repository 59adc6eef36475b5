/**
 * Predicates as filters of `find`. A value only ever stands behind an operator that we wrote, as the type it has in a predicate: text is
 * never read as an operator, a pattern or code. Pure but for the driver's own ObjectId.
 */
import { isInstant } from '@gatehouse/core/instant'
import type { Predicate } from '@gatehouse/tabular/predicate'
import type { DiscoveredColumn } from '../connector.ts'
import type { Leaf } from '../read-plan.ts'

export type Filter = Readonly<Record<string, unknown>>
export type NewObjectId = (hex: string) => unknown

const objectIdText = /^[0-9a-f]{24}$/

/** Whether the collection finds by it at least what we mean; a column of several kinds is not asked by any of them. */
export function finds(leaf: Leaf, { physical, field }: DiscoveredColumn): boolean {
  if ('missing' in leaf || ('is' in leaf && leaf.is === 'ne')) return false
  const values = 'in' in leaf ? leaf.in : 'starts_with' in leaf ? [leaf.starts_with] : [leaf.value]
  const ordered = 'is' in leaf && leaf.is !== 'eq'
  switch (physical) {
    case 'string':
    case 'string (date)':
      // Text that is no text in UTF-8, or that BSON's patterns end at, is not asked for.
      return (
        !ordered && (field.type === 'string' || field.type === 'date') && values.every((value) => typeof value === 'string' && !/\0|\p{Surrogate}/u.test(value))
      )
    case 'number':
      return !('starts_with' in leaf) && values.every((value) => typeof value === 'number' && Number.isFinite(value))
    case 'boolean':
      return !ordered && !('starts_with' in leaf) && values.every((value) => typeof value === 'boolean')
    case 'date':
      return !('starts_with' in leaf) && values.every((value) => typeof value === 'string' && isInstant(value))
    case 'objectId':
      return !ordered && !('starts_with' in leaf) && values.every((value) => typeof value === 'string' && objectIdText.test(value))
    default:
      return false
  }
}

const operators = { eq: '$eq', ne: '$ne', lt: '$lt', le: '$lte', gt: '$gt', ge: '$gte' } as const

export function filterOf(predicate: Predicate, columnOf: (field: string) => DiscoveredColumn, newObjectId: NewObjectId): Filter {
  const parts = (all: readonly Predicate[]) => all.map((part) => filterOf(part, columnOf, newObjectId))
  if ('all' in predicate) return { $and: parts(predicate.all) }
  if ('any' in predicate) return { $or: parts(predicate.any) }
  if ('not' in predicate) return { $nor: parts([predicate.not]) }
  const { column, physical } = columnOf(predicate.column)
  const typed = (value: string | number | boolean) => valueFor(physical, value, newObjectId)
  if ('in' in predicate) return { [column]: { $in: predicate.in.map(typed) } }
  if ('starts_with' in predicate)
    return { [column]: { $regex: `^${predicate.starts_with.replace(/[\\^$.*+?()[\]{}|/#\s-]/g, (sign) => `\\x{${sign.charCodeAt(0).toString(16)}}`)}` } }
  if ('missing' in predicate) return { [column]: predicate.missing ? { $eq: null } : { $ne: null } }
  return { [column]: { [operators[predicate.is]]: typed(predicate.value) } }
}

export function valueFor(physical: string, value: string | number | boolean, newObjectId: NewObjectId): unknown {
  if (physical === 'date' && typeof value === 'string') return new Date(value)
  return physical === 'objectId' && typeof value === 'string' && objectIdText.test(value) ? newObjectId(value) : value
}
