import type { Id } from '@gatehouse/core/id'
import type { Node } from '@gatehouse/runtime/door/node'
import type { StayRow } from '../sessions/store.ts'
import { ProviderError } from './protocol.ts'
import { protocolOf } from './protocols.ts'
import { wordOf } from './stay.ts'
import { providerById } from './store.ts'

/** Where a browser goes whose session has ended here, so that it ends at its provider too. A provider that is away holds nobody back. */
export async function exitOf(
  node: Node,
  tenant: Id<'tenant'>,
  { provider_id: id, provider_word: sealed }: Pick<StayRow, 'provider_id' | 'provider_word'>,
): Promise<string | null> {
  const provider = await node.database.transaction(tenant, (tx) => providerById(tx, tenant, id))
  if (provider === undefined || !provider.signs_out || sealed === null) return null
  const word = await wordOf(node, provider, sealed)
  if (word === undefined) return null
  try {
    return (await protocolOf(provider).exit(node, provider, word)) ?? null
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    node.log.warn({ provider: id, why: error.message }, 'nobody can be signed out at an identity provider')
    return null
  }
}
