/** Folds a stretch of a log into the rules: loads what they remember, evaluates, and lays it down again. All in one transaction. */
import { instantOf } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { concernOf, type Hours } from './concern.ts'
import { evaluate, expiresAt, type RuleState } from './evaluate.ts'
import type { Fact } from './fact.ts'
import type { Fired } from './raise.ts'
import { loadStates, type RuleRow, type StateKey, saveStates } from './store.ts'

export async function judge(tx: Tx, rules: readonly RuleRow[], hours: Hours, facts: readonly Fact[]): Promise<Fired[]> {
  const concerns = rules.map((rule) => ({ rule, concern: concernOf(rule.condition, hours) }))
  const touched = facts.flatMap((fact) =>
    concerns.flatMap(({ rule, concern }) => {
      const found = concern(fact)
      if (found === undefined) return []
      const about = `${found.about.kind}:${found.about.id}`
      return [{ rule, fact, concern: found, key: { rule: rule.id, version: rule.condition_version, about }, name: `${rule.id} ${about}` }]
    }),
  )
  if (touched.length === 0) return []
  const keys = new Map<string, StateKey>(touched.map(({ name, key }) => [name, key]))
  const states = new Map<string, RuleState>()
  for (const { rule_id, about, state } of await loadStates(tx, [...keys.values()])) states.set(`${rule_id} ${about}`, state)
  const ends = new Map<string, number | null>()
  const fired: Fired[] = []
  for (const { rule, fact, concern, name } of touched) {
    const { state, alert } = evaluate(rule, states.get(name), fact, concern)
    states.set(name, state)
    ends.set(name, expiresAt(rule, state))
    if (alert !== undefined) fired.push({ rule, about: concern.about, fact, alert })
  }
  await saveStates(
    tx,
    [...keys].flatMap(([name, key]) => {
      const state = states.get(name)
      const end = ends.get(name) ?? null
      return state === undefined ? [] : [{ ...key, state, expiresAt: end === null ? null : instantOf(end) }]
    }),
  )
  return fired
}
