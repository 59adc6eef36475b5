/**
 * May this subject do this with that object? One walk from the object towards the subject, over the schema's expressions. A circle
 * of groups adds nobody (the least fixed point); depth and steps are bounded, and what exceeds them is never a grant.
 */
import type { CompiledSchema, Rewrite } from './compile-schema.ts'
import { allOf, anyOf, butNot, edgeProof, no, type Proof, self, undecided } from './proof.ts'
import { type ObjectRef, objectText, type SubjectRef } from './relationship.ts'
import type { Tuples } from './tuples.ts'

export const limits = {
  /** Objects one behind the other. */
  depthMax: 50,
  /** Looks at a relation or permission of an object, in one check. */
  stepsMax: 20_000,
  /** After so many it pays to see whether the subject can be reached at all. */
  stepsBeforeLook: 1_000,
} as const

/** @throws RangeError for a type, permission or relation that the schema does not know: a slip of the caller, not of the person */
export function check(schema: CompiledSchema, tuples: Tuples, object: ObjectRef, name: string, subject: SubjectRef): Proof {
  if (!schema.definitions.get(object.type)?.members.has(name)) throw new RangeError(`the schema knows no "${object.type}#${name}"`)
  return new Walk(schema, tuples, object, subject).member(object, name)
}

class Walk {
  readonly #schema: CompiledSchema
  readonly #tuples: Tuples
  readonly #from: ObjectRef
  readonly #subject: SubjectRef
  readonly #known = new Map<string, Proof>()
  /** What is being looked at, with its place, and the place where the innermost exclusion began. */
  readonly #open = new Map<string, number>()
  #negatedFrom = 0
  /** The lowest place that a circle led back to. */
  #backTo = Number.POSITIVE_INFINITY
  #steps = 0
  #hopeless = false

  constructor(schema: CompiledSchema, tuples: Tuples, from: ObjectRef, subject: SubjectRef) {
    this.#schema = schema
    this.#tuples = tuples
    this.#from = from
    this.#subject = subject
  }

  member(object: ObjectRef, name: string): Proof {
    const key = `${object.type}:${object.id}#${name}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const place = this.#open.get(key)
    if (place !== undefined) {
      this.#backTo = Math.min(this.#backTo, place)
      // Inside an exclusion "not yet found" must not become "is not": that would grant.
      return place < this.#negatedFrom ? undecided : no
    }
    // Groups that name each other cost many steps; whether they name the subject at all costs few.
    if (++this.#steps === limits.stepsBeforeLook) this.#hopeless = !reachable(this.#tuples, this.#from, this.#subject)
    if (this.#hopeless) return no
    if (this.#steps > limits.stepsMax || this.#open.size >= limits.depthMax) return undecided
    const member = this.#schema.definitions.get(object.type)?.members.get(name)
    if (member === undefined) return no
    const { relation, type, id } = this.#subject
    if (relation === name && type === object.type && id === object.id) return self
    const own = this.#open.size
    const before = this.#backTo
    this.#backTo = Number.POSITIVE_INFINITY
    this.#open.set(key, own)
    const found = member.kind === 'relation' ? this.#relation(object, name) : this.#rewrite(object, member.expression)
    this.#open.delete(key)
    const proof: Proof =
      found.certain === 'no' || found === undecided || member.kind === 'relation' ? found : { certain: found.certain, op: 'member', object, name, of: found }
    // Found while a circle above was still open, a "no" may be half the truth; it is not kept.
    if (this.#backTo >= own) {
      this.#known.set(key, proof)
      this.#backTo = before
    } else this.#backTo = Math.min(before, this.#backTo)
    return proof
  }

  #relation(object: ObjectRef, name: string): Proof {
    const parts: Proof[] = []
    for (const edge of this.#tuples.direct(object, name, this.#subject)) {
      const proof = edgeProof(edge)
      if (proof.certain === 'yes') return proof
      parts.push(proof)
    }
    for (const edge of this.#tuples.usersets(object, name)) {
      const { relation } = edge.subject
      if (relation === undefined) continue
      const proof = edgeProof(edge, this.member(edge.subject, relation))
      if (proof.certain === 'yes') return proof
      parts.push(proof)
    }
    return anyOf(parts)
  }

  #rewrite(object: ObjectRef, rewrite: Rewrite): Proof {
    switch (rewrite.op) {
      case 'computed':
        return this.member(object, rewrite.name)
      case 'union': {
        const parts: Proof[] = []
        for (const part of rewrite.of) {
          const proof = this.#rewrite(object, part)
          if (proof.certain === 'yes') return proof
          parts.push(proof)
        }
        return anyOf(parts)
      }
      case 'intersection': {
        const parts: Proof[] = []
        for (const part of rewrite.of) {
          const proof = this.#rewrite(object, part)
          if (proof.certain === 'no') return no
          parts.push(proof)
        }
        return allOf(parts)
      }
      case 'exclusion': {
        const base = this.#rewrite(object, rewrite.base)
        if (base.certain === 'no') return no
        const before = this.#negatedFrom
        this.#negatedFrom = this.#open.size
        const without = this.#rewrite(object, rewrite.without)
        this.#negatedFrom = before
        return butNot(base, without)
      }
      case 'arrow':
        return rewrite.all ? this.#toAll(object, rewrite.relation, rewrite.name) : this.#toAny(object, rewrite.relation, rewrite.name)
      default:
        return no
    }
  }

  #toAny(object: ObjectRef, relation: string, name: string): Proof {
    const parts: Proof[] = []
    for (const edge of this.#tuples.all(object, relation)) {
      const proof = edgeProof(edge, this.member(edge.subject, name))
      if (proof.certain === 'yes') return proof
      parts.push(proof)
    }
    return anyOf(parts)
  }

  /** Of all that the relation holds today, and it must hold something. */
  #toAll(object: ObjectRef, relation: string, name: string): Proof {
    const edges = this.#tuples.all(object, relation)
    const parts = edges.map((edge): Proof => {
      const proof = edgeProof(edge, this.member(edge.subject, name))
      if (edge.expiresAtMs === undefined) return proof
      return anyOf([proof, { certain: 'depends', op: 'not', of: { certain: 'depends', op: 'alive', edge } }])
    })
    const ends = edges.every(({ expiresAtMs }) => expiresAtMs !== undefined)
    return allOf(ends ? [...parts, anyOf(edges.map((edge): Proof => ({ certain: 'depends', op: 'alive', edge })))] : parts)
  }
}

/** Whether any chain of relationships leads from the object to the subject, whatever the schema makes of it. */
function reachable(tuples: Tuples, from: ObjectRef, subject: SubjectRef): boolean {
  const seen = new Set([objectText(from)])
  const waiting: ObjectRef[] = [from]
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    if (tuples.touches(object, subject) || (object.type === subject.type && object.id === subject.id)) return true
    for (const { subject: next } of tuples.onward(object)) {
      const key = objectText(next)
      if (!seen.has(key)) {
        seen.add(key)
        waiting.push(next)
      }
    }
  }
  return false
}
