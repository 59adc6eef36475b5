import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { encodeFunctionData, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startChain, type TestChain } from '../testing/chain.ts'

const { compile } = createRequire(import.meta.url)('solc') as { compile(input: string): string }
const source = 'CheckpointAnchor.sol'
const artefact = join(import.meta.dirname, 'CheckpointAnchor.json')

function compiled() {
  const output = JSON.parse(
    compile(
      JSON.stringify({
        language: 'Solidity',
        sources: { [source]: { content: readFileSync(join(import.meta.dirname, source), 'utf8') } },
        settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: 'shanghai', outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } },
      }),
    ),
  )
  const faults = (output.errors ?? []).filter(({ severity }: { severity: string }) => severity === 'error')
  if (faults.length > 0) throw new Error(faults[0].formattedMessage)
  const { abi, evm } = output.contracts[source].CheckpointAnchor
  return { abi, bytecode: `0x${evm.bytecode.object}` }
}

const { abi, bytecode } = compiled()

it('the committed ABI and bytecode are what the source compiles to', () => {
  const text = `${JSON.stringify({ abi, bytecode }, null, 2)}\n`
  if (process.env.UPDATE === '1') writeFileSync(artefact, text)
  expect(JSON.parse(readFileSync(artefact, 'utf8'))).toEqual({ abi, bytecode })
})

it('no other call of the contract changes anything: a hash reaches the chain as the root of a log or not at all', () => {
  const changing = abi.filter(({ type, stateMutability }: { type: string; stateMutability?: string }) => type === 'function' && stateMutability !== 'view')
  expect(changing.map(({ name, inputs }: { name: string; inputs: { type: string }[] }) => [name, inputs.map((input) => input.type)])).toEqual([
    ['anchor', ['bytes32', 'uint64', 'bytes32']],
    ['claim', ['bytes32']],
  ])
  expect(
    abi.some(
      ({ type, stateMutability }: { type: string; stateMutability?: string }) => ['receive', 'fallback'].includes(type) || stateMutability === 'payable',
    ),
  ).toBe(false)
})

describe('the contract on an EVM', () => {
  const writer = privateKeyToAccount(`0x${'11'.repeat(32)}`)
  const other = privateKeyToAccount(`0x${'22'.repeat(32)}`)
  const origin = keccak256(toHex('gatehouse/one'))
  const root = (byte: string) => `0x${byte.repeat(32)}` as const
  let chain: TestChain
  let contract: `0x${string}`
  let nonces = new Map<string, number>()
  beforeAll(async () => {
    chain = await startChain(() => Date.UTC(2026, 10, 22))
    for (const { address } of [writer, other]) await chain.fund(address)
    contract = (await chain.from(`0x${'dd'.repeat(20)}`, bytecode)).created as `0x${string}`
    nonces = new Map()
  })
  afterAll(() => chain.close())

  async function call(who: typeof writer, functionName: 'claim' | 'anchor', args: readonly unknown[]) {
    const nonce = nonces.get(who.address) ?? 0
    nonces.set(who.address, nonce + 1)
    const raw = await who.signTransaction({
      chainId: 31337,
      type: 'eip1559',
      nonce,
      to: contract,
      gas: 200_000n,
      maxFeePerGas: 10n ** 10n,
      maxPriorityFeePerGas: 1n,
      data: encodeFunctionData({ abi, functionName, args: args as [`0x${string}`] }),
    })
    const hash = (await chain.ask('eth_sendRawTransaction', [raw])) as string
    await chain.mine()
    const receipt = (await chain.ask('eth_getTransactionReceipt', [hash])) as { status: string; gasUsed: string; logs: { data: string }[] }
    return { ok: receipt.status === '0x1', gas: Number(receipt.gasUsed), logs: receipt.logs }
  }

  it('takes anchors of nobody before a claim, and of the claimer only after it', async () => {
    expect((await call(writer, 'anchor', [origin, 1n, root('01')])).ok).toBe(false)
    expect((await call(writer, 'claim', [origin])).ok).toBe(true)
    expect((await call(other, 'claim', [origin])).ok).toBe(false)
    expect((await call(writer, 'claim', [origin])).ok).toBe(false)
    expect((await call(other, 'anchor', [origin, 5n, root('05')])).ok).toBe(false)
    expect((await call(other, 'claim', [keccak256(toHex('gatehouse/two'))])).ok).toBe(true)
  })

  it('takes larger sizes only; the event tells the anchor before', async () => {
    const first = await call(writer, 'anchor', [origin, 10n, root('0a')])
    expect(first.ok).toBe(true)
    expect(first.logs[0]?.data).toBe(`0x${'0'.repeat(63)}a${'0a'.repeat(32)}${'0'.repeat(128)}`)
    for (const size of [0n, 9n, 10n]) expect((await call(writer, 'anchor', [origin, size, root('0b')])).ok).toBe(false)
    const second = await call(writer, 'anchor', [origin, 2n ** 53n - 1n, root('0c')])
    expect(second.logs[0]?.data.slice(130)).toBe(`${'0'.repeat(63)}a${'0a'.repeat(32)}`)
  })

  it('costs at most 45,000 gas in the long run', async () => {
    const { ok, gas } = await call(writer, 'anchor', [origin, 2n ** 60n, root('0d')])
    expect(ok).toBe(true)
    expect(gas).toBeLessThanOrEqual(45_000)
  })
})
