/**
 * What a check finds, before any caveat is asked: a proof that the subject has the permission, that it has not, or on what that
 * depends. It can be kept and asked again with another context and another time.
 */
import { askCaveat, type Context, missingFor } from './caveat.ts'
import type { CompiledSchema } from './compile-schema.ts'
import type { Edge, ObjectRef } from './relationship.ts'

export type Proof =
  | { readonly certain: 'no'; readonly op: 'none' }
  /** The bounds were reached, or an exclusion depends on itself: never a grant. */
  | { readonly certain: 'depends'; readonly op: 'undecided' }
  /** The subject asked about is itself "all who hold this". */
  | { readonly certain: 'yes'; readonly op: 'self' }
  /** The relationship holds and, where it leads on, so does what it leads to. */
  | { readonly certain: 'yes' | 'depends'; readonly op: 'edge'; readonly edge: Edge; readonly onward?: Proof }
  /** The relationship has not ended, whatever its caveat. */
  | { readonly certain: 'depends'; readonly op: 'alive'; readonly edge: Edge }
  | { readonly certain: 'yes' | 'depends'; readonly op: 'any' | 'all'; readonly of: readonly Proof[] }
  | { readonly certain: 'depends'; readonly op: 'not'; readonly of: Proof }
  /** Which permission or relation of which object it is about. */
  | { readonly certain: 'yes' | 'depends'; readonly op: 'member'; readonly object: ObjectRef; readonly name: string; readonly of: Proof }

export const no: Proof = { certain: 'no', op: 'none' }
export const undecided: Proof = { certain: 'depends', op: 'undecided' }
export const self: Proof = { certain: 'yes', op: 'self' }

export function edgeProof(edge: Edge, onward?: Proof): Proof {
  if (onward?.certain === 'no') return no
  const bare = edge.caveat === undefined && edge.expiresAtMs === undefined
  const certain = bare && (onward === undefined || onward.certain === 'yes') ? 'yes' : 'depends'
  return onward === undefined ? { certain, op: 'edge', edge } : { certain, op: 'edge', edge, onward }
}

/** One is enough; a certain one makes the others idle. */
export function anyOf(parts: readonly Proof[]): Proof {
  const sure = parts.find(({ certain }) => certain === 'yes')
  if (sure !== undefined) return sure
  const open = parts.filter(({ certain }) => certain === 'depends')
  const [only] = open
  if (only === undefined) return no
  return open.length === 1 ? only : { certain: 'depends', op: 'any', of: open }
}

export function allOf(parts: readonly Proof[]): Proof {
  if (parts.length === 0 || parts.some(({ certain }) => certain === 'no')) return no
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  return { certain: parts.every(({ certain }) => certain === 'yes') ? 'yes' : 'depends', op: 'all', of: parts }
}

export function butNot(base: Proof, without: Proof): Proof {
  if (base.certain === 'no' || without.certain === 'yes') return no
  return without.certain === 'no' ? base : allOf([base, { certain: 'depends', op: 'not', of: without }])
}

export type Answer = 'yes' | 'no' | 'unknown'

export interface Asked {
  readonly context: Context
  readonly nowMs: number
}

/** Asks the caveats and looks at the clock. `unknown` is no grant. */
export function answerOf(schema: CompiledSchema, proof: Proof, asked: Asked): Answer {
  if (proof.certain !== 'depends') return proof.certain
  switch (proof.op) {
    case 'edge': {
      const own = edgeAnswer(schema, proof.edge, asked)
      return own === 'no' || proof.onward === undefined ? own : both(own, answerOf(schema, proof.onward, asked))
    }
    case 'alive':
      return alive(proof.edge, asked.nowMs) ? 'yes' : 'no'
    case 'any': {
      let best: Answer = 'no'
      for (const part of proof.of) {
        const answer = answerOf(schema, part, asked)
        if (answer === 'yes') return 'yes'
        if (answer === 'unknown') best = 'unknown'
      }
      return best
    }
    case 'all': {
      let worst: Answer = 'yes'
      for (const part of proof.of) {
        worst = both(worst, answerOf(schema, part, asked))
        if (worst === 'no') return 'no'
      }
      return worst
    }
    case 'not': {
      const answer = answerOf(schema, proof.of, asked)
      return answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : 'unknown'
    }
    case 'member':
      return answerOf(schema, proof.of, asked)
    default:
      return 'unknown'
  }
}

const both = (one: Answer, other: Answer): Answer => (one === 'no' || other === 'no' ? 'no' : one === 'unknown' || other === 'unknown' ? 'unknown' : 'yes')

const alive = ({ expiresAtMs }: Edge, nowMs: number): boolean => expiresAtMs === undefined || nowMs < expiresAtMs

function edgeAnswer(schema: CompiledSchema, edge: Edge, { context, nowMs }: Asked): Answer {
  if (!alive(edge, nowMs)) return 'no'
  if (edge.caveat === undefined) return 'yes'
  const caveat = schema.caveats.get(edge.caveat)
  return caveat === undefined ? 'unknown' : askCaveat(caveat, edge.fixed ?? [], context)
}

/** The parameters of caveats on which an `unknown` hangs, by name. */
export function missingIn(schema: CompiledSchema, proof: Proof, asked: Asked): string[] {
  const names = new Set<string>()
  const ask = (edge: Edge): void => {
    const caveat = edge.caveat === undefined ? undefined : schema.caveats.get(edge.caveat)
    if (caveat === undefined || edgeAnswer(schema, edge, asked) !== 'unknown') return
    for (const name of missingFor(caveat, edge.fixed ?? [], asked.context)) names.add(name)
  }
  const visit = (part: Proof): void => {
    if (answerOf(schema, part, asked) !== 'unknown') return
    if (part.op === 'edge') {
      ask(part.edge)
      if (part.onward !== undefined) visit(part.onward)
    } else if (part.op === 'any' || part.op === 'all') part.of.forEach(visit)
    else if (part.op === 'not' || part.op === 'member') visit(part.of)
  }
  visit(proof)
  return [...names].sort()
}

/** One step of the path that grants: a relationship, seen from the thing towards the person. */
export interface PathStep {
  readonly edge: Edge
  /** The permission that was asked of the object, where it is not the relation itself. */
  readonly asked: string
}

/** The relationships that together grant, or `undefined` where nothing does. An exclusion adds none: it is an absence. */
export function pathOf(schema: CompiledSchema, proof: Proof, asked: Asked, name = ''): PathStep[] | undefined {
  if (answerOf(schema, proof, asked) !== 'yes') return undefined
  switch (proof.op) {
    case 'edge':
      return [{ edge: proof.edge, asked: name }, ...(proof.onward === undefined ? [] : (pathOf(schema, proof.onward, asked) ?? []))]
    case 'member':
      return pathOf(schema, proof.of, asked, name === '' ? proof.name : name)
    case 'any':
      for (const part of proof.of) {
        const path = pathOf(schema, part, asked, name)
        if (path !== undefined) return path
      }
      return undefined
    case 'all':
      return proof.of.flatMap((part) => pathOf(schema, part, asked, name) ?? [])
    default:
      return []
  }
}
