/** What each form of result allows. */
import type { FieldProblem } from '@gatehouse/core/problem'
import { at, quoted } from './fault.ts'
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
      detail: 'an anonymised result needs a treatment with at least one model, or an aggregation; say what the table must keep',
    })
  if (form === 'pseudonymised' && linkage === undefined)
    problems.push({ pointer: '/linkage', detail: 'a pseudonym is made of what people are told by; give the keys, also for one source' })
  return aggregation === undefined ? problems : [...problems, ...aggregationProblems(plan, aggregation)]
}

function elementProblems(plan: QueryPlan, { name, role, mask }: PlanElement, pointer: string): FieldProblem[] {
  const { form, treatment } = plan
  if (hasPersonColumn(plan) && name === personColumn)
    return [{ pointer: `${pointer}/name`, detail: `"${personColumn}" is the column of the pseudonym; choose another name` }]
  if (mask !== undefined && treatment === undefined)
    return [{ pointer: `${pointer}/mask`, detail: 'masks are part of the treatment, and the plan has none; give one or leave the mask out' }]
  if (role !== 'identifying') return []
  if (form === 'anonymised') return [{ pointer, detail: `"${name}" names people, and an anonymised result names nobody; leave it out, or link by it as a key` }]
  if (form === 'pseudonymised' && !pseudonyms.includes(String(mask?.mask)))
    return [{ pointer: `${pointer}/mask`, detail: `"${name}" names people; in a pseudonymised result it is masked by ${pseudonyms.join(' or ')}, or left out` }]
  if (form === 'identifiable' && treatment !== undefined && mask === undefined)
    return [{ pointer: `${pointer}/mask`, detail: 'a treatment takes out what names people; mask it, leave it out, or give out the table untreated' }]
  return []
}

function aggregationProblems(plan: QueryPlan, { by, measures, noise }: PlanAggregation): FieldProblem[] {
  const { form, elements, linkage, treatment } = plan
  const problems: FieldProblem[] = []
  if (form !== 'anonymised') problems.push({ pointer: '/form', detail: 'figures tell of nobody; the form of an aggregation is "anonymised"' })
  const elementOf = (name: string): PlanElement | undefined => elements.find((element) => element.name === name)
  const named = (name: string, pointer: string): PlanElement | undefined => {
    const element = elementOf(name)
    if (element === undefined) problems.push({ pointer, detail: `the plan has no element "${name}"; it has ${quoted(elements.map((each) => each.name))}` })
    return element
  }
  by.forEach((name, index) => {
    named(name, at('aggregation', 'by', index))
    if (by.indexOf(name) < index) problems.push({ pointer: at('aggregation', 'by', index), detail: `"${name}" stands there already` })
  })
  measures.forEach((measure, index) => {
    const pointer = at('aggregation', 'measures', index)
    if (measure.kind === 'count') return
    const element = named(measure.of, `${pointer}/of`)
    if (by.includes(measure.of)) problems.push({ pointer: `${pointer}/of`, detail: 'the table is parted by this element; measure another' })
    if (element?.type !== undefined && element.type !== 'integer' && element.type !== 'number')
      problems.push({ pointer: `${pointer}/of`, detail: `"${measure.of}" is read as ${element.type}; only numbers have a ${measure.kind}` })
    if (treatment !== undefined && element?.role === 'quasi')
      problems.push({
        pointer: `${pointer}/of`,
        detail: 'the treatment makes groups of its numbers; measure an element that is not generalised, or leave the treatment out',
      })
    if (noise !== undefined) problems.push({ pointer, detail: 'noise is for counts only; leave the noise out or count' })
  })
  if (noise !== undefined && linkage === undefined)
    problems.push({ pointer: '/aggregation/noise', detail: 'noise hides one person, so each has to have one row; link by keys, also with one source' })
  return problems
}
