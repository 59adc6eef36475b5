/** What masks do to a value, as the reader should see it at a glance. */
import type { Mask } from './document.ts'

/** Families have a colour, a sign and a word each; `left_out` is a field that no rule gives. */
export const maskFamilies = ['kept', 'coarser', 'moved', 'replaced', 'emptied', 'left_out'] as const
export type MaskFamily = (typeof maskFamilies)[number]

const families: Readonly<Record<string, MaskFamily>> = {
  keep: 'kept',
  partial: 'coarser',
  last_n: 'coarser',
  email: 'coarser',
  phone: 'coarser',
  date_truncate: 'coarser',
  number_round: 'coarser',
  number_bucket: 'coarser',
  number_top_code: 'coarser',
  geo_prefix: 'coarser',
  date_shift: 'moved',
  hash: 'replaced',
  token: 'replaced',
  constant: 'emptied',
  redact: 'emptied',
  drop: 'left_out',
}

/** A mask that this portal does not know yet is shown as coarser: something was done to the value. */
export function familyOf(mask: string | undefined): MaskFamily {
  return mask === undefined ? 'left_out' : (families[mask] ?? 'coarser')
}

/** What a mask begins with when it is chosen, where it cannot be without. */
const beginnings: Readonly<Record<string, Omit<Mask, 'mask'>>> = {
  last_n: { n: 4 },
  partial: { keep_first: 1 },
  date_truncate: { to: 'year' },
  number_round: { to: 10 },
  number_bucket: { edges: [0, 100] },
  number_top_code: { max: 100 },
  geo_prefix: { keep: 3 },
  constant: { value: 'withheld' },
  hash: { domain: 'person' },
}

export function beginMask(mask: string): Mask {
  return { mask, ...beginnings[mask] }
}

export interface Parameter {
  readonly name: string
  readonly required: boolean
  readonly schema: Readonly<Record<string, unknown>>
}

export type ParameterForm =
  | { readonly kind: 'choice'; readonly options: readonly (string | number)[] }
  | { readonly kind: 'number'; readonly min?: number; readonly max?: number; readonly whole: boolean }
  | { readonly kind: 'switch' }
  | { readonly kind: 'numbers' }
  | { readonly kind: 'text' }

/** How a parameter is asked for, from its JSON Schema. */
export function formOf({ schema }: Parameter): ParameterForm {
  const { type, enum: options, minimum, maximum } = schema
  if (Array.isArray(options)) return { kind: 'choice', options: options as (string | number)[] }
  if (type === 'boolean') return { kind: 'switch' }
  if (type === 'array') return { kind: 'numbers' }
  if (type !== 'integer' && type !== 'number') return { kind: 'text' }
  return {
    kind: 'number',
    whole: type === 'integer',
    ...(typeof minimum === 'number' ? { min: minimum } : {}),
    ...(typeof maximum === 'number' ? { max: maximum } : {}),
  }
}
