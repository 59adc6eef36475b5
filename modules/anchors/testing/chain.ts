/** A chain in this process: a real EVM behind JSON-RPC on a real socket. It can be asked to reorganise, to stop taking transactions, and to lie. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createBlock } from '@ethereumjs/block'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createTxFromRLP, type TypedTransaction } from '@ethereumjs/tx'
import { Account, bytesToHex, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import { createVM, runTx, type VM } from '@ethereumjs/vm'
import { keccak_256 } from '@noble/hashes/sha3.js'

interface Taken {
  readonly hash: string
  readonly status: number
  readonly gasUsed: bigint
  readonly logs: readonly { address: string; topics: string[]; data: string; logIndex: string }[]
  readonly created: string | undefined
}

interface ChainBlock {
  readonly number: number
  readonly hash: string
  readonly time: number
  readonly transactions: readonly Uint8Array[]
  readonly taken: readonly Taken[]
}

export interface TestChain {
  readonly url: string
  /** Waiting transactions go into a block; without any, an empty one. */
  mine(blocks?: number): Promise<void>
  /** Drops the newest blocks. @param keep put their transactions back among those that wait */
  reorganise(depth: number, keep: boolean): Promise<void>
  fund(address: string): Promise<void>
  /** Runs a transaction from an account that needs no signature. */
  from(address: string, data: string, to?: string): Promise<{ status: number; gasUsed: bigint; created: string | undefined }>
  /** No transaction goes into a block while this is set. */
  stuck: boolean
  /** Answers every request with this status, while it is set. */
  broken: number | undefined
  /** Answers every request with this text, while it is set. */
  nonsense: string | undefined
  gasPrice: number
  chainId: number
  readonly waiting: readonly Uint8Array[]
  readonly calls: readonly { method: string; params: readonly unknown[] }[]
  /** The same as over the socket. */
  ask(method: string, params: readonly unknown[]): Promise<unknown>
  close(): Promise<void>
}

const blockSeconds = 12
const feeOf = (tx: TypedTransaction): bigint => ('maxFeePerGas' in tx ? tx.maxFeePerGas : 0n)

export async function startChain(nowMs: () => number): Promise<TestChain> {
  const common = new Common({ chain: { ...Mainnet, chainId: 31337 }, hardfork: Hardfork.Cancun })
  const funded = new Set<string>()
  let vm: VM
  let blocks: ChainBlock[] = []
  let waiting: Uint8Array[] = []
  let salt = 0
  const calls: { method: string; params: readonly unknown[] }[] = []
  const direct: { from: string; to: string | undefined; data: string }[] = []

  const headerOf = (number: number, time: number) =>
    createBlock({ header: { number, timestamp: time, gasLimit: 30_000_000, baseFeePerGas: 7n } }, { common, skipConsensusFormatValidation: true })
  const hashOf = (text: string) => bytesToHex(keccak_256(new TextEncoder().encode(text)))

  async function genesis(): Promise<void> {
    vm = await createVM({ common })
    for (const address of funded) await vm.stateManager.putAccount(createAddressFromString(address), new Account(0n, 10n ** 20n))
    for (const each of direct) await runDirect(each)
  }

  async function runDirect({ from, to, data }: { from: string; to: string | undefined; data: string }) {
    const result = await vm.evm.runCall({
      caller: createAddressFromString(from),
      ...(to === undefined ? {} : { to: createAddressFromString(to) }),
      data: hexToBytes(data as `0x${string}`),
      gasLimit: 10_000_000n,
      block: headerOf(blocks.length, Math.floor(nowMs() / 1000)) as never,
    })
    return {
      status: result.execResult.exceptionError === undefined ? 1 : 0,
      gasUsed: result.execResult.executionGasUsed,
      created: result.createdAddress?.toString(),
    }
  }

  async function take(transactions: readonly Uint8Array[], number: number, time: number): Promise<{ block: ChainBlock; left: Uint8Array[] }> {
    const taken: Taken[] = []
    const went: Uint8Array[] = []
    const left: Uint8Array[] = []
    for (const raw of [...transactions].sort((a, b) => Number(createTxFromRLP(a, { common }).nonce - createTxFromRLP(b, { common }).nonce))) {
      const tx: TypedTransaction = createTxFromRLP(raw, { common })
      const account = await vm.stateManager.getAccount(tx.getSenderAddress())
      if (account?.nonce !== tx.nonce) {
        if ((account?.nonce ?? 0n) <= tx.nonce) left.push(raw)
        continue
      }
      const result = await runTx(vm, { tx, block: headerOf(number, time) as never, skipBlockGasLimitValidation: true })
      went.push(raw)
      taken.push({
        hash: bytesToHex(tx.hash()),
        status: result.execResult.exceptionError === undefined ? 1 : 0,
        gasUsed: result.totalGasSpent,
        logs: (result.execResult.logs ?? []).map(([address, topics, data], at) => ({
          address: bytesToHex(address),
          topics: topics.map((topic) => bytesToHex(topic)),
          data: bytesToHex(data),
          logIndex: `0x${at.toString(16)}`,
        })),
        created: result.createdAddress?.toString(),
      })
    }
    return { block: { number, time, hash: hashOf(`${number} ${salt} ${taken.map(({ hash }) => hash).join(' ')}`), transactions: went, taken }, left }
  }

  const chain = {
    stuck: false,
    broken: undefined as number | undefined,
    nonsense: undefined as string | undefined,
    gasPrice: 1_000_000_000,
    chainId: 31337,
    get waiting(): readonly Uint8Array[] {
      return waiting
    },
  }

  async function mine(count = 1): Promise<void> {
    for (let at = 0; at < count; at++) {
      const { block, left } = await take(chain.stuck ? [] : waiting, blocks.length, Math.floor(nowMs() / 1000) + blocks.length * blockSeconds)
      blocks.push(block)
      if (!chain.stuck) waiting = left
    }
  }

  const hex = (value: number | bigint) => `0x${value.toString(16)}`
  const accountOf = (address: unknown) => vm.stateManager.getAccount(createAddressFromString(String(address)))

  const methods: Readonly<Record<string, (params: readonly unknown[]) => unknown>> = {
    eth_chainId: () => hex(chain.chainId),
    eth_gasPrice: () => hex(chain.gasPrice),
    eth_getTransactionCount: async ([address]) => hex((await accountOf(address))?.nonce ?? 0n),
    eth_getBalance: async ([address]) => hex((await accountOf(address))?.balance ?? 0n),
    eth_getCode: async ([address]) => bytesToHex(await vm.stateManager.getCode(createAddressFromString(String(address)))),
    // What a deployment of this size takes; the real one is run when it is mined.
    eth_estimateGas: ([call]) => hex(21_000 + 32_000 + (String((call as { data: string }).data).length / 2) * 220),
    async eth_call([call]) {
      const { to, data } = call as { to: string; data: string }
      const result = await vm.evm.runCall({ to: createAddressFromString(to), data: hexToBytes(data as `0x${string}`), isStatic: true })
      return bytesToHex(result.execResult.returnValue)
    },
    eth_sendRawTransaction: ([raw]) => takeIn(hexToBytes(raw as `0x${string}`)),
    eth_getTransactionReceipt([transaction]) {
      for (const block of blocks) {
        const found = block.taken.find(({ hash }) => hash === transaction)
        if (found !== undefined)
          return {
            status: hex(found.status),
            blockNumber: hex(block.number),
            blockHash: block.hash,
            logs: found.logs,
            gasUsed: hex(found.gasUsed),
            contractAddress: found.created ?? null,
          }
      }
      return null
    },
    eth_getBlockByNumber([number]) {
      const block = number === 'latest' ? blocks.at(-1) : blocks[Number(number)]
      return block === undefined ? null : { number: hex(block.number), hash: block.hash, timestamp: hex(block.time), baseFeePerGas: '0x7' }
    },
    eth_getLogs: () =>
      blocks.flatMap((block) =>
        block.taken.flatMap(({ hash, logs }) => logs.map((log) => ({ ...log, transactionHash: hash, blockNumber: hex(block.number), blockHash: block.hash }))),
      ),
  }

  async function takeIn(raw: Uint8Array): Promise<string> {
    const tx = createTxFromRLP(raw, { common })
    if (waiting.some((each) => bytesToHex(each) === bytesToHex(raw))) throw new Error('already known')
    const sender = tx.getSenderAddress()
    const { nonce = 0n, balance = 0n } = (await vm.stateManager.getAccount(sender)) ?? {}
    if (tx.nonce < nonce) throw new Error('nonce too low')
    if (balance < tx.gasLimit * feeOf(tx)) throw new Error('insufficient funds for gas * price + value')
    // One number, one transaction: the better paid one stays.
    const other = waiting.find((each) => {
      const before = createTxFromRLP(each, { common })
      return before.nonce === tx.nonce && before.getSenderAddress().equals(sender)
    })
    if (other !== undefined && feeOf(tx) * 10n < feeOf(createTxFromRLP(other, { common })) * 11n) throw new Error('replacement transaction underpriced')
    waiting = waiting.filter((each) => each !== other)
    waiting.push(raw)
    return bytesToHex(tx.hash())
  }

  async function answer(method: string, params: readonly unknown[]): Promise<unknown> {
    const said = methods[method]
    if (said === undefined) throw new Error(`the method ${method} does not exist`)
    return said(params)
  }

  await genesis()
  await mine()
  const server: Server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', async () => {
      if (chain.broken !== undefined) {
        response.writeHead(chain.broken).end('out of order')
        return
      }
      if (chain.nonsense !== undefined) {
        response.writeHead(200).end(chain.nonsense)
        return
      }
      const { id, method, params } = JSON.parse(body)
      calls.push({ method, params })
      const said = await answer(method, params).then(
        (result) => ({ jsonrpc: '2.0', id, result }),
        (error: Error) => ({ jsonrpc: '2.0', id, error: { code: -32000, message: error.message } }),
      )
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return Object.assign(chain, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    mine,
    async reorganise(depth: number, keep: boolean) {
      const [stay, gone] = [blocks.slice(0, -depth), blocks.slice(-depth)]
      salt++
      if (keep) waiting.push(...gone.flatMap(({ transactions }) => transactions))
      blocks = []
      await genesis()
      for (const block of stay) {
        await take(block.transactions, block.number, block.time)
        blocks.push(block)
      }
    },
    async fund(address: string) {
      funded.add(address.toLowerCase())
      const at = createAddressFromString(address)
      await vm.stateManager.putAccount(at, new Account((await vm.stateManager.getAccount(at))?.nonce ?? 0n, 10n ** 20n))
    },
    async from(from: string, data: string, to?: string) {
      direct.push({ from, to, data })
      return runDirect({ from, to, data })
    },
    calls,
    ask: answer,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  })
}
