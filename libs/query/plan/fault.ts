/** Reading the shape of a plan, with every fault at its JSON pointer (RFC 6901). */
import { saidOfIssue } from '@gatehouse/core/issue'
import type { FieldProblem } from '@gatehouse/core/problem'
import { modelKinds } from '@gatehouse/privacy/model/catalogue'
import { operators } from '@gatehouse/privacy/operator/catalogue'
import { isObject, type Parsed, pointerStep } from '@gatehouse/tabular/parsed'
import { parsePredicate } from '@gatehouse/tabular/predicate-parse'
import type { z } from 'zod'
import { say } from './fault-words.ts'
import { preparationSchema, type QueryPlan, queryPlanSchema } from './schema.ts'

export const at = (...steps: readonly (string | number)[]): string => steps.map((step) => pointerStep(String(step))).join('')

export const quoted = (names: Iterable<string>): string => [...names].map((name) => `"${name}"`).join(', ')

/** What is needed in the plan's own words and no more: what its parts have to do with each other is not looked at. */
export function readShape(json: unknown): Parsed<QueryPlan> {
  const { plan, errors } = withoutBadPredicates(json)
  const read = queryPlanSchema.safeParse(plan)
  if (!read.success) errors.push(...read.error.issues.flatMap(problemsOf))
  return read.success && errors.length === 0 ? { ok: true, value: read.data } : { ok: false, errors }
}

/** Predicates are read by themselves: their schema is a union that calls itself, and says neither where nor what. */
function withoutBadPredicates(json: unknown): { readonly plan: unknown; readonly errors: FieldProblem[] } {
  const errors: FieldProblem[] = []
  const checked = (object: unknown, member: 'where' | 'cohort', pointer: string): unknown => {
    if (!isObject(object) || object[member] === undefined) return object
    const read = parsePredicate(object[member], pointer)
    if (read.ok) return object
    errors.push(...read.errors)
    const { [member]: _bad, ...rest } = object
    return rest
  }
  const plan = checked(json, 'cohort', '/cohort')
  if (!isObject(plan) || !Array.isArray(plan.sources)) return { plan, errors }
  return { plan: { ...plan, sources: plan.sources.map((source, index) => checked(source, 'where', at('sources', index, 'where'))) }, errors }
}

function problemsOf(issue: z.core.$ZodIssue): FieldProblem[] {
  const path = issue.path.map(String)
  const pointer = at(...path)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ pointer: pointer + at(key), ...say('member_unknown', { member: key }) }))
  if (issue.code === 'invalid_key') return [{ pointer, detail: issue.issues[0]?.message ?? issue.message }]
  if (issue.code === 'too_small' && path.at(-2) === 'passes') return [{ pointer, ...say('pass_without_keys') }]
  const choices = issue.code === 'invalid_union' ? choicesOf(path) : undefined
  return [{ pointer, ...(choices === undefined ? saidOfIssue(issue) : say('use_one_of', { choices: choices.join(', ') })) }]
}

const choices: Readonly<Record<string, readonly string[]>> = {
  do: preparationSchema.options.map(({ shape }) => shape.do.value),
  model: modelKinds,
  operator: operators.map(({ kind }) => kind),
}

function choicesOf(path: readonly string[]): readonly string[] | undefined {
  const last = path.at(-1) ?? ''
  if (last !== 'kind') return choices[last]
  if (path.includes('method')) return ['deterministic', 'session', 'probabilistic', 'encoded']
  return path.includes('measures') ? ['count', 'sum', 'mean'] : ['interval', 'order', 'date', 'mask', 'table', 'suppression']
}
