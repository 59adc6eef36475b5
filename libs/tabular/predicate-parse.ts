/** Reading predicates from outside, and what can be said of one without rows: its columns, what is wrong with it, which parts of it a source can take. */
import type { FieldProblem } from '@gatehouse/core/problem'
import type { FieldType } from './field.ts'
import { isObject, type Parsed, pointerStep } from './parsed.ts'
import { type Predicate, predicateDepthMax, predicateSchema } from './predicate.ts'
import { say } from './predicate-words.ts'

/** Every fault at its JSON pointer (RFC 6901), below `at`. */
export function parsePredicate(json: unknown, at = ''): Parsed<Predicate> {
  const deep = tooDeep(json, at, 1)
  if (deep !== undefined) return { ok: false, errors: [deep] }
  const read = predicateSchema.safeParse(json)
  return read.success ? { ok: true, value: read.data } : { ok: false, errors: shapeProblems(json, at) }
}

/** Looked at before the schema is, which calls itself. */
function tooDeep(json: unknown, at: string, depth: number): FieldProblem | undefined {
  if (!isObject(json)) return undefined
  if (depth > predicateDepthMax) return { pointer: at, ...say('predicate_deep', { most: predicateDepthMax }) }
  if ('not' in json) return tooDeep(json.not, `${at}/not`, depth + 1)
  for (const member of ['all', 'any'] as const) {
    const parts = json[member]
    if (!Array.isArray(parts)) continue
    for (const [index, part] of parts.entries()) {
      const found = tooDeep(part, `${at}/${member}/${index}`, depth + 1)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** The schema is a union and says of a fault only that no form fits; which was meant is told by its members. */
function shapeProblems(json: unknown, at: string): FieldProblem[] {
  if (!isObject(json)) return [{ pointer: at, ...say('predicate_forms') }]
  if (Object.keys(json).length === 1) {
    if ('not' in json) return partProblems(json.not, `${at}/not`)
    for (const member of ['all', 'any'] as const) {
      const parts = json[member]
      if (Array.isArray(parts) && parts.length > 0) {
        const problems = parts.flatMap((part, index) => partProblems(part, `${at}/${member}/${index}`))
        return problems.length > 0 ? problems : [{ pointer: `${at}/${member}`, ...say('predicate_parts') }]
      }
    }
  }
  const wrong = Object.keys(json).filter((member) => !['column', 'is', 'value', 'in', 'starts_with', 'missing'].includes(member))
  return [{ pointer: wrong.length === 1 && 'column' in json ? at + pointerStep(wrong[0] as string) : at, ...say('predicate_forms') }]
}

function partProblems(json: unknown, at: string): FieldProblem[] {
  return predicateSchema.safeParse(json).success ? [] : shapeProblems(json, at)
}

type Leaf = Extract<Predicate, { readonly column: string }>

/** Each comparison with the pointer where it stands. */
export function* leavesOf(predicate: Predicate, at = ''): Generator<{ readonly leaf: Leaf; readonly pointer: string }, void, undefined> {
  if ('not' in predicate) yield* leavesOf(predicate.not, `${at}/not`)
  else if ('all' in predicate) for (const [index, part] of predicate.all.entries()) yield* leavesOf(part, `${at}/all/${index}`)
  else if ('any' in predicate) for (const [index, part] of predicate.any.entries()) yield* leavesOf(part, `${at}/any/${index}`)
  else yield { leaf: predicate, pointer: at }
}

/** The columns that are named, each once, in order of appearance. */
export function columnsIn(predicate: Predicate): string[] {
  return [...new Set([...leavesOf(predicate)].map(({ leaf }) => leaf.column))]
}

/** Columns that are not there, and values that no value of their column could equal. */
export function predicateProblems(predicate: Predicate, typeOf: (column: string) => FieldType | undefined, at = ''): FieldProblem[] {
  return [...leavesOf(predicate, at)].flatMap(({ leaf, pointer }) => leafProblems(leaf, typeOf(leaf.column), pointer))
}

function leafProblems(leaf: Leaf, type: FieldType | undefined, at: string): FieldProblem[] {
  if (type === undefined) return [{ pointer: `${at}/column`, ...say('predicate_column', { column: leaf.column }) }]
  if ('missing' in leaf) return []
  const wanted = type === 'integer' || type === 'number' ? 'number' : type === 'boolean' ? 'boolean' : 'string'
  if ('starts_with' in leaf) return wanted === 'string' ? [] : [{ pointer: `${at}/starts_with`, ...say('predicate_text', { type }) }]
  if ('in' in leaf) {
    return leaf.in.flatMap((value, index) => (typeof value === wanted ? [] : [{ pointer: `${at}/in/${index}`, ...say('predicate_value', { type, wanted }) }]))
  }
  if (typeof leaf.value !== wanted) return [{ pointer: `${at}/value`, ...say('predicate_value', { type, wanted }) }]
  if (wanted === 'boolean' && leaf.is !== 'eq' && leaf.is !== 'ne') return [{ pointer: `${at}/is`, ...say('predicate_order') }]
  return []
}

export interface SplitPredicate {
  readonly pushed: Predicate | undefined
  readonly rest: Predicate | undefined
}

/**
 * What a source takes and what is left to be asked of the rows that come: both together mean what the whole means. A source whose
 * language knows "unknown" (SQL) has to write `not` so that it holds where the comparison inside meets a missing value.
 */
export function splitPredicate(predicate: Predicate | undefined, takes: (leaf: Leaf) => boolean): SplitPredicate {
  if (predicate === undefined) return { pushed: undefined, rest: undefined }
  const parts = 'all' in predicate ? predicate.all : [predicate]
  const [pushed, rest]: [Predicate[], Predicate[]] = [[], []]
  for (const part of parts) ([...leavesOf(part)].every(({ leaf }) => takes(leaf)) ? pushed : rest).push(part)
  return { pushed: allOf(pushed), rest: allOf(rest) }
}

export function allOf(parts: readonly Predicate[]): Predicate | undefined {
  return parts.length > 1 ? { all: parts } : parts[0]
}
