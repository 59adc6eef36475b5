import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'

export interface IdentityRow {
  readonly generation: number
  readonly name: string
  readonly title: string
  readonly mailbox: string | null
  readonly card: string
  readonly fingerprint: string
  readonly created_at: Instant
}

const columns = 'generation, name, title, mailbox, card, fingerprint, created_at'

/** The newest first. */
export function identities(tx: Tx, limit: number): Promise<IdentityRow[]> {
  return tx.query<IdentityRow>(
    { name: 'federation-identities', text: `SELECT ${columns} FROM federation.identity WHERE tenant_id = $1 ORDER BY generation DESC LIMIT $2` },
    [tx.tenant, limit],
  )
}

/** Of several that change it at once, one is first. @returns false where the generation is there */
export async function insertIdentity(tx: Tx, row: IdentityRow): Promise<boolean> {
  const added = await tx.change(`INSERT INTO federation.identity (tenant_id, ${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`, [
    tx.tenant,
    row.generation,
    row.name,
    row.title,
    row.mailbox,
    row.card,
    row.fingerprint,
    row.created_at,
  ])
  return added === 1
}

export async function changeIdentity(tx: Tx, { generation, title, mailbox, card }: IdentityRow): Promise<void> {
  await tx.query('UPDATE federation.identity SET title = $3, mailbox = $4, card = $5 WHERE tenant_id = $1 AND generation = $2', [
    tx.tenant,
    generation,
    title,
    mailbox,
    card,
  ])
}

/** The institutions of this node that have a name in a mesh. In the scope of the node. */
export async function tenantsInMesh(tx: Tx): Promise<Id<'tenant'>[]> {
  return (await tx.query<{ tenant_id: Id<'tenant'> }>('SELECT DISTINCT tenant_id FROM federation.identity')).map(({ tenant_id }) => tenant_id)
}
