/**
 * A constraint as a function with three answers: true, false, and `undefined` where the facts to answer are missing. A permission
 * needs true; a prohibition holds unless the answer is false. So what is unknown never opens anything.
 */
import { instantMs } from '@gatehouse/core/instant'
import { type Condition, type Constraint, weekdays } from './document.ts'
import { durationSeconds } from './duration.ts'
import type { PurposeTree } from './purposes.ts'
import type { CountNeed, Question, World } from './question.ts'
import type { ReasonCode } from './reasons.ts'

export interface Facts {
  readonly question: Question
  readonly world: World
  readonly atMs: number
}

export type Answer = boolean | undefined

export interface Test {
  readonly ask: (facts: Facts) => Answer
  /** The reason to give when the answer is false, and the operand it is about. */
  readonly code: ReasonCode
  readonly operand: string
  readonly counts: readonly CountNeed[]
}

/** The rule a constraint belongs to, for the name of its counts. */
export interface RulePlace {
  readonly policy: string
  readonly rule: string
}

export function compileConstraint(constraint: Constraint, place: RulePlace, purposes: PurposeTree): Test {
  if ('and' in constraint) return compileGroup('and', constraint.and, place, purposes)
  if ('or' in constraint) return compileGroup('or', constraint.or, place, purposes)
  return compileCondition(constraint, place, purposes)
}

/** Kleene's logic: one false decides an `and`, one true decides an `or`, whatever else is unknown. */
function compileGroup(operand: 'and' | 'or', members: readonly Constraint[], place: RulePlace, purposes: PurposeTree): Test {
  const tests = members.map((member) => compileConstraint(member, place, purposes))
  const decisive = operand === 'or'
  const ask = (facts: Facts): Answer => {
    let answer: Answer = !decisive
    for (const test of tests) {
      const one = test.ask(facts)
      if (one === decisive) return decisive
      if (one === undefined) answer = undefined
    }
    return answer
  }
  return { ask, code: 'condition_not_met', operand, counts: tests.flatMap((test) => test.counts) }
}

function compileCondition(condition: Condition, place: RulePlace, purposes: PurposeTree): Test {
  const test = (code: ReasonCode, ask: Test['ask'], counts: readonly CountNeed[] = []): Test => ({ ask, code, operand: condition.leftOperand, counts })
  switch (condition.leftOperand) {
    case 'dateTime': {
      const holds = comparison(condition.operator, instantMs(condition.rightOperand))
      return test('outside_time', ({ atMs }) => holds(atMs))
    }
    case 'timeOfDay': {
      const [hours, minutes] = condition.rightOperand.split(':').map(Number) as [number, number]
      const holds = comparison(condition.operator, (hours * 60 + minutes) * 60_000)
      return test('outside_time', ({ atMs }) => holds(modulo(atMs, 86_400_000)))
    }
    case 'dayOfWeek': {
      const holds = membership(condition.operator, condition.rightOperand, (left: string, right) => left === right)
      return test('outside_time', ({ atMs }) => holds(weekdayOf(atMs)))
    }
    case 'elapsedTime': {
      const holds = comparison(condition.operator, secondsOf(condition.rightOperand) * 1000)
      return test('outside_time', ({ world, atMs }) => (world.accessSince === undefined ? undefined : holds(atMs - instantMs(world.accessSince))))
    }
    case 'purpose': {
      const holds = membership(condition.operator, condition.rightOperand, purposes.isA)
      return test('purpose_not_permitted', ({ question }) => (purposes.has(question.purpose) ? holds(question.purpose) : undefined))
    }
    case 'recipient': {
      const holds = membership(condition.operator, condition.rightOperand, (left: string, right) => left === right)
      return test('recipient_not_permitted', ({ question }) => holds(question.recipient))
    }
    case 'spatial': {
      const holds = membership(condition.operator, condition.rightOperand, (left: string, right) => left === right || left.startsWith(`${right}-`))
      return test('place_not_permitted', ({ question }) => (question.spatial === undefined ? undefined : holds(question.spatial)))
    }
    case 'resultForm': {
      const holds = membership(condition.operator, condition.rightOperand, (left: string, right) => left === right)
      return test('form_not_permitted', ({ question }) => (question.resultForm === undefined ? undefined : holds(question.resultForm)))
    }
    case 'linkage': {
      const holds = membership(condition.operator, condition.rightOperand, (left: string, right) => left === right)
      return test('linkage_not_permitted', ({ question }) => (question.linkage === undefined ? undefined : holds(question.linkage)))
    }
    case 'standing': {
      const holds = membership(condition.operator, condition.rightOperand, (left: string, right) => left === right)
      return test('standing_not_permitted', ({ question }) => (question.standing === undefined ? undefined : holds(question.standing)))
    }
    case 'count': {
      const { per, window } = condition
      const key = `${place.policy}/${place.rule}/${per}/${window ?? 'all'}`
      const need: CountNeed = { key, ...place, per, ...(window === undefined ? {} : { windowSeconds: secondsOf(window) }) }
      const holds = comparison(condition.operator, condition.rightOperand)
      // The act asked for counts too: with "lteq 5" the sixth is refused.
      const ask = ({ world }: Facts): Answer => {
        const before = world.counts.get(key)
        return before === undefined ? undefined : holds(before + 1)
      }
      return test('count_exhausted', ask, [need])
    }
  }
}

type Order = 'eq' | 'neq' | 'lt' | 'lteq' | 'gt' | 'gteq'

function comparison(operator: Order, right: number): (left: number) => boolean {
  switch (operator) {
    case 'eq':
      return (left) => left === right
    case 'neq':
      return (left) => left !== right
    case 'lt':
      return (left) => left < right
    case 'lteq':
      return (left) => left <= right
    case 'gt':
      return (left) => left > right
    case 'gteq':
      return (left) => left >= right
  }
}

/** `eq` and `neq` compare to the letter; `isA` and `isAnyOf` also take what is narrower. */
function membership(operator: string, right: string | readonly string[], isA: (left: string, right: string) => boolean): (left: string) => boolean {
  const all = typeof right === 'string' ? [right] : right
  if (operator === 'eq') return (left) => all.includes(left)
  if (operator === 'neq') return (left) => !all.includes(left)
  return (left) => all.some((one) => isA(left, one))
}

const modulo = (value: number, by: number) => ((value % by) + by) % by

/** 1970-01-01 was a Thursday. */
function weekdayOf(atMs: number): string {
  return weekdays[modulo(Math.floor(atMs / 86_400_000) + 3, 7)] as string
}

/** Parsing has refused every other text. */
function secondsOf(duration: string): number {
  const seconds = durationSeconds(duration)
  if (seconds === undefined) throw new TypeError(`"${duration}" is no duration; only parsed policies can be compiled`)
  return seconds
}
