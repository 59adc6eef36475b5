/** A relationship (a relation tuple): `project:p1#member@user:ada[until_noon:{"now": …}][expiration:2027-01-01T00:00:00Z]`. */
import type { Context } from './caveat.ts'
import { type FixedValues, fixValues } from './caveat.ts'
import type { CompiledSchema } from './compile-schema.ts'

export interface ObjectRef {
  readonly type: string
  readonly id: string
}

/** Somebody or something (`user:ada`), everybody of a type (`user:*`), or all who hold a relation (`team:a#member`). */
export interface SubjectRef extends ObjectRef {
  readonly relation?: string
}

export interface Relationship {
  readonly object: ObjectRef
  readonly relation: string
  readonly subject: SubjectRef
  readonly caveat?: { readonly name: string; readonly context: Context }
  /** Milliseconds since 1970. */
  readonly expiresAtMs?: number
}

const typeForm = '[a-z][a-z0-9_]*(?:/[a-z][a-z0-9_]*)*'
const idForm = '[A-Za-z0-9/_|\\-=+]{1,1024}'
const text = new RegExp(`^(${typeForm}):(${idForm})#([a-z][a-z0-9_]*)@(${typeForm}):(${idForm}|\\*)(?:#([a-z][a-z0-9_]*|\\.\\.\\.))?`)
export const objectIdForm = new RegExp(`^${idForm}$`)

/** @returns `undefined` for text that is no relationship */
export function parseRelationship(line: string): Relationship | undefined {
  const match = text.exec(line)
  if (match === null) return undefined
  const [whole, objectType = '', objectId = '', relation = '', subjectType = '', subjectId = '', subjectRelation] = match
  const made = {
    object: { type: objectType, id: objectId },
    relation,
    subject: { type: subjectType, id: subjectId, ...(subjectRelation === undefined || subjectRelation === '...' ? {} : { relation: subjectRelation }) },
  }
  const traits = traitsOf(line.slice(whole.length))
  return traits && { ...made, ...traits }
}

function traitsOf(rest: string): Pick<Relationship, 'caveat' | 'expiresAtMs'> | undefined {
  if (rest === '') return {}
  const expiration = /^(.*)\[expiration:([^\]]+)\]$/.exec(rest)
  const ends = expiration?.[2] === undefined ? undefined : Date.parse(expiration[2])
  if (Number.isNaN(ends)) return undefined
  const before = expiration ? (expiration[1] ?? '') : rest
  const traits = ends === undefined ? {} : { expiresAtMs: ends }
  if (before === '') return traits
  const caveat = /^\[([a-z][a-z0-9_/]*)(?::(\{.*\}))?\]$/.exec(before)
  if (caveat?.[1] === undefined) return undefined
  try {
    return { ...traits, caveat: { name: caveat[1], context: caveat[2] === undefined ? {} : (JSON.parse(caveat[2]) as Context) } }
  } catch {
    return undefined
  }
}

export const objectText = ({ type, id }: ObjectRef): string => `${type}:${id}`
export const subjectText = ({ type, id, relation }: SubjectRef): string => (relation === undefined ? `${type}:${id}` : `${type}:${id}#${relation}`)

export function relationshipText({ object, relation, subject, caveat, expiresAtMs }: Relationship): string {
  const condition =
    caveat === undefined ? '' : Object.keys(caveat.context).length === 0 ? `[${caveat.name}]` : `[${caveat.name}:${JSON.stringify(caveat.context)}]`
  return `${objectText(object)}#${relation}@${subjectText(subject)}${condition}${expiresAtMs === undefined ? '' : `[expiration:${new Date(expiresAtMs).toISOString()}]`}`
}

/** A relationship that fits its schema, with its caveat looked up and its context's values made. */
export interface Edge {
  readonly object: ObjectRef
  readonly relation: string
  readonly subject: SubjectRef
  readonly caveat?: string
  readonly fixed?: FixedValues
  readonly expiresAtMs?: number
}

/** @returns the relationship ready to be asked, or what is wrong with it */
export function edgeOf(schema: CompiledSchema, relationship: Relationship): Edge | string {
  const { object, relation, subject, caveat, expiresAtMs } = relationship
  if (!objectIdForm.test(object.id)) return 'an id has letters, digits and / _ | - = + only, at most 1024 of them'
  if (subject.id !== '*' && !objectIdForm.test(subject.id)) return 'an id has letters, digits and / _ | - = + only, at most 1024 of them'
  const member = schema.definitions.get(object.type)?.members.get(relation)
  if (member === undefined) return `"${object.type}" has no relation "${relation}"`
  if (member.kind !== 'relation') return `"${object.type}#${relation}" is a permission: it follows from relations and is not written`
  const wildcard = subject.id === '*'
  if (wildcard && subject.relation !== undefined) return 'everybody of a type has no relation'
  const allowed = member.allows.some(
    (allows) =>
      allows.type === subject.type &&
      allows.relation === subject.relation &&
      (allows.wildcard === true) === wildcard &&
      allows.caveat === caveat?.name &&
      (allows.expiration === true) === (expiresAtMs !== undefined),
  )
  if (!allowed)
    return `"${object.type}#${relation}" does not take ${wildcard ? `${subject.type}:*` : subject.relation ? `${subject.type}#${subject.relation}` : subject.type} in this form`
  if (caveat === undefined) return { object, relation, subject, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) }
  const compiled = schema.caveats.get(caveat.name)
  if (compiled === undefined) return `there is no caveat "${caveat.name}"`
  const fixed = fixValues(compiled, caveat.context)
  if ('wrong' in fixed) return fixed.wrong
  return { object, relation, subject, caveat: caveat.name, fixed: fixed.values, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) }
}
