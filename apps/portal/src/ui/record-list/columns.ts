import type { ReactNode } from 'react'

export type Value = string | number | null

export interface ListColumn<T> {
  /** Stands in the address, in saved views and at the head of an export. */
  readonly name: string
  readonly label: string
  /** What is searched, sorted and exported. */
  readonly value: (row: T) => Value
  /** What is shown; without it the value. */
  readonly cell?: (row: T) => ReactNode
  /** In pixels; 160 without. */
  readonly width?: number
  /** Numbers stand at the end of their cell. */
  readonly numeric?: boolean
  /** Not shown until somebody chooses it. */
  readonly hidden?: boolean
  /** Also shown on a phone; without any, the first two are. */
  readonly phone?: boolean
}

interface FilterBase {
  /** Stands in the address: `?state=delivered`. */
  readonly name: string
  readonly label: string
}

export type ListFilter =
  | (FilterBase & { readonly kind: 'choice'; readonly options: readonly { readonly value: string; readonly label: string }[] })
  | (FilterBase & { readonly kind: 'text' })
  /** A calendar day, `2026-05-03`. */
  | (FilterBase & { readonly kind: 'day' })

/** What the address says about the filters; only those that are set. */
export type FilterValues = Readonly<Record<string, string>>

/** The moment at which a day begins for the reader, for `since` and `until` of the API. */
export function startOfDay(day: string | undefined, plusDays = 0): string | undefined {
  const [year, month, date] = (day ?? '').split('-').map(Number)
  if (year === undefined || month === undefined || date === undefined) return undefined
  const at = new Date(year, month - 1, date + plusDays)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
