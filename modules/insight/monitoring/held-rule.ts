/** A rule that is about to be changed, held until the act ends. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { problems } from './problems.ts'
import { type RuleRow, ruleById } from './store.ts'

/** @returns the refusal for one that is not there, is retired, or has changed since the caller read it */
export async function heldRule(
  tx: Tx,
  id: Id<'alert_rule'>,
  revision: number | undefined,
): Promise<{ readonly rule: RuleRow } | { readonly refusal: Refusal }> {
  const rule = await ruleById(tx, id, { lock: true })
  if (rule === undefined) return { refusal: refuse(doorProblems.not_found) }
  const facts = { object: { kind: 'alert_rule', id } }
  if (rule.retired_at !== null) return { refusal: refuse(problems.rule_retired, undefined, facts) }
  if (revision !== undefined && revision !== rule.revision) {
    return {
      refusal: refuse(doorProblems.conflict, `the rule is at revision ${rule.revision}, and the change is for ${revision}`, facts, { revision: rule.revision }),
    }
  }
  return { rule }
}
