/**
 * Every filter against every other. The right filters go through the kernel tile by tile and all left ones pass over each tile
 * while it is in the cache. Left records are numbered through, so workers take ranges of them and `mergeDice` joins the parts.
 */
import type { Clks } from './clk.ts'
import { BloomError } from './error.ts'
import { type DiceBackend, type DiceKernel, diceKernel } from './kernel.ts'
import { type DicePairs, diceBuffer, mergeDice } from './pairs.ts'
import { tileRecords } from './wasm/scan.ts'

/**
 * For filters of 1,024 bits without hardening, one to one: on simulated people it finds 97 of 100 pairs and hardly a false one.
 * Hardening moves all coefficients, so its thresholds are others; README.md has them.
 */
export const diceThresholdDefault = 0.7

export interface DiceSearch {
  /** The least Dice coefficient, above 0 and at most 1. */
  readonly threshold?: number
  /** Left records from here on; all without it. */
  readonly from?: number
  /** Left records before this one. */
  readonly to?: number
  /** More pairs than this are refused by name. */
  readonly pairsMax?: number
  readonly backend?: DiceBackend
}

type OnHit = (left: number, right: number, dice: number) => void

/** All pairs of a left and a right record that reach the threshold. @throws BloomError `bad_threshold`, `other_schema`, `too_many_pairs` */
export function diceBetween(left: Clks, right: Clks, search: DiceSearch = {}): DicePairs {
  const buffer = diceBuffer(search.pairsMax)
  visit(left, right, search, buffer.add)
  return mergeDice([buffer.build()])
}

/** All pairs of two different records of one set. @throws BloomError as `diceBetween` */
export function diceWithin(clks: Clks, search: DiceSearch = {}): DicePairs {
  const buffer = diceBuffer(search.pairsMax)
  visit(clks, clks, search, (left, right, dice) => {
    if (left < right) buffer.add(left, right, dice)
  })
  return mergeDice([buffer.build()])
}

export const topMax = 1_000

/** Of each left record the `count` most alike right ones that reach the threshold; equal ones by their number. */
export function diceTop(left: Clks, right: Clks, count: number, search: DiceSearch = {}): DicePairs {
  if (!Number.isInteger(count) || count < 1 || count > topMax) throw new RangeError(`the top few are 1 to ${topMax}, got ${count}`)
  const { from = 0, to = left.length } = search
  const best = Array.from({ length: Math.max(0, to - from) }, (): { right: number; dice: number }[] => [])
  visit(left, right, search, (record, other, dice) => {
    const list = best[record - from]
    if (list === undefined) return
    if (list.length === count && dice <= (list[count - 1]?.dice ?? 0)) return
    // Right records come in rising order, so an equal one goes behind those that are there.
    const place = list.findIndex((each) => each.dice < dice)
    list.splice(place < 0 ? list.length : place, 0, { right: other, dice })
    if (list.length > count) list.pop()
  })
  const buffer = diceBuffer(search.pairsMax)
  for (const [index, list] of best.entries()) for (const each of list) buffer.add(from + index, each.right, each.dice)
  return mergeDice([buffer.build()])
}

function visit(left: Clks, right: Clks, { threshold = diceThresholdDefault, from = 0, to = left.length, backend }: DiceSearch, onHit: OnHit): void {
  checkComparable(left, right)
  const kernel = diceKernel(left.bits, threshold, backend)
  for (let start = 0; start < right.length; start += tileRecords) {
    const end = Math.min(right.length, start + tileRecords)
    kernel.setTile(right, start, end)
    // One set against itself: a record before the tile sees all of it, one behind it none.
    const last = left === right ? Math.min(to, end) : to
    for (let record = from; record < last; record++) report(kernel, left, record, right, start, onHit)
  }
}

function report(kernel: DiceKernel, left: Clks, record: number, right: Clks, start: number, onHit: OnHit): void {
  const ones = left.ones[record] ?? 0
  const found = kernel.scan(left, record)
  for (let index = 0; index < found; index++) {
    const other = start + (kernel.hits[2 * index] as number)
    onHit(record, other, (2 * (kernel.hits[2 * index + 1] as number)) / (ones + (right.ones[other] ?? 0)))
  }
}

/** @throws BloomError `other_schema` */
export function checkComparable(left: Clks, right: Clks): void {
  if (left.schemaHash !== right.schemaHash || left.bits !== right.bits) {
    throw new BloomError('other_schema', 'the filters of both sides were made by different schemas; make both anew by one')
  }
}

/** Ranges of left records for so many workers, as even as they can be. */
export function leftRanges(length: number, parts: number): { readonly from: number; readonly to: number }[] {
  return Array.from({ length: parts }, (_, part) => ({ from: Math.floor((length * part) / parts), to: Math.floor((length * (part + 1)) / parts) }))
}
