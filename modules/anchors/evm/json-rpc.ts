/** JSON-RPC of an Ethereum node, over the only way out. */
import { type Egress, EgressError } from '@gatehouse/runtime/data/egress'
import { answerBytesMax, requestTimeoutMs } from '../schema.ts'

export type Rpc = (method: string, params: readonly unknown[]) => Promise<unknown>

/** The other side does not answer, or refuses. The message may be shown to an operator. */
export class RpcError extends Error {
  override readonly name = 'RpcError'
}

export function jsonRpc(egress: Egress, url: string): Rpc {
  return async (method, params) => {
    const answer = await egress
      .send(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
        timeoutMs: requestTimeoutMs,
        bytesMax: answerBytesMax,
      })
      .catch((error: unknown) => {
        throw error instanceof EgressError ? new RpcError(error.message) : error
      })
    let said: { result?: unknown; error?: { message?: unknown } }
    try {
      said = JSON.parse(answer.body)
    } catch {
      throw new RpcError(`${method}: status ${answer.status} and no JSON`)
    }
    if (said.error !== undefined) throw new RpcError(`${method}: ${String(said.error.message ?? 'refused').slice(0, 150)}`)
    if (answer.status !== 200 || said.result === undefined) throw new RpcError(`${method}: status ${answer.status} without a result`)
    return said.result
  }
}
