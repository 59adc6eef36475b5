/** What changed from one version of a policy to the next, as data and in words, with the direction where it is certain. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Permission, Policy, Prohibition } from './document.ts'
import { pointerOf } from './parse.ts'

/** `wider` lets out more, `narrower` less; `either` needs a look. */
export type Effect = 'wider' | 'narrower' | 'either'

export interface Change {
  readonly kind: 'rule_added' | 'rule_removed' | 'field_added' | 'field_removed' | 'mask_changed' | 'changed'
  /** The rule by its uid; absent for a member of the policy itself. */
  readonly rule?: string
  /** The member by JSON pointer, in the rule or in the policy. */
  readonly pointer: string
  readonly before?: unknown
  readonly after?: unknown
  readonly effect: Effect
  readonly sentence: string
}

/** Rules are matched by uid, so a rule that moves is unchanged unless its order decides: that is said as a change of order. */
export function comparePolicies(before: Policy, after: Policy): readonly Change[] {
  return [
    ...memberChanges(before, after, ['permission', 'prohibition']),
    ...ruleChanges('permission', before.permission, after.permission),
    ...ruleChanges('prohibition', before.prohibition, after.prohibition),
    ...orderChange(before.permission, after.permission),
  ]
}

type Rule = Permission | Prohibition

function ruleChanges(kind: 'permission' | 'prohibition', before: readonly Rule[], after: readonly Rule[]): Change[] {
  const old = new Map(before.map((rule) => [rule.uid, rule]))
  const kept = new Set(after.map((rule) => rule.uid))
  const opens = kind === 'permission'
  const removed = before
    .filter((rule) => !kept.has(rule.uid))
    .map(
      (rule): Change => ({
        kind: 'rule_removed',
        rule: rule.uid,
        pointer: '',
        before: rule,
        effect: opens ? 'narrower' : 'wider',
        sentence: `The ${kind} ${rule.uid} is removed.`,
      }),
    )
  const others = after.flatMap((rule): Change[] => {
    const previous = old.get(rule.uid)
    if (previous === undefined)
      return [
        { kind: 'rule_added', rule: rule.uid, pointer: '', after: rule, effect: opens ? 'wider' : 'narrower', sentence: `The ${kind} ${rule.uid} is added.` },
      ]
    if (!opens) return memberChanges(previous, rule, [], rule.uid)
    return [...fieldChanges(previous as Permission, rule as Permission), ...memberChanges(previous, rule, ['fields'], rule.uid)]
  })
  return [...removed, ...others]
}

function fieldChanges(before: Permission, after: Permission): Change[] {
  const rule = after.uid
  return [...new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])].flatMap((field): Change[] => {
    const [was, is] = [maskIn(before, field), maskIn(after, field)]
    const pointer = pointerOf(['fields', field])
    if (was === undefined) return [{ kind: 'field_added', rule, pointer, after: is, effect: 'wider', sentence: `${rule} now gives ${field} (${is?.mask}).` }]
    if (is === undefined) return [{ kind: 'field_removed', rule, pointer, before: was, effect: 'narrower', sentence: `${rule} no longer gives ${field}.` }]
    if (canonicalJson(was) === canonicalJson(is)) return []
    return [
      {
        kind: 'mask_changed',
        rule,
        pointer,
        before: was,
        after: is,
        effect: maskEffect(was.mask, is.mask),
        sentence: `${rule} gives ${field} as ${is.mask} instead of ${was.mask}.`,
      },
    ]
  })
}

/** A field may be named like a member every object has. */
const maskIn = ({ fields }: Permission, field: string) => (Object.hasOwn(fields, field) ? fields[field] : undefined)

/** Only the ends are certain: nothing shows more than `keep` and nothing less than `drop`. */
function maskEffect(before: string, after: string): Effect {
  if (before === after) return 'either'
  if (after === 'keep' || before === 'drop') return 'wider'
  return before === 'keep' || after === 'drop' ? 'narrower' : 'either'
}

function memberChanges(before: object, after: object, except: readonly string[], rule?: string): Change[] {
  const [old, now] = [before as Readonly<Record<string, unknown>>, after as Readonly<Record<string, unknown>>]
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((name) => !except.includes(name) && canonicalJson(old[name] ?? null) !== canonicalJson(now[name] ?? null))
    .map((name) => ({
      kind: 'changed',
      ...(rule === undefined ? {} : { rule }),
      pointer: pointerOf([name]),
      before: old[name],
      after: now[name],
      effect: 'either',
      sentence: `${name.replaceAll('_', ' ')} of ${rule ?? 'the policy'} ${now[name] === undefined ? 'is removed' : old[name] === undefined ? 'is set' : 'is changed'}.`,
    }))
}

/** The first permission in order gives a field its mask, so the order of those in both versions matters. */
function orderChange(before: readonly Permission[], after: readonly Permission[]): Change[] {
  const uids = (rules: readonly Permission[], other: readonly Permission[]) =>
    rules.map((rule) => rule.uid).filter((uid) => other.some((rule) => rule.uid === uid))
  const [was, is] = [uids(before, after), uids(after, before)]
  if (was.join() === is.join()) return []
  return [
    {
      kind: 'changed',
      pointer: '/permission',
      before: was,
      after: is,
      effect: 'either',
      sentence: 'The order of the permissions is changed; the first one gives a field its mask.',
    },
  ]
}
