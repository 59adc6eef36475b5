import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { OfferView } from './schema.ts'

const columns = 'id, title, about, terms, valid_days, created_at, retired_at'

export async function insertOffer(tx: Tx, offer: OfferView): Promise<void> {
  await tx.query('INSERT INTO consents.offer (tenant_id, id, title, about, terms, valid_days, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)', [
    tx.tenant,
    offer.id,
    offer.title,
    offer.about,
    JSON.stringify(offer.terms),
    offer.valid_days,
    offer.created_at,
  ])
}

/** Newest first; those that are retired only where they are asked for. */
export function listOffers(tx: Tx, retired: boolean, limit: number): Promise<OfferView[]> {
  return tx.query<OfferView>(`SELECT ${columns} FROM consents.offer WHERE tenant_id = $1 AND ($2 OR retired_at IS NULL) ORDER BY id DESC LIMIT $3`, [
    tx.tenant,
    retired,
    limit,
  ])
}

/** One that is retired is asked for no more. */
export async function openOffer(tx: Tx, id: Id<'consent_offer'>): Promise<OfferView | undefined> {
  return (await tx.query<OfferView>(`SELECT ${columns} FROM consents.offer WHERE tenant_id = $1 AND id = $2 AND retired_at IS NULL`, [tx.tenant, id]))[0]
}

export async function retireOffer(tx: Tx, id: Id<'consent_offer'>, at: Instant): Promise<OfferView | undefined> {
  const rows = await tx.query<OfferView>(
    `UPDATE consents.offer SET retired_at = $3 WHERE tenant_id = $1 AND id = $2 AND retired_at IS NULL RETURNING ${columns}`,
    [tx.tenant, id, at],
  )
  return rows[0]
}
