/** What of a plan is otherwise in another version, for whoever approves it: where, and in words. */
import { isObject, pointerStep } from '@gatehouse/tabular/parsed'
import type { QueryPlan } from './schema.ts'

export interface PlanChange {
  /** In the later plan; for what was taken out, in the earlier one. */
  readonly pointer: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly before?: unknown
  readonly after?: unknown
  readonly words: string
}

/** Members of these lists are known by a name; the place they stand at matters, but is no other member. */
const nameOfMember: Readonly<Record<string, string>> = { sources: 'as', elements: 'name', keys: 'name' }

/** In the order of the later plan. No change at all gives no entry: the two have one hash. */
export function diffPlans(before: QueryPlan, after: QueryPlan): PlanChange[] {
  return [...between(before, after, '', '', 'the plan')]
}

function* between(before: unknown, after: unknown, pointer: string, earlier: string, what: string): Generator<PlanChange, void, undefined> {
  if (isObject(before) && isObject(after)) {
    for (const member of new Set([...Object.keys(after), ...Object.keys(before)])) {
      const step = pointerStep(member)
      yield* between(before[member], after[member], pointer + step, earlier + step, `${member} of ${what}`.replace(/ of the plan$/, ''))
    }
    return
  }
  const key = nameOfMember[pointer.slice(pointer.lastIndexOf('/') + 1)]
  if (Array.isArray(before) && Array.isArray(after)) {
    yield* key === undefined ? byPlace(before, after, pointer, earlier, what) : byName(before, after, key, pointer, earlier, what)
    return
  }
  if (before === undefined && after === undefined) return
  if (before === undefined) yield { pointer, kind: 'added', after, words: `${what} added: ${shown(after)}` }
  else if (after === undefined) yield { pointer: earlier, kind: 'removed', before, words: `${what} taken out: ${shown(before)}` }
  else if (!Object.is(before, after)) yield { pointer, kind: 'changed', before, after, words: `${what}: ${shown(before)} became ${shown(after)}` }
}

function* byPlace(
  before: readonly unknown[],
  after: readonly unknown[],
  pointer: string,
  earlier: string,
  what: string,
): Generator<PlanChange, void, undefined> {
  for (let place = 0; place < Math.max(before.length, after.length); place++) {
    yield* between(before[place], after[place], `${pointer}/${place}`, `${earlier}/${place}`, `${what}, ${place + 1}`)
  }
}

function* byName(
  before: readonly unknown[],
  after: readonly unknown[],
  key: string,
  pointer: string,
  earlier: string,
  what: string,
): Generator<PlanChange, void, undefined> {
  const nameOf = (member: unknown): string => (isObject(member) ? String(member[key]) : '')
  const one = { sources: 'source', elements: 'element', keys: 'key' }[pointer.slice(pointer.lastIndexOf('/') + 1)] ?? what
  const names = after.map(nameOf)
  const earlierNames = before.map(nameOf)
  for (const [place, member] of after.entries()) {
    const was = earlierNames.indexOf(nameOf(member))
    yield* between(before[was], member, `${pointer}/${place}`, `${earlier}/${was}`, `the ${one} ${nameOf(member)}`)
  }
  for (const [place, member] of before.entries()) {
    if (!names.includes(nameOf(member))) yield* between(member, undefined, pointer, `${earlier}/${place}`, `the ${one} ${nameOf(member)}`)
  }
  const [kept, keptBefore] = [names.filter((name) => earlierNames.includes(name)), earlierNames.filter((name) => names.includes(name))]
  if (kept.join('\n') !== keptBefore.join('\n')) {
    yield { pointer, kind: 'changed', before: earlierNames, after: names, words: `${what} in another order: ${shown(earlierNames)} became ${shown(names)}` }
  }
}

const shownMax = 120

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? ''
  return text.length <= shownMax ? text : `${text.slice(0, shownMax)}…`
}
