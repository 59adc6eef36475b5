/**
 * CEL, the Common Expression Language, as caveats need it: parsed by `@bufbuild/cel`, checked against the types of the parameters
 * when it is compiled, and turned once into closures, so that a check pays for no interpretation. What it does not carry it
 * refuses by name. An expression cannot loop for ever: CEL has no recursion, and the steps of its macros are counted.
 *
 * A parameter without a value is `unknown`, and `false && unknown` is false: the language's own rule for errors, kept for both.
 */
import { parse } from '@bufbuild/cel'
import { Absent, type Frame } from './absent.ts'
import { type CaveatType, fits, typeText, type Value } from './caveat-type.ts'
import { functionFor } from './cel-functions.ts'

export const unknown = new Absent('a parameter has no value')

export type Run = (frame: Frame) => Value | Absent

export interface Compiled {
  readonly type: CaveatType
  readonly run: Run
}

export class CelError extends Error {}

/** Elements that the macros of one evaluation may look at, together. */
export const stepsMax = 10_000
/** How deep an expression may be nested. */
const depthMax = 100

type ParsedExpr = NonNullable<ReturnType<typeof parse>['expr']>

/** @throws CelError that says what is wrong */
export function compileCel(text: string, parameters: readonly { readonly name: string; readonly type: CaveatType }[]): Compiled {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(text)
  } catch (error) {
    throw new CelError(`the expression cannot be read: ${error instanceof Error ? error.message : 'it is not CEL'}`)
  }
  if (parsed.expr === undefined) throw new CelError('the expression is empty')
  const scope = new Map(parameters.map(({ name, type }, slot) => [name, { slot, type }]))
  return compileNode(parsed.expr, { names: scope, next: parameters.length, depth: 0 })
}

interface Scope {
  readonly names: ReadonlyMap<string, { readonly slot: number; readonly type: CaveatType }>
  readonly next: number
  readonly depth: number
}

function compileNode(node: ParsedExpr | undefined, outer: Scope): Compiled {
  const scope = { ...outer, depth: outer.depth + 1 }
  if (scope.depth > depthMax) throw new CelError(`the expression is nested deeper than ${depthMax}`)
  const kind = node?.exprKind
  switch (kind?.case) {
    case 'constExpr':
      return constant(kind.value.constantKind)
    case 'identExpr': {
      const bound = scope.names.get(kind.value.name)
      if (bound === undefined) throw new CelError(`"${kind.value.name}" is no parameter of the caveat`)
      const { slot, type } = bound
      return {
        type,
        run: ({ slots }) => {
          const value = slots[slot]
          return value === undefined ? unknown : value
        },
      }
    }
    case 'selectExpr':
      return select(compileNode(kind.value.operand, scope), kind.value.field, kind.value.testOnly)
    case 'listExpr': {
      const items = kind.value.elements.map((item) => compileNode(item, scope))
      return { type: { name: 'list', of: common(items) }, run: (frame) => strict(frame, items, (values) => [...values]) }
    }
    case 'structExpr': {
      if (kind.value.messageName !== '') throw new CelError(`messages such as ${kind.value.messageName} are not carried`)
      const keys = kind.value.entries.map((entry) => compileNode(entry.keyKind.case === 'mapKey' ? (entry.keyKind.value as ParsedExpr) : undefined, scope))
      const values = kind.value.entries.map((entry) => compileNode(entry.value as ParsedExpr, scope))
      return {
        type: { name: 'map', of: common(values) },
        run: (frame) => strict(frame, [...keys, ...values], (all) => new Map(keys.map((_, at) => [all[at] as Value, all[keys.length + at] as Value]))),
      }
    }
    case 'callExpr': {
      const args = [...(kind.value.target === undefined ? [] : [kind.value.target]), ...kind.value.args].map((arg) => compileNode(arg as ParsedExpr, scope))
      return call(kind.value.function, args, kind.value.target !== undefined)
    }
    case 'comprehensionExpr':
      return comprehension(kind.value as unknown as Comprehension, scope)
    default:
      throw new CelError('the expression holds a part that is not carried')
  }
}

function constant(kind: { case: string | undefined; value?: unknown }): Compiled {
  const named: Readonly<Record<string, CaveatType['name']>> = {
    int64Value: 'int',
    uint64Value: 'uint',
    doubleValue: 'double',
    stringValue: 'string',
    boolValue: 'bool',
    bytesValue: 'bytes',
    nullValue: 'null',
  }
  const name = named[kind.case ?? '']
  if (name === undefined || name === 'list' || name === 'map') throw new CelError('a constant of this kind is not carried')
  const value = name === 'null' ? null : (kind.value as Value)
  return { type: { name }, run: () => value }
}

/** The one type that all of them have, or `any`. */
function common(items: readonly Compiled[]): CaveatType {
  const [first, ...rest] = items
  return first !== undefined && rest.every(({ type }) => typeText(type) === typeText(first.type)) ? first.type : { name: 'any' }
}

/** Runs the parts; the first that has no value is the answer. */
function strict(frame: Frame, parts: readonly Compiled[], then: (values: readonly Value[]) => Value | Absent): Value | Absent {
  const values: Value[] = []
  for (const part of parts) {
    const value = part.run(frame)
    if (value instanceof Absent) return value
    values.push(value)
  }
  return then(values)
}

function select(operand: Compiled, field: string, testOnly: boolean): Compiled {
  const { type, run } = operand
  if (type.name !== 'map' && type.name !== 'any') throw new CelError(`"${field}" is asked of a ${typeText(type)}, which has no members`)
  const noKey = new Absent(`there is no "${field}"`)
  const member: Run = (frame) => {
    const value = run(frame)
    if (value instanceof Absent) return value
    if (!(value instanceof Map)) return noKey
    if (testOnly) return value.has(field)
    const found: Value | undefined = value.get(field)
    return found === undefined ? noKey : found
  }
  return { type: testOnly ? { name: 'bool' } : type.name === 'map' && 'of' in type ? type.of : { name: 'any' }, run: member }
}

function call(name: string, args: readonly Compiled[], method: boolean): Compiled {
  const [first, second, third] = args
  const bool: CaveatType = { name: 'bool' }
  const mustBeBool = (part: Compiled | undefined): Compiled => {
    if (part === undefined || !fits(part.type, bool)) throw new CelError(`"${name}" takes bool, not ${part === undefined ? 'nothing' : typeText(part.type)}`)
    return part
  }
  if (name === '_&&_' || name === '_||_') return { type: bool, run: either(mustBeBool(first).run, mustBeBool(second).run, name === '_||_') }
  if (name === '@not_strictly_false' && first) {
    const { run } = first
    return { type: bool, run: (frame) => run(frame) !== false }
  }
  if (name === '_?_:_' && second && third) {
    const { run } = mustBeBool(first)
    return {
      type: common([second, third]),
      run: (frame) => {
        const which = run(frame)
        if (which instanceof Absent) return which
        return typeof which === 'boolean' ? (which ? second : third).run(frame) : new Absent('a condition is not a bool')
      },
    }
  }
  const found = functionFor(
    name,
    method,
    args.map((arg) => arg.type),
  )
  if (typeof found === 'string') throw new CelError(found)
  const { type, apply } = found
  // The two usual counts without a list of values.
  if (args.length === 1 && first) {
    return {
      type,
      run: (frame) => {
        const value = first.run(frame)
        return value instanceof Absent ? value : apply(value, null, null, frame)
      },
    }
  }
  if (args.length === 2 && first && second) {
    const left = first.run
    const right = second.run
    return {
      type,
      run: (frame) => {
        const one = left(frame)
        if (one instanceof Absent) return one
        const other = right(frame)
        return other instanceof Absent ? other : apply(one, other, null, frame)
      },
    }
  }
  return { type, run: (frame) => strict(frame, args, ([a = null, b = null, c = null]) => apply(a, b, c, frame)) }
}

/** `&&` and `||` in CEL's sense: one side may decide although the other has no value. */
function either(left: Run, right: Run, decides: boolean): Run {
  const notBool = new Absent('a condition is not a bool')
  return (frame) => {
    const one = left(frame)
    if (one === decides) return decides
    const other = right(frame)
    if (other === decides) return decides
    if (one instanceof Absent) return one
    if (other instanceof Absent) return other
    return typeof one === 'boolean' && typeof other === 'boolean' ? !decides : notBool
  }
}

interface Comprehension {
  readonly iterVar: string
  readonly iterVar2: string
  readonly iterRange: ParsedExpr
  readonly accuVar: string
  readonly accuInit: ParsedExpr
  readonly loopCondition: ParsedExpr
  readonly loopStep: ParsedExpr
  readonly result: ParsedExpr
}

/** What the macros `all`, `exists`, `exists_one`, `map` and `filter` become. */
function comprehension(fold: Comprehension, scope: Scope): Compiled {
  if (fold.iterVar2 !== '') throw new CelError('macros over two variables are not carried')
  const range = compileNode(fold.iterRange, scope)
  if (!['list', 'map', 'any'].includes(range.type.name)) throw new CelError(`a macro runs over a list or a map, not over ${typeText(range.type)}`)
  const init = compileNode(fold.accuInit, scope)
  const item: CaveatType = 'of' in range.type ? (range.type.name === 'map' ? { name: 'string' } : range.type.of) : { name: 'any' }
  const accuType: CaveatType = init.type.name === 'list' ? { name: 'list', of: { name: 'any' } } : init.type
  const accuSlot = scope.next
  const itemSlot = scope.next + 1
  const withAccu = new Map(scope.names).set(fold.accuVar, { slot: accuSlot, type: accuType })
  const inner: Scope = { names: new Map(withAccu).set(fold.iterVar, { slot: itemSlot, type: item }), next: scope.next + 2, depth: scope.depth }
  const condition = compileNode(fold.loopCondition, inner)
  const step = compileNode(fold.loopStep, inner)
  const result = compileNode(fold.result, { ...inner, names: withAccu })
  const tooLong = new Absent(`more than ${stepsMax} elements were looked at`)
  return {
    type: result.type,
    run: (frame) => {
      const over = range.run(frame)
      if (over instanceof Absent) return over
      if (!Array.isArray(over) && !(over instanceof Map)) return new Absent('a macro runs over a list or a map')
      const { slots } = frame
      slots[accuSlot] = init.run(frame)
      for (const element of (Array.isArray(over) ? over : over.keys()) as Iterable<Value>) {
        if (++frame.steps > stepsMax) return tooLong
        slots[itemSlot] = element
        if (condition.run(frame) === false) break
        slots[accuSlot] = step.run(frame)
      }
      return result.run(frame)
    },
  }
}
