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
      ...say('session_one_node'),
    })
  if (form === 'pseudonymised')
    problems.push({
      pointer: '/linkage/method',
      ...say('session_pseudonyms'),
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
  const asked = passesOf.map((pass) => [...new Set(pass)].sort().join(' '))
  const twice = asked.flatMap((keysOf, index): FieldProblem[] => {
    const first = asked.indexOf(keysOf)
    return first < index ? [{ pointer: at('linkage', 'method', 'passes', index), ...say('pass_twice', { number: first + 1 }) }] : []
  })
  return [...passes, ...twice, ...idle, ...lacking([...used])]
}

/** What a linkage unit can do: compare what several nodes encoded, of whom it holds nothing itself. */
function encodedProblems({ sources, form }: QueryPlan, keys: PlanLinkage['keys'], { unit, keys_min }: Encoded): FieldProblem[] {
  const nodes = new Set(sources.map(({ table }) => placeOf(table).node))
  const problems: FieldProblem[] = []
  if (nodes.size < 2)
    problems.push({
      pointer: '/linkage/method',
      ...say('unit_one_node'),
    })
  if (nodes.has(unit)) problems.push({ pointer: '/linkage/method/unit', ...say('unit_holds_table', { unit }) })
  if (keys.length < 2)
    problems.push({
      pointer: '/linkage/keys',
      ...say('encoded_one_key'),
    })
  else if (keys_min > keys.length) problems.push({ pointer: '/linkage/method/keys_min', ...say('keys_too_few', { keys: keys.length, least: keys_min }) })
  if (form === 'pseudonymised')
    problems.push({
      pointer: '/linkage/method',
      ...say('encoded_pseudonyms'),
    })
  return problems
}
