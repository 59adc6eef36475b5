/**
 * Numbers equal keys alike by open addressing with linear probing. The two functions differ only in the type of their keys: one
 * that took both would be compiled for neither and run several times slower.
 */
const goldenRatio = 0x9e3779b1
const otherPrime = 0x85ebca6b

/** At least twice as many slots as keys, a power of two. */
export function slotCountFor(keyCount: number): number {
  return 2 ** Math.max(4, 33 - Math.clz32(Math.max(1, keyCount - 1)))
}

/**
 * @param slots scratch of at least `slotCountFor(count)` entries
 * @param classOf filled with the class of each key, in order of first appearance
 * @param firstOf filled with the first key's index of each class
 * @returns the number of classes
 */
export function numberInts(keys: Int32Array, count: number, slots: Int32Array, classOf: Int32Array, firstOf: Int32Array): number {
  const slotCount = slotCountFor(count)
  const mask = slotCount - 1
  const shift = Math.clz32(mask)
  slots.fill(0, 0, slotCount)
  let classCount = 0
  for (let i = 0; i < count; i++) {
    const key = keys[i] as number
    let slot = Math.imul(key, goldenRatio) >>> shift
    let number = slots[slot] as number
    while (number !== 0 && (keys[firstOf[number - 1] as number] as number) !== key) {
      slot = (slot + 1) & mask
      number = slots[slot] as number
    }
    if (number === 0) {
      firstOf[classCount] = i
      number = ++classCount
      slots[slot] = number
    }
    classOf[i] = number - 1
  }
  return classCount
}

/** As `numberInts`, for whole numbers below 2^53. */
export function numberDoubles(keys: Float64Array, count: number, slots: Int32Array, classOf: Int32Array, firstOf: Int32Array): number {
  const slotCount = slotCountFor(count)
  const mask = slotCount - 1
  const shift = Math.clz32(mask)
  slots.fill(0, 0, slotCount)
  let classCount = 0
  for (let i = 0; i < count; i++) {
    const key = keys[i] as number
    const high = Math.floor(key / 2 ** 32)
    const low = (key - high * 2 ** 32) | 0
    let slot = Math.imul(low ^ Math.imul(high, otherPrime), goldenRatio) >>> shift
    let number = slots[slot] as number
    while (number !== 0 && (keys[firstOf[number - 1] as number] as number) !== key) {
      slot = (slot + 1) & mask
      number = slots[slot] as number
    }
    if (number === 0) {
      firstOf[classCount] = i
      number = ++classCount
      slots[slot] = number
    }
    classOf[i] = number - 1
  }
  return classCount
}

/** As `numberInts`, for keys below `radix`, a slot for each. */
export function numberDense(keys: Int32Array, count: number, radix: number, slots: Int32Array, classOf: Int32Array, firstOf: Int32Array): number {
  slots.fill(0, 0, radix)
  let classCount = 0
  for (let i = 0; i < count; i++) {
    const key = keys[i] as number
    let number = slots[key] as number
    if (number === 0) {
      firstOf[classCount] = i
      number = ++classCount
      slots[key] = number
    }
    classOf[i] = number - 1
  }
  return classCount
}
