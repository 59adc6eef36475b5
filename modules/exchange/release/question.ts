/** What the policies are asked, gathered from the modules below. Shared by authorising, redeeming and staff reads. */
import type { Id } from '@gatehouse/core/id'
import type { ActionName } from '@gatehouse/policy/actions'
import { type Decision, decide, requiredCounts, requiresConsent } from '@gatehouse/policy/decide'
import type { Question, World } from '@gatehouse/policy/question'
import { TtlCache } from '@gatehouse/runtime/base/cache'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { type RecordType, recordTypes } from '../../custody/vault/index.ts'
import { type ConsentInForce, consentsInForce, optedOut } from '../../governance/consents/index.ts'
import { ownRecipients } from '../../governance/partners/index.ts'
import type { currentPolicies } from '../../governance/policies/index.ts'
import { restrictedAmong } from '../../governance/requests/index.ts'
import { countGrants, lockPartner } from './store.ts'

export type PoliciesInForce = Awaited<ReturnType<typeof currentPolicies>>

/** No person has this id: asking for it costs what asking for a known one costs, and finds nothing. */
export const nobody = '00000000-0000-0000-0000-000000000000' as Id<'subject'>

const recordTypeCache = (node: Node) => new TtlCache<readonly RecordType[]>(() => node.source.nowMs())

export function knownRecordTypes(node: Node, tx: Tx): Promise<readonly RecordType[]> {
  // They come in the order of their versions, so the newest of each name stays.
  return node.of(recordTypeCache).get(tx.tenant, async () => [...new Map((await recordTypes(tx)).map((type) => [type.slug, type])).values()])
}

/** The record type meant: the one named, the only one there is, or the only one that the partner's policies speak of. */
export function chooseRecordType(
  types: readonly RecordType[],
  policies: PoliciesInForce,
  action: ActionName,
  named: string | undefined,
): RecordType | 'unknown' | 'several' {
  if (named !== undefined) return types.find((type) => type.slug === named) ?? 'unknown'
  if (types.length === 1) return types[0] as RecordType
  const targets = new Set(policies.flatMap(({ compiled }) => compiled.permissions.filter(({ rule }) => rule.action === action).map(({ rule }) => rule.target)))
  const spokenOf = types.filter((type) => targets.has(type.slug))
  if (spokenOf.length === 1) return spokenOf[0] as RecordType
  return types.length === 0 ? 'unknown' : 'several'
}

export interface Asked {
  readonly tx: Tx
  readonly node: Node
  readonly policies: PoliciesInForce
  readonly question: Question
  readonly subject: Id<'subject'>
  /** Whose grants are counted; without it nothing is counted (staff reads). */
  readonly partner?: Id<'partner'>
  /** Set where the act asked about was counted when it was granted: the counts are taken for not used up. */
  readonly counted?: true
  readonly nowMs: number
}

/** Asks consent exactly where a rule rests on it, counts exactly where a rule counts, asks always what stands in the way, and decides. */
export async function ask({
  tx,
  node,
  policies,
  question,
  subject,
  partner,
  counted,
  nowMs,
}: Asked): Promise<{ decision: Decision; consents: readonly ConsentInForce[] }> {
  const compiled = policies.map((policy) => policy.compiled)
  const needs = requiredCounts(compiled, question)
  if (needs.length > 0 && partner !== undefined) await lockPartner(tx, partner)
  const [consents, counts, bar] = await Promise.all([
    requiresConsent(compiled, question) ? consentsInForce(tx, subject, question.at) : [],
    partner === undefined ? new Map(counted ? needs.map(({ key }) => [key, 0]) : []) : countGrants(tx, partner, subject, needs, nowMs),
    barOf(tx, node, question, subject),
  ])
  return { decision: decide(compiled, question, { consents, counts, bar }), consents }
}

/** What goes to the person's own wallet is the person's own wish. */
async function barOf(tx: Tx, node: Node, { purpose, recipient, recordType }: Question, subject: Id<'subject'>): Promise<World['bar']> {
  if (recipient === ownRecipients.holder) return undefined
  const [restricted, barred] = await Promise.all([restrictedAmong(tx, [subject]), optedOut(tx, node, [subject], { purpose, dataClasses: [recordType] })])
  if (restricted.size > 0) return 'restricted'
  return barred.size > 0 ? 'opted_out' : undefined
}
