/** What each form of result allows. */
import type { FieldProblem } from '@gatehouse/core/problem'
import { at, quoted } from './fault.ts'
import { say } from './fault-words.ts'
import type { PlanAggregation, PlanElement, QueryPlan } from './schema.ts'
import { hasPersonColumn, personColumn } from './treatment.ts'

/** Masks that give a pseudonym in place of a value. */
const pseudonyms = ['token', 'hash']

export function formProblems(plan: QueryPlan): FieldProblem[] {
  const { form, treatment, aggregation, elements, linkage } = plan
  const problems = elements.flatMap((element, index) => elementProblems(plan, element, at('elements', index)))
  if (form === 'anonymised' && treatment === undefined && aggregation === undefined)
    problems.push({
      pointer: '/treatment',
      ...say('treatment_needed'),
    })
  if (form === 'pseudonymised' && linkage === undefined) problems.push({ pointer: '/linkage', ...say('keys_needed') })
  return aggregation === undefined ? problems : [...problems, ...aggregationProblems(plan, aggregation)]
}

function elementProblems(plan: QueryPlan, { name, role, mask }: PlanElement, pointer: string): FieldProblem[] {
  const { form, treatment } = plan
  if (hasPersonColumn(plan) && name === personColumn) return [{ pointer: `${pointer}/name`, ...say('person_column', { name: personColumn }) }]
  if (mask !== undefined && treatment === undefined) return [{ pointer: `${pointer}/mask`, ...say('mask_without_treatment') }]
  if (role !== 'identifying') return []
  if (form === 'anonymised') return [{ pointer, ...say('names_nobody', { name }) }]
  if (form === 'pseudonymised' && !pseudonyms.includes(String(mask?.mask)))
    return [{ pointer: `${pointer}/mask`, ...say('mask_pseudonym', { name, masks: pseudonyms.join(' or ') }) }]
  if (form === 'identifiable' && treatment !== undefined && mask === undefined) return [{ pointer: `${pointer}/mask`, ...say('mask_or_untreated') }]
  return []
}

function aggregationProblems(plan: QueryPlan, { by, measures, noise }: PlanAggregation): FieldProblem[] {
  const { form, elements, linkage, treatment } = plan
  const problems: FieldProblem[] = []
  if (form !== 'anonymised') problems.push({ pointer: '/form', ...say('figures_anonymised') })
  const elementOf = (name: string): PlanElement | undefined => elements.find((element) => element.name === name)
  const named = (name: string, pointer: string): PlanElement | undefined => {
    const element = elementOf(name)
    if (element === undefined) problems.push({ pointer, ...say('no_such_element', { name, known: quoted(elements.map((each) => each.name)) }) })
    return element
  }
  by.forEach((name, index) => {
    named(name, at('aggregation', 'by', index))
    if (by.indexOf(name) < index) problems.push({ pointer: at('aggregation', 'by', index), ...say('stands_already', { name }) })
  })
  measures.forEach((measure, index) => {
    const pointer = at('aggregation', 'measures', index)
    if (measure.kind === 'count') return
    const element = named(measure.of, `${pointer}/of`)
    if (by.includes(measure.of)) problems.push({ pointer: `${pointer}/of`, ...say('parted_by') })
    if (element?.type !== undefined && element.type !== 'integer' && element.type !== 'number')
      problems.push({ pointer: `${pointer}/of`, ...say('measure_type', { name: measure.of, type: element.type ?? 'string', measure: measure.kind }) })
    if (treatment !== undefined && element?.role === 'quasi')
      problems.push({
        pointer: `${pointer}/of`,
        ...say('measure_generalised'),
      })
    if (noise !== undefined) problems.push({ pointer, ...say('noise_counts') })
  })
  if (noise !== undefined && linkage === undefined) problems.push({ pointer: '/aggregation/noise', ...say('noise_one_row') })
  return problems
}
