import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { AgeRule } from './coming-of-age.ts'
import type { Basis } from './schema.ts'

export interface Guardianship {
  readonly subject_id: Id<'subject'>
  readonly id: Id<'guardianship'>
  readonly guardian_id: Id<'subject'>
  readonly basis: Basis
  readonly valid_from: Instant
  readonly valid_until: Instant | null
  /** `2008-11-22` */
  readonly born: string | null
  readonly jointly: boolean
  readonly label: string | null
  readonly evidence_reference: string | null
  readonly recorded_at: Instant
  readonly revoked_at: Instant | null
}

const columns = `subject_id, id, guardian_id, basis, valid_from, valid_until, born::text AS born, jointly, label, evidence_reference, recorded_at, revoked_at`

export async function insertGuardianship(tx: Tx, row: Guardianship): Promise<void> {
  await tx.query(
    `INSERT INTO consents.guardianship (tenant_id, subject_id, id, guardian_id, basis, valid_from, valid_until, born, jointly, label, evidence_reference, recorded_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      tx.tenant,
      row.subject_id,
      row.id,
      row.guardian_id,
      row.basis,
      row.valid_from,
      row.valid_until,
      row.born,
      row.jointly,
      row.label,
      row.evidence_reference,
      row.recorded_at,
    ],
  )
}

export function guardiansOf(tx: Tx, subject: Id<'subject'>, limit: number): Promise<Guardianship[]> {
  return tx.query<Guardianship>(`SELECT ${columns} FROM consents.guardianship WHERE tenant_id = $1 AND subject_id = $2 ORDER BY id DESC LIMIT $3`, [
    tx.tenant,
    subject,
    limit,
  ])
}

/** What the guardian was ever entrusted with, still in force or not. */
export function guardianshipsBy(tx: Tx, guardian: Id<'subject'>, limit: number): Promise<Guardianship[]> {
  return tx.query<Guardianship>(`SELECT ${columns} FROM consents.guardianship WHERE tenant_id = $1 AND guardian_id = $2 ORDER BY id DESC LIMIT $3`, [
    tx.tenant,
    guardian,
    limit,
  ])
}

/** That of another guardian is not found. */
export async function guardianshipBy(tx: Tx, guardian: Id<'subject'>, id: Id<'guardianship'>): Promise<Guardianship | undefined> {
  const rows = await tx.query<Guardianship>(`SELECT ${columns} FROM consents.guardianship WHERE tenant_id = $1 AND guardian_id = $2 AND id = $3`, [
    tx.tenant,
    guardian,
    id,
  ])
  return rows[0]
}

export async function revokeGuardianship(
  tx: Tx,
  subject: Id<'subject'>,
  id: Id<'guardianship'>,
  at: Instant,
  reason: string | undefined,
): Promise<Guardianship | undefined> {
  const rows = await tx.query<Guardianship>(
    `UPDATE consents.guardianship SET revoked_at = $4, revocation_reason = $5
      WHERE tenant_id = $1 AND subject_id = $2 AND id = $3 AND revoked_at IS NULL RETURNING ${columns}`,
    [tx.tenant, subject, id, at, reason ?? null],
  )
  return rows[0]
}

/** Of the person as ward and as guardian. */
export async function deleteGuardianships(tx: Tx, subject: Id<'subject'>): Promise<{ guardianships: number; proposals: number }> {
  return {
    proposals: await tx.change('DELETE FROM consents.proposal WHERE tenant_id = $1 AND subject_id = $2', [tx.tenant, subject]),
    guardianships: await tx.change('DELETE FROM consents.guardianship WHERE tenant_id = $1 AND (subject_id = $2 OR guardian_id = $2)', [tx.tenant, subject]),
  }
}

export interface Proposal {
  readonly id: Id<'consent_proposal'>
  readonly guardianship_id: Id<'guardianship'>
  readonly offer_id: Id<'consent_offer'>
  readonly proposed_at: Instant
  readonly expires_at: Instant
}

/** One proposal for an offer at a time; one whose time is over gives way. @returns false when another one waits */
export async function propose(tx: Tx, subject: Id<'subject'>, { id, guardianship_id, offer_id, proposed_at, expires_at }: Proposal): Promise<boolean> {
  await tx.query('DELETE FROM consents.proposal WHERE tenant_id = $1 AND subject_id = $2 AND expires_at <= $3', [tx.tenant, subject, proposed_at])
  const written = await tx.change(
    `INSERT INTO consents.proposal (tenant_id, subject_id, id, guardianship_id, offer_id, proposed_at, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, subject_id, offer_id) DO NOTHING`,
    [tx.tenant, subject, id, guardianship_id, offer_id, proposed_at, expires_at],
  )
  return written === 1
}

export function waitingProposals(tx: Tx, subject: Id<'subject'>, now: Instant): Promise<Proposal[]> {
  return tx.query<Proposal>(
    `SELECT id, guardianship_id, offer_id, proposed_at, expires_at FROM consents.proposal
      WHERE tenant_id = $1 AND subject_id = $2 AND expires_at > $3 ORDER BY id`,
    [tx.tenant, subject, now],
  )
}

/** Takes it away: of two who agree at once, one gives the consent. */
export async function takeProposal(tx: Tx, subject: Id<'subject'>, id: Id<'consent_proposal'>): Promise<boolean> {
  return (await tx.change('DELETE FROM consents.proposal WHERE tenant_id = $1 AND subject_id = $2 AND id = $3', [tx.tenant, subject, id])) === 1
}

export async function readAgeRule(tx: Tx): Promise<AgeRule | undefined> {
  const rows = await tx.query<AgeRule>('SELECT age_of_majority, confirm_within_days FROM consents.setting WHERE tenant_id = $1', [tx.tenant])
  return rows[0]
}

export async function writeAgeRule(tx: Tx, { age_of_majority, confirm_within_days }: AgeRule): Promise<void> {
  await tx.query(
    `INSERT INTO consents.setting (tenant_id, age_of_majority, confirm_within_days) VALUES ($1, $2, $3)
      ON CONFLICT (tenant_id) DO UPDATE SET age_of_majority = $2, confirm_within_days = $3`,
    [tx.tenant, age_of_majority, confirm_within_days],
  )
}
