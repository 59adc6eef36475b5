/**
 * What is kept of a session that began at a provider: under which names the provider knows person and session, as digests, so that it
 * can end them from there; and what it has to be told when the session ends here, sealed.
 */
import { open, seal } from '@gatehouse/crypto/aead'
import { lengthPrefixed, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import { commitment } from '@gatehouse/crypto/hmac'
import type { Node } from '@gatehouse/runtime/door/node'
import type { StayRow } from '../sessions/store.ts'
import type { ProviderRow } from './store.ts'

export interface Stay {
  /** `sub`, or the NameID. */
  readonly name: string
  /** `sid`, or the SessionIndex. */
  readonly session?: string | undefined
  /** The ID token, or what a logout request names. */
  readonly word: string
}

type Place = Pick<ProviderRow, 'tenant_id' | 'id'>

export async function keptOf(node: Node, provider: Place & Pick<ProviderRow, 'signs_out'>, { name, session, word }: Stay): Promise<StayRow> {
  const sealed = provider.signs_out ? seal(node.keys.primitives, await stayKey(node, provider), utf8(word), placeOf(provider)) : null
  const [provider_name, provider_session] = await Promise.all([
    digestOf(node, provider, name),
    session === undefined ? null : digestOf(node, provider, session),
  ])
  return { provider_id: provider.id, provider_name, provider_session, provider_word: sealed }
}

/** By what a session is found that its provider names. */
export async function digestOf(node: Node, provider: Place, name: string): Promise<Uint8Array> {
  return commitment(node.keys.primitives, await stayKey(node, provider), 'gatehouse/identity/stay/v1', lengthPrefixed([provider.id, name]))
}

export async function wordOf(node: Node, provider: Place, sealed: Uint8Array): Promise<string | undefined> {
  const opened = open(node.keys.primitives, await stayKey(node, provider), sealed, placeOf(provider))
  return opened && utf8Text(opened)
}

const stayKey = (node: Node, { tenant_id: tenant }: Place) => node.keys.secret(tenant, 'identity/stay')
const placeOf = ({ id }: Place) => lengthPrefixed(['gatehouse/identity/stay-word/v1', id])
