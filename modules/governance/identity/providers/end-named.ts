/** Sessions end here because their provider says so. */
import { addSeconds, instantOf } from '@gatehouse/core/instant'
import { lengthPrefixed } from '@gatehouse/crypto/bytes'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'
import { deleteSessionsNamed } from '../sessions/store.ts'
import { rememberProof } from '../store.ts'
import { AnswerError } from './protocol.ts'
import { providerLimits } from './schema.ts'
import { digestOf } from './stay.ts'
import type { ProviderRow } from './store.ts'

/** Whom a provider names, once its word has been verified. */
export interface Leaving {
  /** What makes the message one that serves once. */
  readonly once: string
  /** As it names the person; absent where the session is enough. */
  readonly name?: string
  /** As it names sessions; none means all of the person. */
  readonly sessions: readonly string[]
}

/** @returns how many ended. @throws AnswerError where the message was used before */
export async function endNamed(node: Node, provider: ProviderRow, { once, name, sessions }: Leaving): Promise<number> {
  if (name === undefined && sessions.length === 0) throw new AnswerError('nobody_named')
  const digest = node.keys.primitives.sha256(lengthPrefixed(['gatehouse/identity/leaving/v1', provider.id, once]))
  const until = addSeconds(instantOf(node.source.nowMs()), providerLimits.awayMinutes * 120)
  const [person, ...named] = await Promise.all([
    name === undefined ? undefined : digestOf(node, provider, name),
    ...sessions.map((one) => digestOf(node, provider, one)),
  ])
  const fresh = await node.database.transaction('node', (tx) => rememberProof(tx, nodeTenant, digest, until))
  if (!fresh) throw new AnswerError('replayed')
  return node.database.transaction(provider.tenant_id, (tx) => deleteSessionsNamed(tx, provider.tenant_id, provider.id, person, named))
}
