import type { FieldProblem } from '@gatehouse/core/problem'
import { at, quoted } from './fault.ts'
import { placeOf } from './nodes.ts'
import type { PlanLinkage, QueryPlan } from './schema.ts'

/** Keys have columns, passes have keys, and no source is left outside. */
export function linkageProblems(plan: QueryPlan): FieldProblem[] {
  const { linkage } = plan
  if (linkage === undefined) return []
  return [...keyProblems(plan, linkage), ...methodProblems(plan, linkage)]
}

function keyProblems({ sources }: QueryPlan, { keys }: PlanLinkage): FieldProblem[] {
  const names = sources.map((source) => source.as)
  return keys.flatMap((key, index) => {
    const pointer = at('linkage', 'keys', index, 'columns')
    const problems: FieldProblem[] = Object.keys(key.columns).flatMap((source) =>
      names.includes(source) ? [] : [{ pointer: pointer + at(source), detail: `the plan has no source "${source}"; it has ${quoted(names)}` }],
    )
    if (key.form === 'clk' || key.form === 'token' || key.form === 'set')
      problems.push({
        pointer: at('linkage', 'keys', index, 'form'),
        detail: `${key.form} is no form of what people are told by; use names, dates, numbers or text`,
      })
    return problems
  })
}

function methodProblems({ sources, form }: QueryPlan, { keys, method }: PlanLinkage): FieldProblem[] {
  const names = sources.map((source) => source.as)
  const lacking = (wanted: readonly string[]): FieldProblem[] =>
    keys.flatMap((key, index) => {
      if (!wanted.includes(key.name)) return []
      const missing = names.filter((name) => key.columns[name] === undefined)
      return missing.length === 0
        ? []
        : [
            {
              pointer: at('linkage', 'keys', index, 'columns'),
              detail: `name the column of ${quoted(missing)}, too: people are told by this key in each source`,
            },
          ]
    })
  if (method.kind === 'probabilistic') {
    const problems = lacking(keys.map((key) => key.name))
    if (sources.some(({ table }) => placeOf(table).node !== undefined))
      problems.push({
        pointer: '/linkage/method',
        detail: 'evidence is not weighed across nodes, for that what people are told by would have to leave its node; link by deterministic passes',
      })
    if (form === 'anonymised')
      problems.push({
        pointer: '/linkage/method',
        detail: 'evidence is not weighed for anonymised results: a doubtful link cannot be reviewed where nobody may be known; link by deterministic passes',
      })
    if (method.review_from !== undefined && method.review_from >= method.threshold)
      problems.push({ pointer: '/linkage/method/review_from', detail: 'review begins below the threshold: at or above it two records are linked' })
    return problems
  }
  return [...(method.kind === 'session' ? sessionProblems({ sources, form }) : []), ...passProblems(keys, method.passes, lacking)]
}

/** A session takes two nodes, and leaves nothing that a pseudonym could be made of. */
function sessionProblems({ sources, form }: Pick<QueryPlan, 'sources' | 'form'>): FieldProblem[] {
  const problems: FieldProblem[] = []
  if (sources.every(({ table }) => placeOf(table).node === undefined))
    problems.push({
      pointer: '/linkage/method',
      detail: 'no table of the plan is at another node, and a session is held between nodes; link by deterministic passes',
    })
  if (form === 'pseudonymised')
    problems.push({
      pointer: '/linkage/method',
      detail:
        'a session leaves nothing by which anybody is found again, and a pseudonym is for that; link by deterministic passes, or ask for an anonymised result',
    })
  return problems
}

function passProblems(
  keys: PlanLinkage['keys'],
  passesOf: readonly (readonly string[])[],
  lacking: (wanted: readonly string[]) => FieldProblem[],
): FieldProblem[] {
  const known = keys.map((key) => key.name)
  const used = new Set(passesOf.flat())
  const passes = passesOf.flatMap((pass, index) =>
    pass.flatMap((name, place): FieldProblem[] => {
      const pointer = at('linkage', 'method', 'passes', index, place)
      if (!known.includes(name)) return [{ pointer, detail: `there is no key "${name}"; the keys are ${quoted(known)}` }]
      return pass.indexOf(name) < place ? [{ pointer, detail: `"${name}" stands in this pass already` }] : []
    }),
  )
  const idle = keys.flatMap((key, index): FieldProblem[] =>
    used.has(key.name) ? [] : [{ pointer: at('linkage', 'keys', index), detail: 'no pass looks at this key; add it to one or leave it out' }],
  )
  return [...passes, ...idle, ...lacking([...used])]
}
