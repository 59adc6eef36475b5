/** JSON-RPC of an Ethereum node, over the only way out. */
import { type Egress, EgressError } from '@gatehouse/runtime/data/egress'
import type { AnchorFault } from '../anchor.ts'
import { answerBytesMax, requestTimeoutMs } from '../schema.ts'

export type Rpc = (method: string, params: readonly unknown[]) => Promise<unknown>

/** The other side does not answer, or refuses. The message may be shown to an operator. */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly fault: AnchorFault

  constructor(fault: AnchorFault, message: string) {
    super(message)
    this.fault = fault
  }
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
        throw error instanceof EgressError ? new RpcError('unreachable', error.message) : error
      })
    let said: { result?: unknown; error?: { message?: unknown } } | null
    try {
      said = JSON.parse(answer.body)
    } catch {
      throw new RpcError(answer.status === 200 ? 'unreadable' : 'unreachable', `${method}: status ${answer.status} and no JSON`)
    }
    if (said?.error !== undefined) throw refusal(method, String(said.error.message ?? 'refused').slice(0, 150))
    if (answer.status !== 200 || said?.result === undefined) throw new RpcError('unreadable', `${method}: status ${answer.status} without a result`)
    return said.result
  }
}

/** Nodes say in words of their own what is wrong; these two have a remedy. */
function refusal(method: string, message: string): RpcError {
  if (/insufficient (?:funds|balance)|enough funds/i.test(message)) return new RpcError('insufficient_funds', `${method}: ${message}`)
  if (/underpriced|fee too low/i.test(message)) return new RpcError('underpriced', `${method}: ${message}`)
  return new RpcError('refused', `${method}: ${message}`)
}
