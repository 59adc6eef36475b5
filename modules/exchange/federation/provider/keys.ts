/** The provider's keys, fetched by the turn at the mailboxes: nothing is asked outside while a message is handled. */
import type { Id } from '@gatehouse/core/id'
import { addSeconds, instantOf } from '@gatehouse/core/instant'
import { EgressError } from '@gatehouse/runtime/data/egress'
import type { Node } from '@gatehouse/runtime/door/node'
import { z } from 'zod'
import { providerOf, putKeys } from './store.ts'

/** Providers publish the next key long before they sign with it. */
const freshSeconds = 3_600
const timeoutMs = 10_000
const bytesMax = 65_536
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.enum(['EC', 'OKP', 'RSA']), kid: z.string().optional() })).max(20) })

export async function refreshKeys(node: Node, tenant: Id<'tenant'>): Promise<void> {
  const now = instantOf(node.source.nowMs())
  const row = await node.database.transaction(tenant, providerOf)
  if (row === undefined || (row.fetched_at !== null && addSeconds(row.fetched_at, freshSeconds) > now)) return
  try {
    const { status, body } = await node.egress.send(row.jwks_uri, { method: 'GET', timeoutMs, bytesMax })
    const read = status === 200 ? keySet.safeParse(JSON.parse(body)) : undefined
    if (read?.success === true) await node.database.transaction(tenant, (tx) => putKeys(tx, row, read.data, now))
    else node.log.warn({ tenant, status }, 'the keys of the identity provider of the mesh are none')
  } catch (error) {
    if (!(error instanceof EgressError || error instanceof SyntaxError)) throw error
    node.log.warn({ tenant }, 'the keys of the identity provider of the mesh cannot be fetched')
  }
}
