/**
 * Reads a schema in SpiceDB's language. Carried: definitions, relations, permissions, caveats, `use expiration` and partials. Files
 * cannot be imported, since a schema is one text here: that is refused by name.
 */
import { type CaveatType, isScalar } from './caveat-type.ts'
import {
  type CaveatSource,
  type DefinitionSource,
  type Expression,
  type PermissionSource,
  type RelationSource,
  SchemaError,
  type SchemaSource,
  type SubjectType,
} from './schema.ts'
import { readTokens, type Token } from './schema-tokens.ts'

export const schemaTextMax = 200_000
/** How deep parentheses, and chains of operators, may go. */
const nestingMax = 100

const features = new Set(['expiration', 'partial', 'import', 'typechecking', 'self'])

interface Body {
  readonly relations: RelationSource[]
  readonly permissions: PermissionSource[]
  readonly splats: { readonly name: string; readonly line: number }[]
}

/** @throws SchemaError naming the line */
export function parseSchema(text: string): SchemaSource {
  if (text.length > schemaTextMax) throw new SchemaError(1, `a schema has at most ${schemaTextMax} characters`)
  return new Reader(readTokens(text)).schema()
}

class Reader {
  readonly #tokens: readonly Token[]
  #at = 0
  readonly #uses = new Set<string>()
  #nesting = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  schema(): SchemaSource {
    const definitions: { readonly name: string; readonly line: number; readonly body: Body }[] = []
    const partials = new Map<string, Body>()
    const caveats: CaveatSource[] = []
    for (let token = this.#peek(); token.kind !== 'end'; token = this.#peek()) {
      if (this.#take('word', 'use')) this.#use()
      else if (this.#take('word', 'definition')) definitions.push({ line: token.line, name: this.#path('a name for the definition'), body: this.#body() })
      else if (this.#take('word', 'caveat')) caveats.push(this.#caveat())
      else if (this.#uses.has('partial') && this.#take('word', 'partial')) partials.set(this.#path('a name for the partial'), this.#body())
      else if (this.#uses.has('import') && this.#take('word', 'import')) {
        this.#expect('text', undefined, 'the path of a file in quotes')
        throw new SchemaError(token.line, 'import is not carried: a schema is one text')
      } else throw this.#wrong('"definition", "caveat" or "use"')
      while (this.#take('sign', ';'));
    }
    return { uses: [...this.#uses], caveats, definitions: definitions.map(({ name, line, body }) => ({ name, line, ...spread(body, partials, []) })) }
  }

  #use(): void {
    const token = this.#expect('word', undefined, 'the name of a feature')
    if (!features.has(token.text)) throw new SchemaError(token.line, `the feature "${token.text}" is not carried`)
    this.#uses.add(token.text)
  }

  #body(): Body {
    const body: Body = { relations: [], permissions: [], splats: [] }
    this.#expect('sign', '{')
    while (!this.#take('sign', '}')) {
      const { line } = this.#peek()
      if (this.#take('word', 'relation')) body.relations.push({ line, name: this.#name(), allows: this.#allowed() })
      else if (this.#take('word', 'permission')) {
        const name = this.#name()
        const types = this.#take('sign', ':') ? this.#annotation() : []
        this.#expect('sign', '=')
        body.permissions.push({ line, name, types, expression: this.#exclusion() })
      } else if (this.#uses.has('partial') && this.#take('sign', '...')) body.splats.push({ line, name: this.#path('the name of a partial') })
      else throw this.#wrong('"relation", "permission" or "}"')
      while (this.#take('sign', ';'));
    }
    return body
  }

  #allowed(): SubjectType[] {
    this.#expect('sign', ':')
    const types = [this.#subjectType()]
    while (this.#take('sign', '|')) types.push(this.#subjectType())
    return types
  }

  #subjectType(): SubjectType {
    const type = this.#path('a type of subject')
    let made: SubjectType = { type }
    if (this.#take('sign', ':')) {
      this.#expect('sign', '*')
      made = { type, wildcard: true }
    } else if (this.#take('sign', '#')) {
      if (!this.#take('sign', '...')) made = { type, relation: this.#name() }
    }
    return this.#take('word', 'with') ? { ...made, ...this.#traits() } : made
  }

  #traits(): Pick<SubjectType, 'caveat' | 'expiration'> {
    if (this.#isExpiration()) {
      this.#at++
      return { expiration: true }
    }
    const caveat = this.#path('the name of a caveat')
    if (!this.#take('word', 'and')) return { caveat }
    if (!this.#isExpiration()) throw this.#wrong('"expiration"')
    this.#at++
    return { caveat, expiration: true }
  }

  #isExpiration(): boolean {
    return this.#uses.has('expiration') && this.#peek().kind === 'word' && this.#peek().text === 'expiration'
  }

  #annotation(): string[] {
    const before = this.#tokens[this.#at - 1]
    if (before !== undefined && this.#peek().line !== before.line) throw this.#wrong('a type of subject on the same line')
    const types = [this.#path('a type of subject')]
    while (this.#take('sign', '|')) types.push(this.#path('a type of subject'))
    return types
  }

  // What binds least stands first: exclusion, then intersection, then union, then arrows.

  #exclusion(): Expression {
    return this.#chain('-', 'exclusion', () => this.#chain('&', 'intersection', () => this.#chain('+', 'union', () => this.#arrow())))
  }

  #chain(sign: string, op: 'exclusion' | 'intersection' | 'union', part: () => Expression): Expression {
    let left = part()
    for (let count = 0; this.#take('sign', sign); ) {
      if (++count > nestingMax) throw this.#wrong(`at most ${nestingMax} of "${sign}"`)
      left = { op, left, right: part() }
    }
    return left
  }

  #arrow(): Expression {
    let from = this.#leaf()
    for (let count = 0; ; count++) {
      if (count > nestingMax) throw this.#wrong(`at most ${nestingMax} arrows`)
      if (this.#take('sign', '->')) from = { op: 'arrow', from, name: this.#name(), all: false }
      else if (this.#take('sign', '.')) {
        const kind = this.#expect('word', undefined, '"any" or "all"')
        if (kind.text !== 'any' && kind.text !== 'all') throw new SchemaError(kind.line, `an arrow is "any" or "all", not "${kind.text}"`)
        this.#expect('sign', '(')
        from = { op: 'arrow', from, name: this.#name(), all: kind.text === 'all' }
        this.#expect('sign', ')')
      } else return from
    }
  }

  #leaf(): Expression {
    if (this.#take('sign', '(')) {
      if (++this.#nesting > nestingMax) throw this.#wrong(`at most ${nestingMax} parentheses`)
      const inner = this.#exclusion()
      this.#expect('sign', ')')
      this.#nesting--
      return inner
    }
    const name = this.#name()
    return name === 'nil' ? { op: 'nil' } : { op: 'name', name }
  }

  #caveat(): CaveatSource {
    const { line } = this.#peek()
    if (this.#isExpiration()) throw new SchemaError(line, '"expiration" is a word of the language here and names no caveat')
    const name = this.#path('a name for the caveat')
    this.#expect('sign', '(')
    const parameters = [this.#parameter()]
    while (this.#take('sign', ',')) parameters.push(this.#parameter())
    this.#expect('sign', ')')
    const body = this.#expect('braces', undefined, 'an expression in braces')
    if (body.text.trim() === '') throw new SchemaError(body.line, `the caveat "${name}" is empty`)
    return { name, line, parameters, text: body.text.trim() }
  }

  #parameter(): { name: string; type: CaveatType } {
    return { name: this.#expect('word', undefined, 'the name of a parameter').text, type: this.#parameterType(0) }
  }

  #parameterType(depth: number): CaveatType {
    const token = this.#expect('word', undefined, 'the type of a parameter')
    if (isScalar(token.text)) return { name: token.text }
    if ((token.text !== 'list' && token.text !== 'map') || depth > 5) throw new SchemaError(token.line, `"${token.text}" is no type of a parameter`)
    this.#expect('sign', '<')
    const of = this.#parameterType(depth + 1)
    this.#expect('sign', '>')
    return { name: token.text, of }
  }

  /** `user`, `org/user`. */
  #path(what: string): string {
    const parts = [this.#expect('word', undefined, what).text]
    while (this.#take('sign', '/')) parts.push(this.#expect('word', undefined, what).text)
    return parts.join('/')
  }

  #name(): string {
    const token = this.#expect('word', undefined, 'a name')
    if (['definition', 'relation', 'permission', 'caveat'].includes(token.text))
      throw new SchemaError(token.line, `"${token.text}" is a word of the language and no name`)
    return token.text
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', line: this.#tokens.at(-1)?.line ?? 1 }
  }

  #take(kind: Token['kind'], text: string): boolean {
    const token = this.#peek()
    if (token.kind !== kind || token.text !== text) return false
    this.#at++
    return true
  }

  #expect(kind: Token['kind'], text?: string, what = `"${text}"`): Token {
    const token = this.#peek()
    if (token.kind !== kind || (text !== undefined && token.text !== text)) throw this.#wrong(what)
    this.#at++
    return token
  }

  #wrong(wanted: string): SchemaError {
    const token = this.#peek()
    return new SchemaError(token.line, `${wanted} belongs here, not ${token.kind === 'end' ? 'the end' : `"${token.text.slice(0, 40)}"`}`)
  }
}

/** A body with what its partials bring. */
function spread(body: Body, partials: ReadonlyMap<string, Body>, within: readonly string[]): Pick<DefinitionSource, 'relations' | 'permissions'> {
  const brought = body.splats.map(({ name, line }) => {
    const partial = partials.get(name)
    if (partial === undefined) throw new SchemaError(line, `there is no partial "${name}"`)
    if (within.includes(name)) throw new SchemaError(line, `the partial "${name}" is part of itself`)
    return spread(partial, partials, [...within, name])
  })
  return {
    relations: [...brought.flatMap(({ relations }) => relations), ...body.relations],
    permissions: [...brought.flatMap(({ permissions }) => permissions), ...body.permissions],
  }
}
