/** Which lines two texts share, by their longest common subsequence. */

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
  /** Line numbers, from 1, in the text before and after. */
  readonly before?: number
  readonly after?: number
}

/** Beyond so many pairs of changed lines the whole stretch counts as replaced: nobody reads such a comparison line by line. */
const pairsMax = 4_000_000

export function diffLines(before: string, after: string): DiffLine[] {
  const a = before.split('\n')
  const b = after.split('\n')
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  const same = (at: number, shift: number): DiffLine => ({ kind: 'same', text: a[at] ?? '', before: at + 1, after: at + 1 + shift })
  return [
    ...Array.from({ length: head }, (_, at) => same(at, 0)),
    ...between(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head),
    ...Array.from({ length: tail }, (_, at) => same(a.length - tail + at, b.length - a.length)),
  ]
}

/** How many lines the rests of both texts have in common, from line i and from line j, at `i * (b.length + 1) + j`. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        a[i] === b[j] ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0)
    }
  }
  return lengths
}

function between(a: readonly string[], b: readonly string[], shift: number): DiffLine[] {
  const width = b.length + 1
  const tooMuch = a.length * b.length > pairsMax
  const lengths = tooMuch ? new Uint32Array() : commonLengths(a, b)
  const lines: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (!tooMuch && i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i] ?? '', before: shift + i + 1, after: shift + j + 1 })
      i += 1
      j += 1
    } else if (i < a.length && (j >= b.length || (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))) {
      lines.push({ kind: 'removed', text: a[i] ?? '', before: shift + i + 1 })
      i += 1
    } else {
      lines.push({ kind: 'added', text: b[j] ?? '', after: shift + j + 1 })
      j += 1
    }
  }
  return lines
}

/** A document as text in which equal things look equal: names in order, one value a line. */
export function comparable(document: unknown): string {
  if (typeof document === 'string') return document
  return (
    JSON.stringify(
      document,
      (_name, value: unknown) => (isPlain(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value),
      2,
    ) ?? ''
  )
}

const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)
