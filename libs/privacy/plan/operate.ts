/** Runs the operators and masks of a plan on a table, and tells what was done to each column. */
import type { Primitives } from '@gatehouse/crypto/primitives'
import { type Column, columnOf, type Dataset, valueAt } from '@gatehouse/tabular/dataset'
import type { SourceValue } from '@gatehouse/tabular/value'
import { maskValue, requiredTableTokens } from '../mask/apply.ts'
import type { MaskSpec } from '../mask/catalogue.ts'
import { parseMask } from '../mask/spec.ts'
import { operatorOf } from '../operator/catalogue.ts'
import { withColumns } from '../operator/table.ts'
import type { RandomSource } from '../random/random.ts'
import type { ReportColumn } from '../report/data.ts'
import { PlanError } from './error.ts'
import type { Plan } from './schema.ts'
import { escaped, type PlannedOperator, plannedOperators } from './voided.ts'

export type Done = ReportColumn['done'][number]

export interface MaskKeys {
  readonly primitives: Primitives
  /** 32 bytes; the same key gives the same pseudonyms, so use one for each receiver and keep it secret or forget it. */
  readonly key: Uint8Array
}

export interface Operated {
  readonly dataset: Dataset
  /** By column, what was done, in order. */
  readonly done: ReadonlyMap<string, readonly Done[]>
  /** Identifying columns that were masked and stay. */
  readonly masked: ReadonlySet<string>
}

/** @throws OperatorError, HierarchyError or PlanError; the table given stays as it is */
export function operate(dataset: Dataset, plan: Plan, random: RandomSource, masks: MaskKeys | undefined): Operated {
  const done = new Map<string, Done[]>(Object.keys(plan.columns).map((name) => [name, []]))
  let table = dataset
  for (const planned of plannedOperators(plan)) {
    const operator = operatorOf(planned.spec.operator)
    table = operator.apply(table, planned.columns, planned.spec, random)
    for (const name of planned.columns.length === 0 ? done.keys() : planned.columns) {
      const voids = operator.disclosure.voids(plan.columns[name]?.role ?? 'insensitive')
      done.get(name)?.push({ what: `${operator.title} (${parameters(planned)})`, note: operator.disclosure.note, voids })
    }
  }
  const masked = new Set<string>()
  for (const [name, { mask }] of Object.entries(plan.columns)) {
    if (mask === undefined || !table.columns.some(({ field }) => field.name === name)) continue
    const read = parseMask(mask)
    if (!read.ok) throw new RangeError(`the mask of ${name} has not been read by parsePlan`)
    const column = maskedColumn(columnOf(table, name), read.spec, masks)
    if (column === undefined) continue
    table = withColumns(table, [column])
    masked.add(name)
    done.get(name)?.push({ what: `Masked: ${read.spec.mask}` })
  }
  return { dataset: table, done, masked }
}

/** The parameters in short: lists and tables by their length, since they may name values of people. */
function parameters({ spec }: PlannedOperator): string {
  const members = Object.entries(spec).filter(([name, value]) => name !== 'operator' && value !== undefined)
  const shown = members.map(([name, value]) => {
    if (Array.isArray(value)) return `${value.length} ${name}`
    return typeof value === 'object' ? name : `${name} ${value}`
  })
  return [spec.operator, ...shown].join(', ')
}

const noKey = new Uint8Array(32)
const keyed: ReadonlySet<string> = new Set(['hash', 'token'])

/** Each distinct value is masked once. `undefined` where the mask drops the column. */
function maskedColumn(column: Column, spec: MaskSpec, masks: MaskKeys | undefined): Column | undefined {
  const field = column.field.name
  const at = `/columns/${escaped(field)}/mask`
  if (masks === undefined && keyed.has(spec.mask)) throw new PlanError('mask_needs_key', `the mask ${spec.mask} of ${field} needs a key; give one`, at)
  const key = masks?.key ?? noKey
  const primitives = masks === undefined ? unavailable : derivingOnce(masks.primitives)
  const known = new Map<SourceValue, SourceValue | undefined>()
  const rows = column.kind === 'number' ? column.values.length : column.codes.length
  const texts = Array.from({ length: rows }, (_, row): SourceValue => {
    const value = valueAt(column, row)
    if (!known.has(value)) {
      if (requiredTableTokens({ [field]: value }, { [field]: spec }).length > 0) {
        throw new PlanError(
          'mask_needs_table',
          `the token of ${field} has too few possible values to be encrypted, and a plan keeps no table; use the mask hash`,
          at,
        )
      }
      const outcome = maskValue(value, spec, { field, context: { primitives, partnerKey: key, subjectKey: key } })
      known.set(value, 'value' in outcome ? outcome.value : 'drop' in outcome ? undefined : null)
    }
    return known.get(value) ?? null
  })
  if ([...known.values()].every((value) => value === undefined)) return undefined
  return textColumn(column, texts)
}

function textColumn(column: Column, values: readonly SourceValue[]): Column {
  const codeOf = new Map<string, number>()
  const codes = Int32Array.from(values, (value) => {
    if (value === null) return -1
    const text = String(value)
    const code = codeOf.get(text) ?? codeOf.size
    if (code === codeOf.size) codeOf.set(text, code)
    return code
  })
  return { kind: 'dictionary', field: { ...column.field, type: 'string' }, codes, dictionary: [...codeOf.keys()] }
}

/** A column's values are masked under one key: what is derived from it for a use is derived once and not for every value. */
function derivingOnce(primitives: Primitives): Primitives {
  const derived = new Map<string, Uint8Array>()
  return {
    ...primitives,
    hkdfSha256(key, salt, info, length) {
      const use = `${length} ${info.join()} ${salt.join()}`
      const known = derived.get(use) ?? primitives.hkdfSha256(key, salt, info, length)
      derived.set(use, known)
      return known
    },
  }
}

/** Masks without a key ask for no primitive; one that does finds none. */
const unavailable = new Proxy({} as Primitives, {
  get(_, name) {
    throw new RangeError(`this mask needs ${String(name)}; give primitives and a key`)
  },
})
