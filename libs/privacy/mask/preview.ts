/** What a partner would see, before a policy is published: the same code as the release, run on sample records. */
import { type FieldMasks, type MaskableRecord, maskRecord } from './apply.ts'
import { maskOf } from './catalogue.ts'
import type { MaskContext, MaskProperties, MaskValue } from './mask.ts'

export interface PreviewField {
  readonly field: string
  readonly before: MaskValue | undefined
  /** `undefined` where the partner does not get the field at all. */
  readonly after: MaskValue | undefined
  readonly mask: string | undefined
  readonly declares: MaskProperties | undefined
  /** Why the value is withheld although a mask was named. */
  readonly note: string | undefined
}

/** One list of fields per record: first the record's own, then those only the masks name. */
export function preview(records: readonly MaskableRecord[], masks: FieldMasks, context: MaskContext): readonly (readonly PreviewField[])[] {
  return records.map((record) => {
    const masked = maskRecord(record, masks, context)
    return [...new Set([...Object.keys(record), ...Object.keys(masks)])].map((field) => {
      const spec = Object.hasOwn(masks, field) ? masks[field] : undefined
      return {
        field,
        before: Object.hasOwn(record, field) ? record[field] : undefined,
        after: Object.hasOwn(masked.record, field) ? masked.record[field] : undefined,
        mask: spec?.mask,
        declares: spec === undefined ? undefined : maskOf(spec.mask)?.declares(spec),
        note: masked.notes.find((note) => note.field === field)?.detail,
      }
    })
  })
}
