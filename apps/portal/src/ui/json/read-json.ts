/** Reads JSON (RFC 8259) as `JSON.parse` does, and knows where everything stands, so that a fault or a refusal can name its line. */

export type FaultKind = 'value' | 'key' | 'colon' | 'comma' | 'end' | 'text' | 'twice'

export interface JsonFault {
  readonly kind: FaultKind
  /** Both begin with 1. */
  readonly line: number
  readonly column: number
}

export type JsonReading =
  | { readonly ok: true; readonly value: unknown /** The line of each value by its JSON pointer (RFC 6901). */; readonly lines: ReadonlyMap<string, number> }
  | { readonly ok: false; readonly fault: JsonFault }

class Fault extends Error {
  readonly kind: FaultKind
  readonly at: number

  constructor(kind: FaultKind, at: number) {
    super(kind)
    this.kind = kind
    this.at = at
  }
}

const space = /[ \t\n\r]*/y
const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a text must not hold
const text = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y

/** A name that stands twice in one object is a fault: readers disagree on which one counts. */
export function readJson(source: string): JsonReading {
  const lines = new Map<string, number>()
  const lineEnds = [...source.matchAll(/\n/g)].map(({ index }) => index)
  const lineAt = (at: number) => before(lineEnds, at) + 1
  let at = 0
  const take = (form: RegExp): string | undefined => {
    form.lastIndex = at
    const found = form.exec(source)?.[0]
    at += found?.length ?? 0
    return found
  }
  const next = (): string | undefined => {
    take(space)
    return source[at]
  }
  const passes = (mark: string): boolean => {
    const there = next() === mark
    if (there) at += 1
    return there
  }
  const expect = (mark: string, kind: FaultKind) => {
    if (!passes(mark)) throw new Fault(kind, at)
  }
  const readText = (kind: FaultKind): string => {
    if (next() !== '"') throw new Fault(kind, at)
    const found = take(text)
    if (found === undefined) throw new Fault('text', at)
    return found
  }
  const skipValue = (pointer: string): void => {
    const mark = next()
    lines.set(pointer, lineAt(at))
    if (mark === '{') skipObject(pointer)
    else if (mark === '[') skipList(pointer)
    else if (mark === '"') readText('text')
    else if (take(scalar) === undefined) throw new Fault('value', at)
  }
  const skipObject = (pointer: string): void => {
    at += 1
    const names = new Set<string>()
    if (passes('}')) return
    while (true) {
      next()
      const begun = at
      const name = JSON.parse(readText('key')) as string
      if (names.has(name)) throw new Fault('twice', begun)
      names.add(name)
      expect(':', 'colon')
      skipValue(`${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
      if (passes('}')) return
      expect(',', 'comma')
    }
  }
  const skipList = (pointer: string): void => {
    at += 1
    if (passes(']')) return
    for (let index = 0; ; index += 1) {
      skipValue(`${pointer}/${String(index)}`)
      if (passes(']')) return
      expect(',', 'comma')
    }
  }
  try {
    skipValue('')
    if (next() !== undefined) throw new Fault('end', at)
    return { ok: true, value: JSON.parse(source), lines }
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    const line = before(lineEnds, fault.at)
    return { ok: false, fault: { kind: fault.kind, line: line + 1, column: fault.at - (lineEnds[line - 1] ?? -1) } }
  }
}

/** How many of the sorted places stand before this one. */
function before(places: readonly number[], at: number): number {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] ?? 0) < at) low = middle + 1
    else high = middle
  }
  return low
}

/** The line of a pointer, or of the nearest thing around it: what is missing has no line of its own. */
export function lineOf(lines: ReadonlyMap<string, number>, pointer: string): number {
  for (let around = pointer; around !== ''; around = around.slice(0, around.lastIndexOf('/'))) {
    const line = lines.get(around)
    if (line !== undefined) return line
    if (!around.includes('/')) break
  }
  return lines.get('') ?? 1
}
