import type { FieldProblem } from '@gatehouse/core/problem'
import { at, quoted } from './fault.ts'
import { say } from './fault-words.ts'
import { placeOf } from './nodes.ts'
import type { PlanLinkage, QueryPlan } from './schema.ts'

type Encoded = Extract<PlanLinkage['method'], { kind: 'encoded' }>

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
      names.includes(source) ? [] : [{ pointer: pointer + at(source), ...say('no_such_source', { source, known: quoted(names) }) }],
    )
    if (key.form === 'clk' || key.form === 'token' || key.form === 'set')
      problems.push({
        pointer: at('linkage', 'keys', index, 'form'),
        ...say('no_key_form', { form: key.form }),
      })
    return problems
  })
}

function methodProblems(plan: QueryPlan, { keys, method }: PlanLinkage): FieldProblem[] {
  const { sources, form } = plan
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
              ...say('key_in_each', { sources: quoted(missing) }),
            },
          ]
    })
  if (method.kind === 'encoded') return [...lacking(keys.map((key) => key.name)), ...encodedProblems(plan, keys, method)]
  if (method.kind === 'probabilistic') {
    const problems = lacking(keys.map((key) => key.name))
    if (sources.some(({ table }) => placeOf(table).node !== undefined))
      problems.push({
        pointer: '/linkage/method',
        ...say('no_evidence_across'),
      })
    if (form === 'anonymised')
      problems.push({
        pointer: '/linkage/method',
        ...say('no_evidence_anonymised'),
      })
    if (method.review_from !== undefined && method.review_from >= method.threshold)
      problems.push({ pointer: '/linkage/method/review_from', ...say('review_below') })
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
      if (!known.includes(name)) return [{ pointer, ...say('no_such_key', { name, known: quoted(known) }) }]
      return pass.indexOf(name) < place ? [{ pointer, ...say('stands_in_pass', { name }) }] : []
    }),
  )
  const idle = keys.flatMap((key, index): FieldProblem[] => (used.has(key.name) ? [] : [{ pointer: at('linkage', 'keys', index), ...say('key_unused') }]))
  return [...passes, ...idle, ...lacking([...used])]
}

/** What a linkage unit can do: compare what several nodes encoded, of whom it holds nothing itself. */
function encodedProblems({ sources, form }: QueryPlan, keys: PlanLinkage['keys'], { unit, keys_min }: Encoded): FieldProblem[] {
  const nodes = new Set(sources.map(({ table }) => placeOf(table).node))
  const problems: FieldProblem[] = []
  if (nodes.size < 2)
    problems.push({
      pointer: '/linkage/method',
      detail: 'all tables lie at one node, which needs nobody to compare for it; link by deterministic passes, or weigh evidence there',
    })
  if (nodes.has(unit))
    problems.push({ pointer: '/linkage/method/unit', detail: `"${unit}" holds a table of the plan, and a linkage unit holds none; name another node` })
  if (keys.length < 2)
    problems.push({
      pointer: '/linkage/keys',
      detail: 'an encoding of one key alone can be guessed value by value; give two keys or more, or link by a deterministic pass',
    })
  if (keys_min > keys.length)
    problems.push({ pointer: '/linkage/method/keys_min', detail: `there are ${keys.length} keys, so no row has values of ${keys_min}` })
  if (form === 'pseudonymised')
    problems.push({
      pointer: '/linkage/method',
      detail:
        'a pseudonym is made of values that agree exactly, and encodings link values that do not; choose another form of result, or link by deterministic passes',
    })
  return problems
}
