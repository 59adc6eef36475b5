/** Makes a schema ready to be asked: every name is looked up once, every caveat compiled, and what does not fit is refused. */
import { type Caveat, compileCaveat } from './caveat.ts'
import { parseSchema } from './parse-schema.ts'
import {
  type DefinitionSource,
  type Expression,
  type PermissionSource,
  type RelationSource,
  SchemaError,
  type SchemaSource,
  type SubjectType,
} from './schema.ts'

export interface Relation {
  readonly kind: 'relation'
  readonly name: string
  readonly allows: readonly SubjectType[]
}

export interface Permission {
  readonly kind: 'permission'
  readonly name: string
  readonly expression: Rewrite
}

/** An expression whose names are resolved. */
export type Rewrite =
  | { readonly op: 'nil' }
  | { readonly op: 'computed'; readonly name: string }
  | { readonly op: 'arrow'; readonly relation: string; readonly name: string; readonly all: boolean }
  | { readonly op: 'union' | 'intersection'; readonly of: readonly Rewrite[] }
  | { readonly op: 'exclusion'; readonly base: Rewrite; readonly without: Rewrite }

export interface Definition {
  readonly name: string
  readonly members: ReadonlyMap<string, Relation | Permission>
}

export interface CompiledSchema {
  readonly text: string
  readonly definitions: ReadonlyMap<string, Definition>
  readonly caveats: ReadonlyMap<string, Caveat>
}

const nameForm = /^([a-z][a-z0-9_]{0,61}[a-z0-9]\/)*[a-z][a-z0-9_]{0,62}[a-z0-9]$/
const memberForm = /^[a-z][a-z0-9_]{0,62}[a-z0-9]$/

/** @throws SchemaError for text that cannot be read, or names what is not there */
export function compileSchema(text: string): CompiledSchema {
  const source = parseSchema(text)
  const caveats = new Map<string, Caveat>()
  for (const caveat of source.caveats) {
    if (!nameForm.test(caveat.name)) throw new SchemaError(caveat.line, `"${caveat.name}" is not the form of a name`)
    if (caveats.has(caveat.name)) throw new SchemaError(caveat.line, `there are two caveats "${caveat.name}"`)
    caveats.set(caveat.name, compileCaveat(caveat))
  }
  const sources = new Map<string, DefinitionSource>()
  for (const definition of source.definitions) {
    if (!nameForm.test(definition.name)) throw new SchemaError(definition.line, `"${definition.name}" is not the form of a name`)
    if (sources.has(definition.name)) throw new SchemaError(definition.line, `there are two definitions "${definition.name}"`)
    sources.set(definition.name, definition)
  }
  const checked = { sources, caveats, source }
  return { text, caveats, definitions: new Map([...sources].map(([name, definition]) => [name, define(definition, checked)])) }
}

interface Names {
  readonly sources: ReadonlyMap<string, DefinitionSource>
  readonly caveats: ReadonlyMap<string, Caveat>
  readonly source: SchemaSource
}

function define(definition: DefinitionSource, names: Names): Definition {
  const members = new Map<string, Relation | Permission>()
  for (const member of [...definition.relations, ...definition.permissions]) {
    if (!memberForm.test(member.name)) throw new SchemaError(member.line, `"${member.name}" is not the form of a name`)
    if (members.has(member.name)) throw new SchemaError(member.line, `"${definition.name}" has "${member.name}" twice`)
    members.set(member.name, 'allows' in member ? relation(member, names) : permission(member, definition, names))
  }
  return { name: definition.name, members }
}

function relation({ name, line, allows }: RelationSource, { sources, caveats }: Names): Relation {
  for (const { type, relation: member, caveat, wildcard } of allows) {
    const target = sources.get(type)
    if (target === undefined) throw new SchemaError(line, `there is no definition "${type}"`)
    if (member !== undefined && ![...target.relations, ...target.permissions].some((other) => other.name === member)) {
      throw new SchemaError(line, `"${type}" has no relation or permission "${member}"`)
    }
    // A userset that holds everybody would make whoever is added everybody.
    if (member !== undefined && target.relations.some((other) => other.name === member && other.allows.some((allowed) => allowed.wildcard)) && !wildcard) {
      throw new SchemaError(line, `"${type}#${member}" may hold everybody of a type, so it cannot be given on`)
    }
    if (caveat !== undefined && !caveats.has(caveat)) throw new SchemaError(line, `there is no caveat "${caveat}"`)
  }
  const said = allows.map((allowed) => JSON.stringify(allowed))
  if (new Set(said).size < said.length) throw new SchemaError(line, `"${name}" names one type of subject twice`)
  return { kind: 'relation', name, allows }
}

function permission({ name, line, expression, types }: PermissionSource, definition: DefinitionSource, names: Names): Permission {
  for (const type of types) if (!names.sources.has(type)) throw new SchemaError(line, `there is no definition "${type}"`)
  return { kind: 'permission', name, expression: rewrite(expression, line, definition, names) }
}

function rewrite(expression: Expression, line: number, definition: DefinitionSource, names: Names): Rewrite {
  switch (expression.op) {
    case 'nil':
      return expression
    case 'name':
      if (!memberOf(definition, expression.name)) throw new SchemaError(line, `"${definition.name}" has no relation or permission "${expression.name}"`)
      return { op: 'computed', name: expression.name }
    case 'arrow':
      return arrow(expression, line, definition, names)
    case 'exclusion':
      return { op: 'exclusion', base: rewrite(expression.left, line, definition, names), without: rewrite(expression.right, line, definition, names) }
    default: {
      const sides = [expression.left, expression.right].map((side) => rewrite(side, line, definition, names))
      return { op: expression.op, of: sides.flatMap((side) => (side.op === expression.op && 'of' in side ? side.of : [side])) }
    }
  }
}

function arrow({ from, name, all }: Extract<Expression, { op: 'arrow' }>, line: number, definition: DefinitionSource, { sources }: Names): Rewrite {
  if (from.op !== 'name') throw new SchemaError(line, 'arrows over arrows are not carried: give the first one a permission of its own')
  const over = definition.relations.find((relation) => relation.name === from.name)
  if (over === undefined) throw new SchemaError(line, `an arrow begins at a relation, and "${definition.name}" has no relation "${from.name}"`)
  if (over.allows.some(({ wildcard }) => wildcard)) throw new SchemaError(line, `an arrow cannot go over "${from.name}", which may hold everybody of a type`)
  const reaches = over.allows.some(({ type }) => memberOf(sources.get(type), name))
  if (!reaches) throw new SchemaError(line, `nothing that "${from.name}" may hold has "${name}"`)
  return { op: 'arrow', relation: from.name, name, all }
}

function memberOf(definition: DefinitionSource | undefined, name: string): boolean {
  return definition !== undefined && [...definition.relations, ...definition.permissions].some((member) => member.name === name)
}
