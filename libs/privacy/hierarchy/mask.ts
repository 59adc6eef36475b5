/** Codes and texts masked character by character, as postcodes are. */
import { HierarchyError } from './error.ts'
import { type Hierarchy, tableHierarchy } from './hierarchy.ts'

export interface MaskOptions {
  readonly values: readonly string[]
  /** The end from which characters are masked; the right one unless told. */
  readonly from?: 'right' | 'left'
  /** How many characters each level masks, growing; without it 1, 2, 3 ... up to the longest value. */
  readonly steps?: readonly number[]
}

/**
 * Above the leaves every label is as long as the longest value, so that a masked value does not tell its length. Characters are
 * Unicode code points.
 *
 * @throws HierarchyError `bad_option` when the steps do not grow
 */
export function maskHierarchy(attribute: string, { values, from = 'right', steps }: MaskOptions): Hierarchy {
  const split = values.map((value) => Array.from(value))
  const length = split.reduce((longest, characters) => Math.max(longest, characters.length), 0)
  const masked = steps ?? Array.from({ length }, (_, index) => index + 1)
  if (masked.some((step, index) => !Number.isSafeInteger(step) || step <= (masked[index - 1] ?? 0))) {
    throw new HierarchyError('bad_option', attribute, 'the steps are whole numbers from 1 that grow')
  }
  const rows = split.map((characters, index) => [values[index] ?? '', ...masked.map((step) => mask(characters, length, Math.max(0, length - step), from))])
  return tableHierarchy(attribute, rows)
}

function mask(characters: readonly string[], length: number, kept: number, from: 'right' | 'left'): string {
  if (from === 'right')
    return characters
      .slice(0, kept)
      .join('')
      .concat('*'.repeat(length - Math.min(kept, characters.length)))
  const shown = characters.slice(Math.max(0, characters.length - kept))
  return '*'.repeat(length - shown.length).concat(shown.join(''))
}
