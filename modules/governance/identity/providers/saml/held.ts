/**
 * Responses that were verified and wait for their browser. The provider's page posts them from another site, so no cookie comes
 * along; the browser is led on with a handle, and the node's own page hands that in together with the cookie of the entrance.
 */

import { addSeconds, instantOf } from '@gatehouse/core/instant'
import { open, seal } from '@gatehouse/crypto/aead'
import { lengthPrefixed, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import { issueToken, parseToken, tokenHash } from '@gatehouse/crypto/token'
import type { Node } from '@gatehouse/runtime/door/node'
import type { ProviderRow } from '../store.ts'
import { deleteHeld, insertHeld } from '../store.ts'
import type { Assertion } from './judge.ts'
import { samlLimits } from './settings.ts'

type Place = Pick<ProviderRow, 'tenant_id' | 'id'>

/** @returns the handle, shown to this browser only; the table keeps its hash, and what it stands for sealed */
export async function hold(node: Node, provider: Place, assertion: Assertion): Promise<string> {
  const { primitives } = node.keys
  const { token, hash } = issueToken(primitives, 'ghe_')
  const sealed = seal(primitives, await heldKey(node, provider), utf8(JSON.stringify(assertion)), placeOf(provider))
  const expiresAt = addSeconds(instantOf(node.source.nowMs()), samlLimits.heldSeconds)
  await node.database.transaction(provider.tenant_id, (tx) => insertHeld(tx, { ...provider, hash, sealed, expiresAt }))
  return token
}

/** Once. */
export async function takeHeld(node: Node, provider: Place, handle: string): Promise<Assertion | undefined> {
  const token = parseToken(handle, 'ghe_')
  if (token === undefined) return undefined
  const { primitives } = node.keys
  const key = await heldKey(node, provider)
  const sealed = await node.database.transaction(provider.tenant_id, (tx) =>
    deleteHeld(tx, provider.tenant_id, provider.id, tokenHash(primitives, token), instantOf(node.source.nowMs())),
  )
  const opened = sealed === undefined ? undefined : open(primitives, key, sealed, placeOf(provider))
  const text = opened && utf8Text(opened)
  return text === undefined ? undefined : (JSON.parse(text) as Assertion)
}

const heldKey = (node: Node, { tenant_id: tenant }: Place) => node.keys.secret(tenant, 'identity/held')
const placeOf = ({ id }: Place) => lengthPrefixed(['gatehouse/identity/held/v1', id])
