/** Filters and paths of SCIM (RFC 7644 sections 3.4.2.2 and 3.5.2): a small parser, and a judge of resources held in memory. No text of a filter reaches SQL. */

export type Value = string | number | boolean | null
export type Comparison = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le'

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'present'; readonly path: string }
  | { readonly kind: 'compare'; readonly path: string; readonly by: Comparison; readonly value: Value }
  | { readonly kind: 'within'; readonly path: string; readonly filter: Filter }

/** `emails[type eq "work"].value`: an attribute, which of its values, and which part of each. */
export interface Path {
  readonly attribute: string
  readonly filter?: Filter
  readonly part?: string
}

export const filterCharactersMax = 1000
const depthMax = 20

export class FilterError extends Error {
  override readonly name = 'FilterError'
}

const token = /\s*(?:([()[\]])|("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|([A-Za-z0-9$_.:+-]+))/uy
const comparisons: readonly string[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']
const attributeName = /^(?:urn:[A-Za-z0-9:._-]+:)?[A-Za-z$][\w$-]*(?:\.[A-Za-z$][\w$-]*)?$/

class Reader {
  readonly #tokens: string[] = []
  #at = 0

  constructor(text: string) {
    if (text.length > filterCharactersMax) throw new FilterError(`a filter has at most ${filterCharactersMax} characters`)
    token.lastIndex = 0
    const end = text.trimEnd().length
    while (token.lastIndex < end) {
      const from = token.lastIndex
      const found = token.exec(text)
      if (found === null) throw new FilterError(`nothing can be read at character ${from}`)
      this.#tokens.push(found[0].trim())
    }
  }

  peek(): string | undefined {
    return this.#tokens[this.#at]
  }
  next(): string {
    const found = this.#tokens[this.#at]
    if (found === undefined) throw new FilterError('it ends too early')
    this.#at += 1
    return found
  }
  takes(text: string): boolean {
    if (this.peek()?.toLowerCase() !== text) return false
    this.#at += 1
    return true
  }
  expect(text: string): void {
    if (!this.takes(text)) throw new FilterError(`"${text}" is missing`)
  }
  done(): void {
    if (this.peek() !== undefined) throw new FilterError('something stands behind its end')
  }
}

/** @throws FilterError */
export function parseFilter(text: string): Filter {
  const reader = new Reader(text)
  const filter = disjunction(reader, 0)
  reader.done()
  return filter
}

/** @throws FilterError */
export function parsePath(text: string): Path {
  const reader = new Reader(text)
  const attribute = name(reader)
  if (!reader.takes('[')) {
    reader.done()
    const [head = '', part] = splitPath(attribute)
    return part === undefined ? { attribute: head } : { attribute: head, part }
  }
  const filter = disjunction(reader, 0)
  reader.expect(']')
  const rest = reader.peek()
  if (rest === undefined) return { attribute, filter }
  reader.next()
  reader.done()
  if (!/^\.[A-Za-z$][\w$-]*$/.test(rest)) throw new FilterError('only one part may stand behind the brackets')
  return { attribute, filter, part: rest.slice(1) }
}

function disjunction(reader: Reader, depth: number): Filter {
  if (depth > depthMax) throw new FilterError(`it is nested deeper than ${depthMax}`)
  let left = conjunction(reader, depth)
  while (reader.takes('or')) left = { kind: 'or', left, right: conjunction(reader, depth) }
  return left
}

function conjunction(reader: Reader, depth: number): Filter {
  let left = term(reader, depth)
  while (reader.takes('and')) left = { kind: 'and', left, right: term(reader, depth) }
  return left
}

function term(reader: Reader, depth: number): Filter {
  if (reader.takes('not')) {
    reader.expect('(')
    const filter = disjunction(reader, depth + 1)
    reader.expect(')')
    return { kind: 'not', filter }
  }
  if (reader.takes('(')) {
    const filter = disjunction(reader, depth + 1)
    reader.expect(')')
    return filter
  }
  const path = name(reader)
  if (reader.takes('[')) {
    const filter = disjunction(reader, depth + 1)
    reader.expect(']')
    return { kind: 'within', path, filter }
  }
  const by = reader.next().toLowerCase()
  if (by === 'pr') return { kind: 'present', path }
  if (!comparisons.includes(by)) throw new FilterError(`"${by.slice(0, 20)}" is no comparison`)
  return { kind: 'compare', path, by: by as Comparison, value: literal(reader.next()) }
}

function name(reader: Reader): string {
  const found = reader.next()
  if (!attributeName.test(found)) throw new FilterError('an attribute is expected')
  return found
}

function literal(text: string): Value {
  if (text.startsWith('"')) return JSON.parse(text) as string
  if (text === 'true' || text === 'false') return text === 'true'
  if (text === 'null') return null
  if (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return Number(text)
  throw new FilterError('a value is a text in quotes, a number, true, false or null')
}

const core = /^urn:ietf:params:scim:schemas:core:2\.0:(?:User|Group):/i

/** An extension's attributes lie below its URN, which holds dots of its own. */
function splitPath(path: string): string[] {
  const plain = path.replace(core, '')
  const [, urn, rest] = /^(urn:.+):([^:]+)$/i.exec(plain) ?? []
  return urn === undefined || rest === undefined ? plain.split('.') : [urn, ...rest.split('.')]
}

type Node = unknown

/** Names are compared without case (RFC 7643 section 2.1); values of a list are looked at one by one. */
export function valuesAt(resource: Node, path: string): Node[] {
  let found: Node[] = [resource]
  for (const part of splitPath(path)) {
    found = found.flatMap((one) => {
      const value = member(one, part)
      return value === undefined ? [] : Array.isArray(value) ? value : [value]
    })
  }
  return found
}

export function member(one: Node, part: string): Node {
  if (typeof one !== 'object' || one === null) return undefined
  const key = Object.keys(one).find((candidate) => candidate.toLowerCase() === part.toLowerCase())
  return key === undefined ? undefined : (one as Record<string, Node>)[key]
}

export function matches(resource: Node, filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
      return matches(resource, filter.left) && matches(resource, filter.right)
    case 'or':
      return matches(resource, filter.left) || matches(resource, filter.right)
    case 'not':
      return !matches(resource, filter.filter)
    case 'present':
      return valuesAt(resource, filter.path).some((value) => value !== null && value !== '')
    case 'within':
      return valuesAt(resource, filter.path).some((value) => matches(value, filter.filter))
    case 'compare':
      return compared(valuesAt(resource, filter.path), filter)
  }
}

function compared(values: Node[], { by, value }: Extract<Filter, { kind: 'compare' }>): boolean {
  // Where a list of complex values is named without a part, its `value` is meant (RFC 7644 section 3.4.2.2).
  const plain = values.map((one) => (typeof one === 'object' && one !== null ? member(one, 'value') : one)).filter((one) => one !== undefined)
  if (by === 'ne') return !plain.some((one) => holds(one, 'eq', value))
  if (by === 'eq' && value === null) return plain.length === 0 || plain.includes(null)
  return plain.some((one) => holds(one, by, value))
}

function holds(one: Node, by: Comparison, value: Value): boolean {
  if (typeof one === 'string' && typeof value === 'string') {
    const [left, right] = [one.toLowerCase(), value.toLowerCase()]
    if (by === 'co') return left.includes(right)
    if (by === 'sw') return left.startsWith(right)
    if (by === 'ew') return left.endsWith(right)
    return ordered(left, right, by)
  }
  if (typeof one === 'number' && typeof value === 'number') return ordered(one, value, by)
  return by === 'eq' && one === value
}

function ordered<T extends string | number>(left: T, right: T, by: Comparison): boolean {
  if (by === 'eq') return left === right
  if (by === 'gt') return left > right
  if (by === 'ge') return left >= right
  if (by === 'lt') return left < right
  return by === 'le' && left <= right
}
