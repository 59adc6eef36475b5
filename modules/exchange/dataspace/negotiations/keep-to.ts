/**
 * What an agreement that we made as consumer lets us do. The other side asks its own rules before it gives something; whether we keep to the
 * words afterwards nobody can ask but us.
 */
import { instantMs } from '@gatehouse/core/instant'
import { readTerms } from '@gatehouse/policy/odrl-read-terms'
import { type TermRule, type Terms, termsEndMs, termsPermit } from '@gatehouse/policy/odrl-terms'
import { rootPurpose } from '@gatehouse/policy/purposes'
import { purposeTree } from '../../../governance/policies/index.ts'
import { type At, purposesOf } from '../catalogue/offers.ts'
import type { AgreementRow } from '../processes/store.ts'

/** Known to the other side alone, which has asked it before it gave anything. */
const askedThere = new Set(['count', 'spatial'])

export function agreedPurposes({ body }: Pick<AgreementRow, 'body'>): string[] {
  const read = readTerms(body)
  return read.ok ? purposesOf(read.terms) : []
}

export function isOver({ body }: Pick<AgreementRow, 'body'>, now: At['now']): boolean {
  const read = readTerms(body)
  return !read.ok || haveEnded(read.terms, now)
}

function haveEnded(terms: Terms, now: At['now']): boolean {
  const endMs = termsEndMs(terms)
  return endMs !== undefined && endMs < instantMs(now)
}

/** @returns why what came under the agreement may not be used so now */
export async function whyNotUsed(
  { tx, node, now }: At,
  agreement: AgreementRow,
  purpose: string | undefined,
): Promise<'agreement_over' | 'purpose_not_agreed' | undefined> {
  const read = readTerms(agreement.body)
  if (!read.ok || haveEnded(read.terms, now)) return 'agreement_over'
  if (purpose === undefined && purposesOf(read.terms).length > 0) return 'purpose_not_agreed'
  const { target, assignee } = agreement.body
  const question = {
    action: 'release' as const,
    recipient: String(assignee),
    recordType: agreement.dataset,
    available: [],
    purpose: purpose ?? rootPurpose,
    at: now,
  }
  const facts = { question, world: { consents: [], counts: new Map(), accessSince: agreement.in_force_at ?? agreement.agreed_at }, atMs: instantMs(now) }
  const asked = { action: 'use', target: String(target), assignee: String(assignee), facts }
  return termsPermit(ours(read.terms), asked, await purposeTree(node, tx)) ? undefined : 'purpose_not_agreed'
}

const ours = (terms: Terms): Terms => ({ ...terms, permission: terms.permission.map(withoutTheirs) })
const withoutTheirs = (rule: TermRule): TermRule => ({
  ...rule,
  constraint: rule.constraint.filter((one) => !('leftOperand' in one && askedThere.has(one.leftOperand))),
})
