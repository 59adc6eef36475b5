/** The ledger as an auditor reads it. */
import type { GatehouseClient } from '@gatehouse/sdk/client'
import { must } from '@gatehouse/sdk/client'

export interface Entry {
  readonly id: string
  readonly index: number | null
  readonly integrated: boolean
  readonly body: {
    readonly type: string
    readonly decision?: string
    readonly details?: { readonly reasons?: readonly string[] } & Readonly<Record<string, unknown>>
  } & Readonly<Record<string, unknown>>
}

/** All entries that fit the filter, page by page. */
export async function entries(client: GatehouseClient, filter: Readonly<Record<string, string>>): Promise<Entry[]> {
  const found: Entry[] = []
  let cursor: string | null = null
  do {
    const page = must(
      await client.GET('/v1/logs', { params: { query: { ...filter, limit: 100, ...(cursor === null ? {} : { cursor }) } } } as never),
    ) as unknown as {
      data: Entry[]
      next: string | null
    }
    found.push(...page.data)
    cursor = page.next
  } while (cursor !== null)
  return found
}

/** Recomputes the whole log and every chain of the vault, and gives what was found wrong: nothing, in a sound node. */
export async function faults(client: GatehouseClient): Promise<unknown[]> {
  const log = must(await client.POST('/v1/ledger/verify', { body: {} })) as { outcome: string; fault?: unknown }
  const vault = must(await client.POST('/v1/vault/verify', { body: {} })) as { faults: readonly unknown[] }
  return [...(log.outcome === 'sound' ? [] : [log.fault]), ...vault.faults]
}
