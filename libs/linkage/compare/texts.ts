/**
 * Distinct values as numbers: one unit per code point, all values in one array, so that comparators run over plain memory that
 * workers can share.
 */
export interface Texts {
  readonly units: Uint16Array
  /** Value i stands at `offsets[i]` to `offsets[i + 1] - 1`. */
  readonly offsets: Int32Array
  /** Which units occur, as 32 classes: what one value has and the other lacks bounds every similarity from above. */
  readonly masks: Int32Array
}

/** The start of the surrogates, which NFC text by code points has no use for. */
const spare = 0xd800
const spareCount = 0x800

/**
 * A code point beyond 16 bits takes a unit in the surrogates' place. Two that fall on one unit would count as alike in fuzzy
 * levels; "same" never looks here.
 */
function unitOf(point: number): number {
  return point < 0x10000 ? point : spare + (point % spareCount)
}

export function textsOf(values: readonly string[]): Texts {
  const offsets = new Int32Array(values.length + 1)
  const masks = new Int32Array(values.length)
  const units = new Uint16Array(values.reduce((sum, value) => sum + value.length, 0))
  let at = 0
  for (const [index, value] of values.entries()) {
    let mask = 0
    for (let i = 0; i < value.length; i++) {
      const point = value.codePointAt(i) ?? 0
      if (point > 0xffff) i++
      const unit = unitOf(point)
      units[at++] = unit
      mask |= 1 << (unit & 31)
    }
    masks[index] = mask
    offsets[index + 1] = at
  }
  return { units: at === units.length ? units : units.slice(0, at), offsets, masks }
}

/** The values of both, those of `fresh` numbered on. */
export function joinTexts(known: Texts | undefined, fresh: Texts): Texts {
  if (known === undefined) return fresh
  const end = known.units.length
  const units = new Uint16Array(end + fresh.units.length)
  units.set(known.units)
  units.set(fresh.units, end)
  const offsets = new Int32Array(known.offsets.length + fresh.masks.length)
  offsets.set(known.offsets)
  for (let i = 0; i < fresh.masks.length; i++) offsets[known.offsets.length + i] = (fresh.offsets[i + 1] as number) + end
  const masks = new Int32Array(known.masks.length + fresh.masks.length)
  masks.set(known.masks)
  masks.set(fresh.masks, known.masks.length)
  return { units, offsets, masks }
}

/** How many of 32 bits are set. */
export function bitCount(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
