/**
 * The part of OData's `$filter` (OASIS OData 4.01, URL Conventions, 5.1.1) that is spoken here, into a predicate: a column compared with
 * a value, `startswith(column,'text')`, `and`, `or`, `not` and parentheses. Everything else is refused with the place where it stands;
 * nothing of it is ever pasted into another language.
 */
import { parseInstant } from '@gatehouse/core/instant'
import type { FieldType } from '@gatehouse/tabular/field'
import { comparisons, type Predicate, predicateDepthMax, predicateItemsMax } from '@gatehouse/tabular/predicate'

export const filterLengthMax = 4_000

export type ParsedFilter = { readonly ok: true; readonly predicate: Predicate } | { readonly ok: false; readonly detail: string }

type Comparison = (typeof comparisons)[number]
type Literal = string | number | boolean | null

interface Token {
  readonly kind: 'word' | 'literal' | 'mark' | 'end'
  readonly text: string
  readonly value?: Literal
  readonly at: number
}

class FilterError extends Error {}

const marks = /^[(),]/
const string = /^'((?:[^']|'')*)'/
const instant = /^\d{4}-\d{2}-\d{2}T[0-9:.]+(?:Z|[+-]\d{2}:\d{2})/
const date = /^\d{4}-\d{2}-\d{2}(?![\d.])/
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/
const word = /^[A-Za-z_][A-Za-z0-9_]*/

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at)
    const space = /^[ \t]+/.exec(rest)?.[0]
    if (space !== undefined) {
      at += space.length
      continue
    }
    const token = tokenAt(rest, at)
    tokens.push(token)
    at += token.text.length
    // `5and` and `'a'or` are no words apart.
    if (token.kind !== 'mark' && /^[A-Za-z0-9_'.]/.test(text.slice(at))) throw new FilterError(`what stands at ${at} does not belong to what is before it`)
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }]
}

function tokenAt(rest: string, at: number): Token {
  const mark = marks.exec(rest)?.[0]
  if (mark !== undefined) return { kind: 'mark', text: mark, at }
  const quoted = string.exec(rest)
  if (quoted !== null) return { kind: 'literal', text: quoted[0], value: (quoted[1] as string).replaceAll("''", "'"), at }
  const moment = instant.exec(rest)?.[0]
  if (moment !== undefined) {
    const value = parseInstant(moment)
    if (value === undefined) throw new FilterError(`at ${at} stands no moment`)
    return { kind: 'literal', text: moment, value, at }
  }
  const day = date.exec(rest)?.[0]
  if (day !== undefined) return { kind: 'literal', text: day, value: day, at }
  const figure = number.exec(rest)?.[0]
  if (figure !== undefined) {
    if (!Number.isFinite(Number(figure))) throw new FilterError(`the number at ${at} is too large`)
    return { kind: 'literal', text: figure, value: Number(figure), at }
  }
  const name = word.exec(rest)?.[0]
  if (name === undefined) throw new FilterError(`what stands at ${at} is not spoken here`)
  const constants: Readonly<Record<string, Literal>> = { true: true, false: false, null: null }
  return Object.hasOwn(constants, name) ? { kind: 'literal', text: name, value: constants[name] as Literal, at } : { kind: 'word', text: name, at }
}

/** @param typeOf of the columns that may be named */
export function parseFilter(text: string, typeOf: (column: string) => FieldType | undefined): ParsedFilter {
  if (text.length > filterLengthMax) return { ok: false, detail: `$filter has at most ${filterLengthMax} characters` }
  try {
    const reader = new Reader(tokensOf(text), typeOf)
    const predicate = reader.either(1)
    reader.end()
    return { ok: true, predicate }
  } catch (error) {
    if (error instanceof FilterError) return { ok: false, detail: `$filter: ${error.message}` }
    throw error
  }
}

class Reader {
  #at = 0
  #leaves = 0
  readonly #tokens: readonly Token[]
  readonly #typeOf: (column: string) => FieldType | undefined

  constructor(tokens: readonly Token[], typeOf: (column: string) => FieldType | undefined) {
    this.#tokens = tokens
    this.#typeOf = typeOf
  }

  either(depth: number): Predicate {
    return this.#several(
      'or',
      depth,
      () => this.#both(depth),
      (parts) => ({ any: parts }),
    )
  }

  end(): void {
    const { kind, at } = this.#peek()
    if (kind !== 'end') throw new FilterError(`what stands at ${at} is one thing too many`)
  }

  #both(depth: number): Predicate {
    return this.#several(
      'and',
      depth,
      () => this.#one(depth),
      (parts) => ({ all: parts }),
    )
  }

  #several(joint: string, depth: number, part: () => Predicate, join: (parts: Predicate[]) => Predicate): Predicate {
    if (depth > predicateDepthMax) throw new FilterError(`it is nested more than ${predicateDepthMax} deep`)
    const parts = [part()]
    while (this.#takeWord(joint)) parts.push(part())
    return parts.length === 1 ? (parts[0] as Predicate) : join(parts)
  }

  #one(depth: number): Predicate {
    if (depth > predicateDepthMax) throw new FilterError(`it is nested more than ${predicateDepthMax} deep`)
    if (++this.#leaves > predicateItemsMax) throw new FilterError(`it has more than ${predicateItemsMax} parts`)
    if (this.#takeWord('not')) return { not: this.#one(depth + 1) }
    if (this.#takeMark('(')) {
      const inner = this.either(depth + 1)
      this.#mark(')')
      return inner
    }
    const name = this.#next('word', 'a column or a function')
    if (this.#takeMark('(')) return this.#function(name)
    return this.#comparison(name)
  }

  #function({ text, at }: Token): Predicate {
    if (text !== 'startswith') throw new FilterError(`the function ${text} at ${at} is not spoken here; startswith is`)
    const { column, type } = this.#column(this.#next('word', 'a column'))
    this.#mark(',')
    const { value } = this.#next('literal', 'a text in quotes')
    this.#mark(')')
    if (type !== 'string') throw new FilterError(`${column} is no text, so it starts with none`)
    if (typeof value !== 'string' || value === '' || value.length > 200) throw new FilterError('startswith takes a text of 1 to 200 characters')
    return { column, starts_with: value }
  }

  #comparison(name: Token): Predicate {
    const { column, type } = this.#column(name)
    const operator = this.#next('word', 'eq, ne, lt, le, gt or ge')
    const is = comparisons.find((comparison): comparison is Comparison => comparison === operator.text)
    if (is === undefined) throw new FilterError(`${operator.text} at ${operator.at} is not spoken here; eq, ne, lt, le, gt and ge are`)
    const { value, at } = this.#next('literal', 'a value')
    if (value === null || value === undefined) {
      if (is !== 'eq' && is !== 'ne') throw new FilterError(`nothing is less or more than null (at ${at})`)
      return { column, missing: is === 'eq' }
    }
    const wanted = type === 'integer' || type === 'number' ? 'number' : type === 'boolean' ? 'boolean' : 'string'
    if (typeof value !== wanted) throw new FilterError(`${column} is ${type}, and what stands at ${at} is not`)
    if (wanted === 'boolean' && is !== 'eq' && is !== 'ne') throw new FilterError(`${column} is true or false, of which neither is more`)
    if (typeof value === 'string' && value.length > 1_000) throw new FilterError(`the text at ${at} is too long`)
    const leaf: Predicate = { column, is, value }
    // In OData what is missing is unequal to every value; a predicate says nothing of it.
    return is === 'ne' ? { any: [leaf, { column, missing: true }] } : leaf
  }

  #column({ text: column, at }: Token): { column: string; type: FieldType } {
    const type = this.#typeOf(column)
    if (type === undefined) throw new FilterError(`the result has no column of the name at ${at}`)
    return { column, type }
  }

  #peek(): Token {
    return this.#tokens[this.#at] as Token
  }

  #next(kind: Token['kind'], wanted: string): Token {
    const token = this.#peek()
    if (token.kind !== kind) throw new FilterError(`at ${token.at} ${wanted} is missing`)
    this.#at++
    return token
  }

  #takeWord(text: string): boolean {
    const { kind, text: found } = this.#peek()
    if (kind !== 'word' || found !== text) return false
    this.#at++
    return true
  }

  #takeMark(text: string): boolean {
    const { kind, text: found } = this.#peek()
    if (kind !== 'mark' || found !== text) return false
    this.#at++
    return true
  }

  #mark(text: string): void {
    if (!this.#takeMark(text)) throw new FilterError(`at ${this.#peek().at} a ${text} is missing`)
  }
}
