import type { Tx } from '@gatehouse/runtime/data/db'

export type Decides = 'policy' | 'review'

/** People, where nobody has said otherwise. */
export async function decidesOn(tx: Tx, reference: string): Promise<Decides> {
  const rows = await tx.query<{ decides: Decides }>('SELECT decides FROM dataspace.deciding WHERE tenant_id = $1 AND reference = $2', [tx.tenant, reference])
  return rows[0]?.decides ?? 'review'
}

export async function setDecides(tx: Tx, reference: string, decides: Decides): Promise<void> {
  await tx.query(
    'INSERT INTO dataspace.deciding (tenant_id, reference, decides) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, reference) DO UPDATE SET decides = $3',
    [tx.tenant, reference, decides],
  )
}
