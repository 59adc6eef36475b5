/**
 * What is offered to a partner, and whether it may still have what it agreed to. An offer is a policy in force that lets the partner receive a
 * table of the catalogue: the same engine decides a release of one record, a query and this.
 *
 * Tables whose rows are about people never leave so. What is offered is made for leaving: released results that became tables, and tables in which
 * no column tells of anybody.
 */
import type { Id } from '@gatehouse/core/id'
import { type Instant, instantMs } from '@gatehouse/core/instant'
import { decide, requiredCounts } from '@gatehouse/policy/decide'
import { readTerms } from '@gatehouse/policy/odrl-read-terms'
import { type Terms, type TermsRefusal, termsOfPolicy, termsPermit } from '@gatehouse/policy/odrl-terms'
import type { Question } from '@gatehouse/policy/question'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { type CatalogTable, tableByReference } from '../../../custody/catalog/index.ts'
import { type Partner, standingOf } from '../../../governance/partners/index.ts'
import { currentPolicies, type PolicyInForce, purposeTree } from '../../../governance/policies/index.ts'
import type { ParticipantRow } from '../participants/store.ts'
import { type AgreementRow, pullCount } from '../processes/store.ts'
import { offerOf } from '../protocol/names.ts'
import { limits } from '../schema.ts'

export interface Offer {
  readonly id: string
  readonly reference: string
  readonly table: CatalogTable
  readonly policy: PolicyInForce
  readonly terms: Terms
}

export interface At {
  readonly tx: Tx
  readonly node: Node
  readonly now: Instant
}

export interface Counterparty {
  readonly partner: Partner
  readonly participant: ParticipantRow
}

/** Whether a table may leave whole. */
export function leavesWhole({ source, columns, gone }: Pick<CatalogTable, 'source' | 'columns' | 'gone'>): boolean {
  return !gone && source.state === 'active' && (source.kind === 'result' || columns.every(({ identifier_role }) => identifier_role === 'none'))
}

/** Counts what lies outside the profile, by kind: its names come from others. */
export function countRefusals(node: Node, refused: readonly TermsRefusal[]): void {
  for (const { kind } of refused) node.metrics.odrlRefused.inc({ kind })
}

/** What an error tells of it. */
export const refusalWords = (refused: readonly TermsRefusal[]): string =>
  refused
    .slice(0, 5)
    .map(({ kind, name, pointer, detail }) => `${kind} ${name} (${pointer === '' ? 'the policy' : pointer}): ${detail}`)
    .join('; ')

/** All that is offered to the partner at this moment, of one table or of all. */
export async function offersTo(at: At, to: Counterparty, only?: string): Promise<Offer[]> {
  const { tx, node } = at
  const inForce = await currentPolicies(node, tx, to.partner.reference)
  const named = inForce.flatMap(({ compiled }) => compiled.permissions.filter(({ rule }) => rule.action === 'release').map(({ rule }) => rule.target))
  const references = [...new Set(named)].filter((target) => target.includes('.') && (only === undefined || target === only)).slice(0, limits.catalogueMax)
  const offers: Offer[] = []
  for (const reference of references) {
    const table = await tableByReference(tx, reference)
    if (table === undefined || !leavesWhole(table)) continue
    for (const policy of inForce) {
      const { permissions } = policy.compiled
      if (!permissions.some(({ rule }) => rule.target === reference && rule.action === 'release')) continue
      const read = termsOfPolicy(policy.compiled.policy, reference)
      if (!read.ok) {
        countRefusals(node, read.refused)
        continue
      }
      const decided = await mayLeave(at, to, table, { policy: policy.policy, purposes: purposesOf(read.terms), since: at.now })
      if ('fields' in decided) offers.push({ id: offerOf(policy.policy, policy.version, reference), reference, table, policy, terms: read.terms })
    }
  }
  return offers
}

/** The purposes that terms speak of, the first first. */
export function purposesOf({ permission }: Terms): string[] {
  return permission.flatMap(({ constraint }) =>
    constraint.flatMap((one) => ('leftOperand' in one && one.leftOperand === 'purpose' && one.operator !== 'neq' ? [one.rightOperand].flat() : [])),
  )
}

interface Wanted {
  readonly policy: Id<'policy'>
  readonly purposes: readonly string[]
  /** From when elapsed time is counted. */
  readonly since: Instant
}

/** The columns that may leave as they are; a column that may only be had masked stays here. */
async function mayLeave(
  { tx, node, now }: At,
  { partner, participant }: Counterparty,
  table: CatalogTable,
  wanted: Wanted,
): Promise<{ readonly fields: string[] } | { readonly reason: string }> {
  const compiled = (await currentPolicies(node, tx, partner.reference)).map((policy) => policy.compiled)
  const had = await pullCount(tx, partner.id, wanted.policy)
  let reason = 'no_purpose'
  for (const purpose of wanted.purposes) {
    const question: Question = {
      action: 'release',
      recipient: partner.reference,
      recordType: table.reference,
      available: table.columns.map(({ name }) => name),
      purpose,
      at: now,
      standing: standingOf(partner, now),
      ...(participant.place === null ? {} : { spatial: participant.place }),
    }
    const counts = new Map(requiredCounts(compiled, question).map(({ key }) => [key, had]))
    const decision = decide(compiled, question, { consents: [], counts, accessSince: wanted.since })
    if (decision.outcome === 'permit') {
      const fields = decision.fields.filter(({ mask }) => mask.mask === 'keep').map(({ name }) => name)
      if (fields.length > 0) return { fields }
      reason = 'no_field_left'
    } else reason = decision.reasons[0]?.code ?? 'denied'
  }
  return { reason }
}

export interface Standing {
  readonly table: CatalogTable
  readonly fields: readonly string[]
}

/** Whether an agreement that this side gave still holds: its own terms, the policies as they are now, and the table. */
export async function agreementStands(at: At, to: Counterparty, agreement: AgreementRow): Promise<Standing | { readonly reason: string }> {
  const { tx, node, now } = at
  const read = readTerms(agreement.body)
  if (!read.ok || agreement.policy_id === null) return { reason: 'outside_profile' }
  const table = await tableByReference(tx, agreement.dataset)
  if (table === undefined || !leavesWhole(table)) return { reason: 'dataset_gone' }
  const since = agreement.in_force_at ?? agreement.agreed_at
  const purposes = purposesOf(read.terms)
  const decided = await mayLeave(at, to, table, { policy: agreement.policy_id, purposes, since })
  if ('reason' in decided) return decided
  const tree = await purposeTree(node, tx)
  const counts = new Map<string, number>()
  const had = await pullCount(tx, to.partner.id, agreement.policy_id)
  read.terms.permission.forEach((_, index) => {
    counts.set(`terms/${index}/rule/all`, had)
  })
  const holds = purposes.some((purpose) => {
    const question: Question = {
      action: 'release',
      recipient: to.partner.reference,
      recordType: table.reference,
      available: [],
      purpose,
      at: now,
      ...(to.participant.place === null ? {} : { spatial: to.participant.place }),
    }
    const facts = { question, world: { consents: [], counts, accessSince: since }, atMs: instantMs(now) }
    const assignee = String(agreement.body.assignee)
    return termsPermit(read.terms, { action: 'use', target: String(agreement.body.target), assignee, facts }, tree)
  })
  return holds ? { table, fields: decided.fields } : { reason: 'agreement_over' }
}
