/** Relationships, found the ways a check looks for them: by a look-up where the subject is known, never by a walk over a group. */
import type { CompiledSchema } from './compile-schema.ts'
import { type Edge, type ObjectRef, objectText, type SubjectRef, subjectText } from './relationship.ts'

export interface Tuples {
  /** Those from this object straight to this subject, and to everybody of its type. At most two. */
  direct(object: ObjectRef, relation: string, subject: SubjectRef): readonly Edge[]
  /** Those whose subject is all who hold a relation of something. */
  usersets(object: ObjectRef, relation: string): readonly Edge[]
  /** All of a relation, for an arrow. */
  all(object: ObjectRef, relation: string): readonly Edge[]
  /** Those of any relation that lead on to something that has relations itself. */
  onward(object: ObjectRef): readonly Edge[]
  /** Whether the object has any straight to this subject, or to everybody of its type. */
  touches(object: ObjectRef, subject: SubjectRef): boolean
}

interface Bucket {
  readonly bySubject: Map<string, Edge>
  readonly usersets: Map<string, Edge>
}

const none: readonly Edge[] = []
const relationKey = (object: ObjectRef, relation: string): string => `${object.type}:${object.id}#${relation}`

/** Kept in memory. A relationship stands once: written again it replaces what stood there. */
export class MemoryTuples implements Tuples {
  readonly #schema: CompiledSchema
  readonly #relations = new Map<string, Bucket>()
  readonly #onward = new Map<string, Map<string, Edge>>()
  readonly #touched = new Map<string, number>()
  /** From a subject back to what names it, for look-ups. */
  readonly #back = new Map<string, Map<string, Edge>>()

  constructor(schema: CompiledSchema, edges: Iterable<Edge> = []) {
    this.#schema = schema
    for (const edge of edges) this.add(edge)
  }

  add(edge: Edge): void {
    this.remove(edge)
    const key = relationKey(edge.object, edge.relation)
    const bucket = this.#relations.get(key) ?? { bySubject: new Map<string, Edge>(), usersets: new Map<string, Edge>() }
    this.#relations.set(key, bucket)
    const subject = subjectText(edge.subject)
    bucket.bySubject.set(subject, edge)
    if (edge.subject.relation !== undefined) bucket.usersets.set(subject, edge)
    const whole = `${key}@${subject}`
    if (this.#leadsOn(edge)) put(this.#onward, objectText(edge.object), whole, edge)
    const touch = `${objectText(edge.object)}@${subject}`
    this.#touched.set(touch, (this.#touched.get(touch) ?? 0) + 1)
    put(this.#back, subject, whole, edge)
  }

  remove(edge: Pick<Edge, 'object' | 'relation' | 'subject'>): void {
    const key = relationKey(edge.object, edge.relation)
    const subject = subjectText(edge.subject)
    const bucket = this.#relations.get(key)
    if (!bucket?.bySubject.delete(subject)) return
    bucket.usersets.delete(subject)
    const whole = `${key}@${subject}`
    this.#onward.get(objectText(edge.object))?.delete(whole)
    const touch = `${objectText(edge.object)}@${subject}`
    const left = (this.#touched.get(touch) ?? 1) - 1
    if (left === 0) this.#touched.delete(touch)
    else this.#touched.set(touch, left)
    this.#back.get(subject)?.delete(whole)
  }

  direct(object: ObjectRef, relation: string, subject: SubjectRef): readonly Edge[] {
    const bucket = this.#relations.get(relationKey(object, relation))
    if (bucket === undefined) return none
    const own = bucket.bySubject.get(subjectText(subject))
    const everybody = subject.relation === undefined && subject.id !== '*' ? bucket.bySubject.get(`${subject.type}:*`) : undefined
    if (own === undefined) return everybody === undefined ? none : [everybody]
    return everybody === undefined ? [own] : [own, everybody]
  }

  usersets(object: ObjectRef, relation: string): readonly Edge[] {
    const found = this.#relations.get(relationKey(object, relation))?.usersets
    return found === undefined || found.size === 0 ? none : [...found.values()]
  }

  all(object: ObjectRef, relation: string): readonly Edge[] {
    const found = this.#relations.get(relationKey(object, relation))?.bySubject
    return found === undefined || found.size === 0 ? none : [...found.values()]
  }

  onward(object: ObjectRef): readonly Edge[] {
    return [...(this.#onward.get(objectText(object))?.values() ?? none)]
  }

  touches(object: ObjectRef, subject: SubjectRef): boolean {
    const from = objectText(object)
    return this.#touched.has(`${from}@${subjectText(subject)}`) || (subject.relation === undefined && this.#touched.has(`${from}@${subject.type}:*`))
  }

  /** What names this subject: where a look-up for objects goes on. */
  naming(subject: SubjectRef): readonly Edge[] {
    return [...(this.#back.get(subjectText(subject))?.values() ?? none)]
  }

  *[Symbol.iterator](): Iterator<Edge> {
    for (const { bySubject } of this.#relations.values()) yield* bySubject.values()
  }

  #leadsOn({ subject }: Edge): boolean {
    return subject.relation !== undefined || (this.#schema.definitions.get(subject.type)?.members.size ?? 0) > 0
  }
}

function put(into: Map<string, Map<string, Edge>>, key: string, whole: string, edge: Edge): void {
  const found = into.get(key)
  if (found === undefined) into.set(key, new Map([[whole, edge]]))
  else found.set(whole, edge)
}

/** Several sets of relationships as one: what ships with the product, and what a tenant has written. */
export function layered(...layers: readonly Tuples[]): Tuples {
  const joined = (find: (layer: Tuples) => readonly Edge[]): readonly Edge[] => {
    let found = none
    for (const layer of layers) {
      const more = find(layer)
      if (more.length > 0) found = found.length === 0 ? more : [...found, ...more]
    }
    return found
  }
  return {
    direct: (object, relation, subject) => joined((layer) => layer.direct(object, relation, subject)),
    usersets: (object, relation) => joined((layer) => layer.usersets(object, relation)),
    all: (object, relation) => joined((layer) => layer.all(object, relation)),
    onward: (object) => joined((layer) => layer.onward(object)),
    touches: (object, subject) => layers.some((layer) => layer.touches(object, subject)),
  }
}
