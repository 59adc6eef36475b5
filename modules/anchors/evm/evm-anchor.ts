/** Anchors in the contract CheckpointAnchor on any EVM chain. */
import type { Instant } from '@gatehouse/core/instant'
import { instantMs } from '@gatehouse/core/instant'
import { toHex } from '@gatehouse/crypto/bytes'
import type { Anchor, AnchoredCheckpoint, Failed, Looking, Reference, Sending } from '../anchor.ts'
import compiled from '../contract/CheckpointAnchor.json' with { type: 'json' }
import { type EvmSettings, stuckMinutes } from '../schema.ts'
import { type Rpc, RpcError } from './json-rpc.ts'
import { loadViem } from './viem.ts'

/** Twice what an anchor costs. */
const gasLimit = 150_000n
/** A replacement must pay at least a tenth more; a quarter leaves room for a rising base fee. */
const raised = (fee: bigint, times: number): bigint => (times === 0 ? fee : (raised(fee, times - 1) * 5n) / 4n)
const raisesMax = 20

type Hex = `0x${string}`

interface Block {
  readonly number: Hex
  readonly hash: Hex
  readonly timestamp: Hex
  readonly baseFeePerGas?: Hex
}

interface TransactionReceipt {
  readonly status: Hex
  readonly blockNumber: Hex
  readonly blockHash: Hex
  readonly gasUsed?: Hex
  readonly effectiveGasPrice?: Hex
  readonly logs: readonly { readonly address: Hex; readonly topics: readonly Hex[]; readonly data: Hex; readonly logIndex: Hex }[]
}

/** What the contract holds of one log. */
interface Kept {
  readonly writer: Hex
  readonly size: number
  readonly root: Hex
}

const isClaimed = ({ writer }: Kept): boolean => BigInt(writer) !== 0n
const notFound: Failed = { outcome: 'failed', fault: 'unreadable', reason: 'the contract holds this checkpoint, but its transaction is not found' }

export async function evmAnchor(options: { settings: EvmSettings; key: Hex; rpc: Rpc; nowMs: () => number }): Promise<Anchor> {
  const { settings, rpc, nowMs } = options
  const viem = await loadViem()
  const account = viem.privateKeyToAccount(options.key)
  const contract = settings.contract as Hex
  const { abi } = compiled
  const originHash = (origin: string) => viem.keccak256(viem.toHex(origin))

  const checkChain = async () => {
    const chain = Number((await rpc('eth_chainId', [])) as Hex)
    if (!Number.isSafeInteger(chain)) throw new RpcError('unreadable', 'the node at rpc_url does not say which chain it speaks of')
    if (chain !== settings.chain_id)
      throw new RpcError('wrong_chain', `the node at rpc_url speaks of chain ${chain}, and the target is set to chain ${settings.chain_id}`)
  }
  const nonceOf = async (tag: 'latest' | 'pending') => Number((await rpc('eth_getTransactionCount', [account.address, tag])) as Hex)
  const kept = async (origin: string): Promise<Kept> => {
    const data = viem.encodeFunctionData({ abi, functionName: 'logs', args: [originHash(origin)] })
    const result = (await rpc('eth_call', [{ to: contract, data }, 'latest'])) as Hex
    if (result === '0x') throw new RpcError('no_contract', 'there is no contract at this address')
    const [writer, size, root] = viem.decodeFunctionResult({ abi, functionName: 'logs', data: result }) as [Hex, bigint, Hex]
    return { writer, size: Number(size), root }
  }
  const transact = async (functionName: 'claim' | 'anchor', args: readonly unknown[], nonce: number, raises: number): Promise<Hex> => {
    const price = BigInt((await rpc('eth_gasPrice', [])) as Hex)
    const tip = raised(price / 10n + 1n, raises)
    const serialized = await account.signTransaction({
      type: 'eip1559',
      chainId: settings.chain_id,
      to: contract,
      nonce,
      gas: gasLimit,
      maxFeePerGas: raised(price * 2n, raises) + tip,
      maxPriorityFeePerGas: tip,
      data: viem.encodeFunctionData({ abi, functionName, args: args as [Hex] }),
    })
    try {
      await rpc('eth_sendRawTransaction', [serialized])
    } catch (error) {
      // After a crash between sending and writing it down, the same transaction is sent again: the chain knows it already.
      if (!(error instanceof RpcError && /already known|known transaction/i.test(error.message))) throw error
    }
    return viem.keccak256(serialized)
  }

  async function send(checkpoint: AnchoredCheckpoint, before: Reference | null): Promise<Sending> {
    const { origin, size } = checkpoint
    await checkChain()
    const there = await kept(origin)
    const hindrance = hinders(there, checkpoint)
    if (hindrance !== undefined) return hindrance
    if (there.size > size) return { outcome: 'superseded' }
    // Of several attempts whichever was taken; and what an earlier life of this node sent and did not write down.
    if (there.size === size) return (await found(origin, size)) ?? notFound
    return attempt(checkpoint, before, isClaimed(there))
  }

  /** Why nothing can be sent, whatever is tried. */
  function hinders(there: Kept, { size, root }: AnchoredCheckpoint): Failed | undefined {
    if (isClaimed(there) && there.writer.toLowerCase() !== account.address.toLowerCase())
      return {
        outcome: 'failed',
        fault: 'other_writer',
        reason: `the contract lets ${there.writer} write for this log, and not this node’s account ${account.address}`,
      }
    if (there.size === size && there.root !== `0x${toHex(root)}`)
      return { outcome: 'failed', fault: 'forked', reason: `the contract holds another root for size ${size}: the log was forked` }
    return undefined
  }

  async function attempt({ origin, size, root }: AnchoredCheckpoint, before: Reference | null, claimed: boolean): Promise<Sending> {
    const latest = await nonceOf('latest')
    // The number of an attempt that no block took is used again, so that the two can never both be taken.
    const again = typeof before?.nonce === 'number' && before.nonce >= latest
    const raises = again ? Math.min(Number(before?.raises ?? 0) + 1, raisesMax) : 0
    const nonce = again ? Number(before?.nonce) : latest + (claimed ? 0 : 1)
    try {
      if (!claimed) await transact('claim', [originHash(origin)], nonce - 1, raises)
      const transaction = await transact('anchor', [originHash(origin), BigInt(size), `0x${toHex(root)}`], nonce, raises)
      return { outcome: 'sent', reference: { transaction, nonce, raises, account: account.address } }
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      if (error.fault === 'insufficient_funds')
        return {
          outcome: 'failed',
          fault: error.fault,
          reason: `the account ${account.address} cannot pay for the transaction: send it some money on chain ${settings.chain_id}`,
        }
      // Something waits under this number, of a life of this node that did not write it down: the next attempt pays more.
      if (error.fault === 'underpriced')
        return { outcome: 'failed', fault: error.fault, reason: error.message, reference: { nonce, raises, account: account.address } }
      throw error
    }
  }

  async function found(origin: string, size: number): Promise<Sending | undefined> {
    const logs = (await rpc('eth_getLogs', [{ address: contract, fromBlock: '0x0', toBlock: 'latest', topics: [null, originHash(origin)] }])) as {
      data: Hex
      transactionHash: Hex
    }[]
    const log = logs.find(({ data }) => data.length >= 66 && Number(BigInt(data.slice(0, 66))) === size)
    return log && { outcome: 'sent', reference: { transaction: log.transactionHash, nonce: -1, raises: 0, account: account.address } }
  }

  async function look({ origin, size, root }: AnchoredCheckpoint, reference: Reference, sentAt: Instant): Promise<Looking> {
    await checkChain()
    const receipt = (await rpc('eth_getTransactionReceipt', [reference.transaction])) as TransactionReceipt | null
    if (receipt === null) {
      const nonce = Number(reference.nonce)
      if (nonce >= 0 && (await nonceOf('latest')) > nonce)
        return { outcome: 'lost', fault: 'number_taken', reason: 'the chain has no such transaction any more: another one has its number' }
      const minutes = (nowMs() - instantMs(sentAt)) / 60_000
      return minutes > stuckMinutes
        ? { outcome: 'lost', fault: 'not_taken', reason: `no block took the transaction within ${stuckMinutes} minutes; it is sent again with a higher fee` }
        : { outcome: 'waiting', depth: 0 }
    }
    if (BigInt(receipt.status) !== 1n) return { outcome: 'lost', fault: 'reverted', reason: 'the contract refused the transaction' }
    const [head, block] = (await Promise.all([rpc('eth_getBlockByNumber', ['latest', false]), rpc('eth_getBlockByNumber', [receipt.blockNumber, false])])) as [
      Block,
      Block | null,
    ]
    if (block?.hash !== receipt.blockHash) return { outcome: 'waiting', depth: 0 }
    const topic = originHash(origin)
    const log = receipt.logs.find(
      ({ address, topics, data }) =>
        address.toLowerCase() === contract.toLowerCase() && topics[1] === topic && data.startsWith(`0x${size.toString(16).padStart(64, '0')}${toHex(root)}`),
    )
    if (log === undefined) return { outcome: 'lost', fault: 'reverted', reason: 'the transaction did something else' }
    const depth = Number(BigInt(head.number) - BigInt(receipt.blockNumber)) + 1
    if (depth < settings.confirmations) return { outcome: 'waiting', depth }
    return {
      outcome: 'confirmed',
      depth,
      final: depth >= settings.final,
      receipt: {
        chain_id: settings.chain_id,
        contract,
        block: Number(BigInt(receipt.blockNumber)),
        block_hash: receipt.blockHash,
        block_time: Number(BigInt(block.timestamp)),
        transaction: reference.transaction,
        // What it cost, for whoever pays; it proves nothing.
        ...(receipt.gasUsed === undefined ? {} : { gas_used: Number(BigInt(receipt.gasUsed)) }),
        ...(receipt.effectiveGasPrice === undefined ? {} : { gas_price_wei: String(BigInt(receipt.effectiveGasPrice)) }),
        topics: log.topics,
        data: log.data,
      },
    }
  }

  const careful =
    <A extends readonly unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R | Failed> => {
      try {
        return await act(...args)
      } catch (error) {
        // An answer of another form than asked for is the other side's mistake too.
        if (error instanceof RpcError) return { outcome: 'failed', fault: error.fault, reason: error.message }
        return { outcome: 'failed', fault: 'unreadable', reason: 'the node at rpc_url gave an answer that cannot be read' }
      }
    }
  return { kind: 'evm', send: careful(send), look: careful(look) }
}
