/** Puts the contract on a chain, from the account of the institution. */
import { setTimeout as wait } from 'node:timers/promises'
import compiled from '../contract/CheckpointAnchor.json' with { type: 'json' }
import { type Rpc, RpcError } from './json-rpc.ts'
import { loadViem } from './viem.ts'

type Hex = `0x${string}`

export interface DeploymentPlan {
  readonly account: string
  readonly chain_id: number
  readonly gas: number
  /** The most that it may cost, and what the account has, in the chain's smallest unit. */
  readonly cost_max: string
  readonly balance: string
  readonly affordable: boolean
  readonly nonce: number
  readonly contract: string
}

/** What it would cost and where it would stand; nothing is sent. */
export async function planDeployment(rpc: Rpc, key: Hex, chainId: number) {
  const viem = await loadViem()
  const account = viem.privateKeyToAccount(key)
  const chain = Number((await rpc('eth_chainId', [])) as Hex)
  if (chain !== chainId) throw new RpcError('wrong_chain', `the node at rpc_url speaks of chain ${chain}, and chain ${chainId} was asked for`)
  const data = compiled.bytecode as Hex
  const number = async (method: string, params: readonly unknown[]) => BigInt((await rpc(method, params)) as Hex)
  const nonce = Number(await number('eth_getTransactionCount', [account.address, 'latest']))
  const [estimate, price, balance] = [
    await number('eth_estimateGas', [{ from: account.address, data }]),
    await number('eth_gasPrice', []),
    await number('eth_getBalance', [account.address, 'latest']),
  ]
  const gas = (estimate * 12n) / 10n
  const tip = price / 10n + 1n
  const maxFeePerGas = price * 2n + tip
  const contract = viem.getContractAddress({ from: account.address, nonce: BigInt(nonce) })
  const plan: DeploymentPlan = {
    account: account.address,
    chain_id: chainId,
    gas: Number(estimate),
    cost_max: String(gas * maxFeePerGas),
    balance: String(balance),
    affordable: balance >= gas * maxFeePerGas,
    nonce,
    contract,
  }
  return { plan, sign: () => account.signTransaction({ type: 'eip1559', chainId, nonce, gas, maxFeePerGas, maxPriorityFeePerGas: tip, data }) }
}

const tries = 30
const pauseMs = 1_000

/** @returns whether a block took it while it was waited for */
export async function deployContract(rpc: Rpc, signed: Hex, contract: string): Promise<{ transaction: string; mined: boolean; gas_used: number | null }> {
  const transaction = (await rpc('eth_sendRawTransaction', [signed])) as string
  for (let tried = 0; tried < tries; tried++) {
    const receipt = (await rpc('eth_getTransactionReceipt', [transaction])) as { status: Hex; gasUsed: Hex } | null
    if (receipt !== null) {
      const code = (await rpc('eth_getCode', [contract, 'latest'])) as Hex
      if (BigInt(receipt.status) !== 1n || code === '0x') throw new RpcError('reverted', 'the chain refused the contract')
      return { transaction, mined: true, gas_used: Number(BigInt(receipt.gasUsed)) }
    }
    await wait(pauseMs)
  }
  return { transaction, mined: false, gas_used: null }
}
