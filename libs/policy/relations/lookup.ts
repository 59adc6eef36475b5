/** "Who may do this?" and "on what may this one do it?": candidates by following relationships, each judged by a check. */
import { check } from './check.ts'
import type { CompiledSchema, Rewrite } from './compile-schema.ts'
import { type Asked, answerOf, type Proof } from './proof.ts'
import { type Edge, type ObjectRef, objectText, type SubjectRef, subjectText } from './relationship.ts'
import type { MemoryTuples, Tuples } from './tuples.ts'

/** Candidates that one look-up judges. */
export const candidatesMax = 10_000

export interface Found<Ref> {
  readonly of: Ref
  readonly answer: 'yes' | 'unknown'
  readonly proof: Proof
}

export interface FoundAll<Ref> {
  readonly found: readonly Found<Ref>[]
  /** True where there were more candidates than are judged. */
  readonly more: boolean
}

/** Who of a type has the permission. `type:*` among them means everybody who is not named otherwise. */
export function lookupSubjects(schema: CompiledSchema, tuples: Tuples, object: ObjectRef, name: string, type: string, asked: Asked): FoundAll<SubjectRef> {
  const candidates = new Map<string, SubjectRef>()
  const seen = new Set([objectText(object)])
  const waiting: ObjectRef[] = [object]
  let more = false
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const { subject } of everyEdge(schema, tuples, next)) {
      if (subject.type === type && subject.relation === undefined) {
        if (candidates.size < candidatesMax) candidates.set(subjectText(subject), subject)
        else more ||= !candidates.has(subjectText(subject))
      }
      const key = objectText(subject)
      if (!seen.has(key) && subject.id !== '*') {
        seen.add(key)
        waiting.push(subject)
      }
    }
  }
  return { found: judged([...candidates.values()], (subject) => check(schema, tuples, object, name, subject), schema, asked), more }
}

/** On which objects of a type the subject has the permission. */
export function lookupResources(
  schema: CompiledSchema,
  tuples: MemoryTuples,
  type: string,
  name: string,
  subject: SubjectRef,
  asked: Asked,
): FoundAll<ObjectRef> {
  const candidates = new Map<string, ObjectRef>()
  const seen = new Set<string>()
  const waiting: SubjectRef[] = [subject, ...(subject.relation === undefined ? [{ type: subject.type, id: '*' }] : [])]
  let more = false
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const { object } of namedBy(schema, tuples, next)) {
      const key = objectText(object)
      if (seen.has(key)) continue
      seen.add(key)
      waiting.push(object)
      if (object.type !== type) continue
      if (candidates.size < candidatesMax) candidates.set(key, object)
      else more = true
    }
  }
  return { found: judged([...candidates.values()], (object) => check(schema, tuples, object, name, subject), schema, asked), more }
}

function judged<Ref extends ObjectRef>(candidates: readonly Ref[], prove: (candidate: Ref) => Proof, schema: CompiledSchema, asked: Asked): Found<Ref>[] {
  return candidates.flatMap((of) => {
    const proof = prove(of)
    const answer = answerOf(schema, proof, asked)
    return answer === 'no' ? [] : [{ of, answer, proof }]
  })
}

function everyEdge(schema: CompiledSchema, tuples: Tuples, object: ObjectRef): Edge[] {
  const members = schema.definitions.get(object.type)?.members.values() ?? []
  return [...members].flatMap((member) => (member.kind === 'relation' ? [...tuples.all(object, member.name)] : []))
}

/** What names the thing itself, or all who hold one of its relations. */
function namedBy(schema: CompiledSchema, tuples: MemoryTuples, { type, id }: SubjectRef): Edge[] {
  const members = schema.definitions.get(type)?.members.keys() ?? []
  return [...tuples.naming({ type, id }), ...[...members].flatMap((relation) => [...tuples.naming({ type, id, relation })])]
}

/** How a permission comes about on one object: the expression with the relationships at its leaves. */
export interface Expansion {
  readonly op: 'union' | 'intersection' | 'exclusion' | 'relation' | 'permission' | 'arrow' | 'circle'
  readonly label: string
  readonly subjects: readonly SubjectRef[]
  readonly parts: readonly Expansion[]
}

const expansionMax = 12

export function expand(schema: CompiledSchema, tuples: Tuples, object: ObjectRef, name: string, within: readonly string[] = []): Expansion {
  const label = `${objectText(object)}#${name}`
  const member = schema.definitions.get(object.type)?.members.get(name)
  if (member === undefined || within.includes(label) || within.length >= expansionMax) return { op: 'circle', label, subjects: [], parts: [] }
  const inside = [...within, label]
  if (member.kind === 'relation') {
    const edges = tuples.all(object, name)
    const parts = edges.flatMap(({ subject }) => (subject.relation === undefined ? [] : [expand(schema, tuples, subject, subject.relation, inside)]))
    return { op: 'relation', label, subjects: edges.map(({ subject }) => subject), parts }
  }
  return { op: 'permission', label, subjects: [], parts: [expandRewrite(schema, tuples, object, member.expression, inside)] }
}

function expandRewrite(schema: CompiledSchema, tuples: Tuples, object: ObjectRef, rewrite: Rewrite, within: readonly string[]): Expansion {
  const of = (part: Rewrite) => expandRewrite(schema, tuples, object, part, within)
  switch (rewrite.op) {
    case 'computed':
      return expand(schema, tuples, object, rewrite.name, within)
    case 'arrow': {
      const label = rewrite.all ? `${rewrite.relation}.all(${rewrite.name})` : `${rewrite.relation}->${rewrite.name}`
      const edges = tuples.all(object, rewrite.relation)
      return {
        op: 'arrow',
        label,
        subjects: edges.map(({ subject }) => subject),
        parts: edges.map(({ subject }) => expand(schema, tuples, subject, rewrite.name, within)),
      }
    }
    case 'union':
    case 'intersection':
      return { op: rewrite.op, label: rewrite.op === 'union' ? '+' : '&', subjects: [], parts: rewrite.of.map(of) }
    case 'exclusion':
      return { op: 'exclusion', label: '-', subjects: [], parts: [of(rewrite.base), of(rewrite.without)] }
    default:
      return { op: 'union', label: 'nil', subjects: [], parts: [] }
  }
}
