import type { Tx } from '@gatehouse/runtime/data/db'

/**
 * The bodies of one stretch of the log, in its order, and nothing else of the entries: as one text, which each of them is (canonical JSON), for a row
 * and a text in hex for each costs more than four times that. It has a name, for each entry is looked up by its key (`OFFSET 0`) however long the log was when it was planned.
 */
export async function integratedBodies(tx: Tx, from: number, to: number): Promise<Uint8Array[]> {
  const [row] = await tx.query<{ bodies: string | null; lengths: number[] | null }>(
    {
      name: 'ledger-bodies',
      text: `SELECT convert_from(string_agg(e.body, '' ORDER BY p.index), 'UTF8') AS bodies, array_agg(length(e.body) ORDER BY p.index) AS lengths
        FROM ledger.position p CROSS JOIN LATERAL (SELECT body FROM ledger.entry WHERE tenant_id = $1 AND id = p.entry_id OFFSET 0) AS e
        WHERE p.tenant_id = $1 AND p.index >= $2 AND p.index < $3`,
    },
    [tx.tenant, from, to],
  )
  const bytes = Buffer.from(row?.bodies ?? '', 'utf8')
  let at = 0
  return (row?.lengths ?? []).map((length) => {
    at += length
    return bytes.subarray(at - length, at)
  })
}
