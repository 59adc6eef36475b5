/** Masks a record field by field. A field without a mask is left out; a value its mask cannot treat is never passed through. */
import { type MaskSpec, maskOf } from './catalogue.ts'
import type { MaskContext, MaskOutcome, MaskPlace, MaskValue } from './mask.ts'
import { domainOf, needsTable, type TokenSpec } from './token.ts'

export type MaskableRecord = Readonly<Record<string, MaskValue>>
export type FieldMasks = Readonly<Record<string, MaskSpec>>

/** A value that was given as null because its mask could not treat it. Holds no value. */
export interface MaskNote {
  readonly field: string
  readonly mask: string
  readonly detail: string
}

export interface MaskedRecord {
  readonly record: Record<string, MaskValue>
  readonly notes: readonly MaskNote[]
}

/** @throws TypeError for a mask that `parseMask` has not read, or keys of a wrong length */
export function maskRecord(record: MaskableRecord, masks: FieldMasks, context: MaskContext): MaskedRecord {
  requireKeys(context)
  const masked: Record<string, MaskValue> = {}
  const notes: MaskNote[] = []
  for (const [field, spec] of Object.entries(masks)) {
    const value = Object.hasOwn(record, field) ? record[field] : undefined
    if (value === undefined) continue
    const outcome = maskValue(value, spec, { field, context })
    if ('drop' in outcome) continue
    if ('fault' in outcome) notes.push({ field, mask: spec.mask, detail: outcome.fault })
    masked[field] = 'fault' in outcome ? null : outcome.value
  }
  return { record: masked, notes }
}

/** Absence stays absence, except where the mask hides it. */
export function maskValue(value: MaskValue, spec: MaskSpec, place: MaskPlace): MaskOutcome {
  const mask = maskOf(spec.mask)
  if (mask === undefined) throw new TypeError(`there is no mask "${spec.mask}"; only masks that parseMask has read can be applied`)
  if (value !== null && isScalar(value)) return mask.apply(value, spec, place)
  if (value !== null && spec.mask !== 'drop') return { fault: 'the value is no well-formed text, number or truth value' }
  if (spec.mask === 'constant') return { value: spec.value }
  return spec.mask === 'drop' ? { drop: true } : { value: null }
}

/** A value whose token a table must draw (`drawTableToken`) and keep, once per partner, domain and value. */
export interface TableTokenNeed {
  readonly domain: string
  readonly value: string
  readonly spec: TokenSpec
}

/** The values whose tokens a table must draw before the record is masked, each once. */
export function requiredTableTokens(record: MaskableRecord, masks: FieldMasks): readonly TableTokenNeed[] {
  const needed = new Map<string, TableTokenNeed>()
  for (const [field, spec] of Object.entries(masks)) {
    if (spec.mask !== 'token' || !Object.hasOwn(record, field)) continue
    const value = record[field] ?? null
    const domain = domainOf(spec, { field })
    if (needsTable(value, spec)) needed.set(`${domain} ${value}`, { domain, value, spec })
  }
  return [...needed.values()]
}

const loneSurrogate = /\p{Surrogate}/u

/** Records come from outside the type system too: whatever is no scalar of JSON is treated by no mask. */
function isScalar(value: unknown): boolean {
  return typeof value === 'string' ? !loneSurrogate.test(value) : Number.isFinite(value) || typeof value === 'boolean'
}

function requireKeys({ partnerKey, subjectKey }: MaskContext): void {
  if (partnerKey.length !== 32 || subjectKey.length !== 32) throw new TypeError('masks need a partner key and a subject key of 32 bytes each')
}
