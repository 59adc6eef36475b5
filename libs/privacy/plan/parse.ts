/** Reads a plan and tells everything that is wrong with it: where, as a JSON pointer (RFC 6901), and how to mend it. */
import type { FieldProblem } from '@gatehouse/core/problem'
import type { z } from 'zod'
import { parseMask } from '../mask/spec.ts'
import { modelFrom, modelKinds } from '../model/catalogue.ts'
import { ModelError } from '../model/model.ts'
import { operatorOf, operators } from '../operator/catalogue.ts'
import { columnCountMax, columnPlanSchema, type Plan, planSchema } from './schema.ts'
import { escaped, plannedOperators, voidedModels } from './voided.ts'

export type PlanReading = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly errors: readonly FieldProblem[] }

export interface PlanOptions {
  /** Lets a plan have a seed. Never for a table that leaves the house. */
  readonly insecureSeed?: boolean
}

export function parsePlan(json: unknown, options: PlanOptions = {}): PlanReading {
  const read = planSchema.safeParse(json)
  if (!read.success) return { ok: false, errors: read.error.issues.flatMap((issue) => problemsOf(issue)) }
  const plan = read.data
  const errors = [...columnProblems(plan), ...operatorProblems(plan), ...modelProblems(plan), ...optionProblems(plan, options.insecureSeed ?? false)]
  if (errors.length === 0) errors.push(...voidedProblems(plan))
  return errors.length === 0 ? { ok: true, plan } : { ok: false, errors }
}

const known = (at: readonly PropertyKey[]): readonly string[] | undefined => {
  if (at.length === 0) return Object.keys(planSchema.shape)
  return at.length === 2 && at[0] === 'columns' ? Object.keys(columnPlanSchema.shape) : undefined
}

function problemsOf(issue: z.core.$ZodIssue): FieldProblem[] {
  const pointer = issue.path.map((step) => `/${escaped(String(step))}`).join('')
  if (issue.code === 'unrecognized_keys') {
    const names = known(issue.path)
    const mend = names === undefined ? 'take it out, or correct its name' : `it takes ${names.join(', ')}`
    return issue.keys.map((key) => ({ pointer: `${pointer}/${escaped(key)}`, detail: `unknown member "${key}"; ${mend}` }))
  }
  const choices = issue.code === 'invalid_union' ? unionChoices(String(issue.path.at(-1))) : undefined
  return [{ pointer, detail: choices === undefined ? issue.message : `use one of ${choices.join(', ')}` }]
}

function unionChoices(discriminator: string): readonly string[] | undefined {
  if (discriminator === 'model') return modelKinds
  if (discriminator === 'operator') return operators.map(({ kind }) => kind)
  return discriminator === 'kind' ? ['interval', 'order', 'date', 'mask', 'table', 'suppression', 'file'] : undefined
}

function columnProblems({ columns }: Plan): FieldProblem[] {
  const entries = Object.entries(columns)
  const problems: FieldProblem[] = []
  if (entries.length > columnCountMax) problems.push({ pointer: '/columns', detail: `name at most ${columnCountMax} columns` })
  if (!entries.some(([, { role }]) => role === 'quasi')) {
    problems.push({ pointer: '/columns', detail: 'give at least one column the role "quasi": models speak of rows that look alike in these' })
  }
  for (const [name, { role, hierarchy, weight, mask }] of entries) {
    const at = `/columns/${escaped(name)}`
    if (hierarchy !== undefined && role !== 'quasi' && role !== 'sensitive') {
      problems.push({
        pointer: `${at}/hierarchy`,
        detail: 'only quasi-identifiers and sensitive columns have hierarchies; to coarsen another column use the operator generalisation',
      })
    }
    if (weight !== undefined && role !== 'quasi') problems.push({ pointer: `${at}/weight`, detail: 'only quasi-identifiers are weighted' })
    if (mask === undefined) continue
    if (role !== 'identifying') {
      problems.push({ pointer: `${at}/mask`, detail: 'only identifying columns are masked; to change another column use an operator' })
      continue
    }
    const read = parseMask(mask)
    if (!read.ok) problems.push(...read.errors.map(({ pointer, detail }) => ({ pointer: `${at}/mask${pointer}`, detail })))
    else if (read.spec.mask === 'date_shift')
      problems.push({ pointer: `${at}/mask`, detail: 'date_shift needs a key per person, which a table does not have; use the operator perturbation' })
  }
  return problems
}

function operatorProblems(plan: Plan): FieldProblem[] {
  return plannedOperators(plan).flatMap(({ columns, spec, pointer }) => {
    const { takes } = operatorOf(spec.operator)
    const inColumn = pointer.startsWith('/columns/')
    if (takes === 'rows' && columns.length > 0) {
      return [{ pointer, detail: `${spec.operator} takes whole rows; put it under the plan's "operators", without columns` }]
    }
    const problems: FieldProblem[] = []
    if (takes !== 'rows' && columns.length === 0) problems.push({ pointer, detail: `${spec.operator} needs the columns it treats, in "columns" beside it` })
    for (const column of inColumn ? [] : [...columns, ...namedBy(spec)]) {
      if (plan.columns[column] === undefined) problems.push({ pointer, detail: `the plan has no column "${column}"; add it to "columns" with its role` })
    }
    return problems
  })
}

/** Columns that an operator looks at without treating them. */
function namedBy(spec: Plan['operators'][number]['apply']): readonly string[] {
  if (spec.operator === 'aggregation') return spec.by
  return spec.operator === 'permutation' ? spec.within : []
}

function modelProblems(plan: Plan): FieldProblem[] {
  return plan.models.flatMap((spec, index) => {
    const pointer = `/models/${index}`
    if (spec.model === 'safe_pub') {
      return [
        {
          pointer: `${pointer}/model`,
          detail: 'an optimal search looks at the data, which differential privacy forbids; release by sampling instead, and use safe_pub for checking only',
        },
      ]
    }
    if ('attribute' in spec && plan.columns[spec.attribute]?.role !== 'sensitive') {
      return [{ pointer: `${pointer}/attribute`, detail: `"${spec.attribute}" has to be a column with the role "sensitive"` }]
    }
    if ((spec.model === 'k_map' || spec.model === 'delta_presence') && plan.population === undefined) {
      return [{ pointer, detail: `${spec.model} compares with the population; give "population": {"path": …}` }]
    }
    try {
      modelFrom(spec)
      return []
    } catch (error) {
      if (error instanceof ModelError) return [{ pointer, detail: error.message }]
      throw error
    }
  })
}

function optionProblems(plan: Plan, insecureSeed: boolean): FieldProblem[] {
  const problems: FieldProblem[] = []
  if (plan.seed !== undefined && !insecureSeed) {
    problems.push({ pointer: '/seed', detail: 'whoever knows the seed can undo the randomness; take it out, or allow it with --insecure-seed for a test' })
  }
  const target = plan.quality === 'classification_accuracy'
  if (target && plan.columns[plan.quality_target ?? ''] === undefined) {
    problems.push({ pointer: '/quality_target', detail: 'classification_accuracy needs the column that is to be predicted' })
  }
  if (!target && plan.quality_target !== undefined) problems.push({ pointer: '/quality_target', detail: 'only classification_accuracy has a target' })
  const loop = plan.risk_loop
  if (loop?.knob === 'k' && !plan.models.some(({ model }) => model === 'k_anonymity')) {
    problems.push({ pointer: '/risk_loop/knob', detail: 'k is the one of k_anonymity; add the model, or turn suppression_limit' })
  }
  if (loop?.knob === 'suppression_limit' && loop.settings.some((limit) => limit < 0 || limit > 1)) {
    problems.push({ pointer: '/risk_loop/settings', detail: 'a suppression limit lies from 0 to 1' })
  }
  if (loop?.knob === 'k' && loop.settings.some((k) => !Number.isSafeInteger(k) || k < 1)) {
    problems.push({ pointer: '/risk_loop/settings', detail: 'k is a whole number of at least 1' })
  }
  if (plan.local_recoding && (loop !== undefined || plan.population !== undefined)) {
    problems.push({
      pointer: '/local_recoding',
      detail: 'local recoding generalises parts of the table differently, so it goes with neither risk_loop nor population; leave one out',
    })
  }
  if (loop?.measure === 'journalist' && plan.population === undefined) {
    problems.push({
      pointer: '/risk_loop/measure',
      detail: 'the journalist compares with the population; give "population": {"path": …}, or measure the prosecutor',
    })
  }
  return problems
}

function voidedProblems(plan: Plan): FieldProblem[] {
  const seen = new Set<string>()
  return voidedModels(plan).flatMap(({ model, family, operator, column }) => {
    const key = `${operator.pointer} ${model}`
    if (plan.accept_voided.includes(family) || seen.has(key)) return []
    seen.add(key)
    const spec = plan.models[model]
    const named = spec === undefined ? '' : modelFrom(spec).name
    const where = column === undefined ? operator.spec.operator : `${operator.spec.operator} of ${column}`
    return [
      {
        pointer: operator.pointer,
        detail: `${where} takes the meaning away from ${named}; leave one of them out, or say "accept_voided": ["${family}"] to give the promise up`,
      },
    ]
  })
}
