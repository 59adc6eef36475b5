import { type MaskSpec, maskOf } from './catalogue.ts'
import type { MaskPlace, MaskValue } from './mask.ts'

/** The value a reversible mask was given, or `undefined` where the mask cannot be undone or never gave this. */
export function unmask(masked: MaskValue, spec: MaskSpec, place: MaskPlace): MaskValue | undefined {
  return maskOf(spec.mask)?.reverse?.(masked, spec, place)
}
