/** What an open source that speaks HTTP has: clients that carry its credential, until it is closed. */
import type { Node } from '@gatehouse/runtime/door/node'
import { closedReason } from '../reading.ts'
import { type JsonClient, jsonClient } from './client.ts'
import { authorityOf, type Credential, type OAuth } from './credential.ts'

export interface HttpAccess {
  /** Aborted when the source is closed. */
  readonly closing: AbortSignal
  /** @param signal of a reading; of the whole connection where it is left out */
  client(signal?: AbortSignal): JsonClient
  close(): Promise<void>
}

export function httpAccess({ egress, source }: Pick<Node, 'egress' | 'source'>, oauth: OAuth | undefined, credential: Credential | undefined): HttpAccess {
  const authority = authorityOf(egress, source.nowMs, oauth, credential)
  const closing = new AbortController()
  return {
    closing: closing.signal,
    client: (signal = closing.signal) => jsonClient(egress, authority, signal),
    async close() {
      closing.abort(closedReason())
    },
  }
}
