/** Reads a mask as a policy writes it, `{ "mask": "last_n", "n": 4 }`, and says what is wrong with it and where. */
import type { FieldProblem } from '@gatehouse/core/problem'
import { type MaskSpec, maskOf, masks } from './catalogue.ts'
import type { FieldType } from './mask.ts'

export type MaskReading = { readonly ok: true; readonly spec: MaskSpec } | { readonly ok: false; readonly errors: readonly FieldProblem[] }

/** Defaults are filled in. With a field type, a mask that cannot treat the type is refused. */
export function parseMask(value: unknown, fieldType?: FieldType): MaskReading {
  const kind = typeof value === 'object' && value !== null && 'mask' in value ? value.mask : undefined
  const mask = typeof kind === 'string' ? maskOf(kind) : undefined
  if (mask === undefined)
    return { ok: false, errors: [{ pointer: '/mask', detail: `there is no such mask; use one of ${masks.map((one) => one.kind).join(', ')}` }] }
  const read = mask.schema.safeParse(value)
  if (!read.success) {
    const errors = read.error.issues.map((issue) => ({ pointer: issue.path.map((part) => `/${String(part)}`).join(''), detail: issue.message }))
    return { ok: false, errors }
  }
  const types = mask.appliesTo(read.data)
  if (fieldType !== undefined && !types.includes(fieldType)) {
    return { ok: false, errors: [{ pointer: '/mask', detail: `${mask.kind} treats ${types.join(', ')}, and the field is of type ${fieldType}` }] }
  }
  return { ok: true, spec: read.data }
}

/** The faults of a mask; an empty list when there are none. */
export function validateMask(value: unknown, fieldType?: FieldType): readonly FieldProblem[] {
  const read = parseMask(value, fieldType)
  return read.ok ? [] : read.errors
}
