/**
 * A project's token space for the peers that take part in its plans. Each gets a version once; after a rotation those that had the one
 * before get the new one, if they are peers still. A peer that is revoked gets none, and what it made with its last joins until that ends.
 */
import type { Id } from '@gatehouse/core/id'
import { addSeconds, type Instant } from '@gatehouse/core/instant'
import { toBase64url } from '@gatehouse/crypto/bytes'
import { type AudienceKey, makingKey } from '@gatehouse/linkage/token/key'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { peerNamed, send } from '../../federation/index.ts'
import { keyRows } from '../keys/store.ts'
import { audienceOf, everyKeyOf, keyIdOf, readingKeysOf, versionOf } from '../keys/token-space.ts'
import { type KeyBody, keyMessage } from './message.ts'
import { insertIssued, issuedPeers } from './store.ts'

/** How long a peer may sleep before its key is sent for nothing. */
const messageSeconds = 30 * 86_400

interface Of {
  readonly project: Id<'project'>
  readonly now: Instant
}

/**
 * The key that makes the project's tokens now, known to the peer from the next message on.
 * @throws TokenError `no_key` where the project is over, suspended or not begun
 */
export async function issueKey(tx: Tx, node: Node, tenant: Id<'tenant'>, { project, now }: Of, peer: string): Promise<AudienceKey> {
  const making = makingKey(await readingKeysOf(tx, node, tenant, project, now), audienceOf(project), now)
  if (await insertIssued(tx, project, peer, versionOf(making.keyId), now)) await tell(tx, node, tenant, { project, now }, peer, making)
  return making
}

/** After a rotation or the end of a version: whoever had one and is a peer still is told how the token space stands. */
export async function reissueKeys(tx: Tx, node: Node, tenant: Id<'tenant'>, of: Of): Promise<void> {
  const peers = await issuedPeers(tx, of.project)
  if (peers.length === 0) return
  const reading = await readingKeysOf(tx, node, tenant, of.project, of.now)
  const making = reading.length === 0 ? undefined : makingKey(reading, audienceOf(of.project), of.now)
  for (const peer of peers) {
    if ((await peerNamed(tx, peer))?.state !== 'approved') continue
    if (making !== undefined) await insertIssued(tx, of.project, peer, versionOf(making.keyId), of.now)
    await tell(tx, node, tenant, of, peer, making)
  }
}

async function tell(tx: Tx, node: Node, tenant: Id<'tenant'>, { project, now }: Of, peer: string, making: AudienceKey | undefined): Promise<void> {
  const known = await everyKeyOf(tx, node, tenant, project)
  const rows = await keyRows(tx, project)
  const keys = rows.flatMap(({ not_before, not_after, version }): KeyBody['keys'] => {
    const keyId = keyIdOf(version)
    const until = known.get(keyId)?.notAfter ?? not_after
    if (until === null) return []
    return [{ key_id: keyId, not_before, not_after: until, ...(making?.keyId === keyId ? { key: toBase64url(making.key) } : {}) }]
  })
  const body: KeyBody = { audience: audienceOf(project), keys }
  await send(tx, node, tenant, { to: peer, kind: keyMessage, thread: project, body, expiresAt: addSeconds(now, messageSeconds) })
}
