/** Whether a guardianship holds, asked at each step that acts on it. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import { ownSubject, type Subject, subjectById } from '../../../subjects/index.ts'
import { comingOfAgeOf } from './age-rule.ts'
import { birthday, type ComingOfAge, usualRule } from './coming-of-age.ts'
import { type GuardianshipView, guardiansMax } from './schema.ts'
import { type Guardianship, guardianshipBy, guardiansOf, readAgeRule } from './store.ts'

export interface Ward {
  readonly subject: Subject
  readonly guardianship: Guardianship
}

/**
 * The person that the caller may act for under this guardianship. Whatever is wrong – another's, revoked, over, not begun, the
 * person of age, the guardian under a guardian too, one of the two erased – looks as if there were none.
 */
export async function wardOf(tx: Tx, principal: Principal, id: Id<'guardianship'>, now: Instant): Promise<Ward | undefined> {
  if (principal.subject === undefined) return undefined
  const guardianship = await guardianshipBy(tx, principal.subject, id)
  if (guardianship === undefined || (await standingOf(tx, [guardianship], now))(guardianship) !== 'holds') return undefined
  const [guardian, subject, dependent] = await Promise.all([
    ownSubject(tx, principal),
    subjectById(tx, guardianship.subject_id),
    cannotActAlone(tx, principal.subject, now),
  ])
  return guardian !== undefined && !dependent && subject?.status === 'active' ? { subject, guardianship } : undefined
}

/** Whether somebody acts for the person because the person cannot; whoever gave a power of attorney still can. */
export async function cannotActAlone(tx: Tx, subject: Id<'subject'>, now: Instant): Promise<boolean> {
  const guardians = (await guardiansOf(tx, subject, guardiansMax)).filter(({ basis }) => basis !== 'power_of_attorney')
  const standing = await standingOf(tx, guardians, now)
  return guardians.some((guardianship) => standing(guardianship) === 'holds')
}

/** How guardianships stand at that moment. */
export async function standingOf(tx: Tx, of: readonly Guardianship[], now: Instant): Promise<(guardianship: Guardianship) => GuardianshipView['state']> {
  const age = await comingOfAgeOf(tx, of)
  return (guardianship) => stateOfGuardianship(guardianship, age, now)
}

export function stateOfGuardianship(one: Guardianship, age: ComingOfAge, now: Instant): GuardianshipView['state'] {
  if (one.revoked_at !== null) return 'revoked'
  if (one.basis === 'parental_responsibility' && (one.born === null || age.reached(one.born, now))) return 'of_age'
  if (one.valid_until !== null && one.valid_until <= now) return 'ended'
  return one.valid_from > now ? 'not_yet' : 'holds'
}

export async function guardianViews(tx: Tx, rows: readonly Guardianship[], now: Instant): Promise<GuardianshipView[]> {
  const [standing, rule] = await Promise.all([standingOf(tx, rows, now), readAgeRule(tx)])
  return rows.map((row) => ({
    id: row.id,
    state: standing(row),
    guardian: row.guardian_id,
    basis: row.basis,
    from: row.valid_from,
    until: row.valid_until,
    of_age_on: row.basis === 'parental_responsibility' && row.born !== null ? birthday(row.born, (rule ?? usualRule).age_of_majority) : null,
    jointly: row.jointly,
    label: row.label,
    evidence_reference: row.evidence_reference,
    recorded_at: row.recorded_at,
    revoked_at: row.revoked_at,
  }))
}
