import { Problem } from '@gatehouse/core/problem'
import { EgressError } from '@gatehouse/runtime/data/egress'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { accountKey } from './evm/account.ts'
import { deployContract, planDeployment } from './evm/deploy-contract.ts'
import { jsonRpc, RpcError } from './evm/json-rpc.ts'
import { problems } from './problems.ts'
import { evmSettings } from './schema.ts'

const amount = z.string().regex(/^\d+$/).describe('In the chain’s smallest unit.')

export const deploy = operation({
  name: 'anchors.deploy',
  summary: 'Put the contract that keeps checkpoints on a chain, or say what it would cost',
  description:
    'From the account of this institution, whose key never leaves the node. With `dry_run` nothing is sent. The contract has no owner: several institutions can use one, so look for one that is there already.',
  kind: 'steps',
  input: z.strictObject({ rpc_url: evmSettings.shape.rpc_url, chain_id: evmSettings.shape.chain_id, dry_run: z.boolean() }),
  output: z.strictObject({
    account: z.string(),
    chain_id: z.number().int(),
    gas: z.number().int().describe('What the chain’s node reckons it needs.'),
    cost_max: amount,
    balance: amount,
    affordable: z.boolean(),
    nonce: z.number().int(),
    contract: z.string().describe('Where it will stand.'),
    transaction: z.string().nullable(),
    mined: z.boolean(),
    gas_used: z.number().int().nullable(),
  }),
  access: { action: 'create', on: () => ({ type: 'anchor' }) },
  audit: (input, { contract, transaction }) => ({ details: { chain_id: input.chain_id, contract, sent: transaction !== null } }),
  http: { method: 'POST', path: '/v1/anchors/deployments' },
  example: { input: { rpc_url: 'https://rpc.example.org', chain_id: 11155111, dry_run: true } },
  problems: [problems.target_refused, problems.chain_refused],
  async run({ node, tenant }, { rpc_url, chain_id, dry_run }) {
    try {
      node.egress.check(rpc_url)
      const rpc = jsonRpc(node.egress, rpc_url)
      const { plan, sign } = await planDeployment(rpc, await accountKey(node, tenant), chain_id)
      if (dry_run) return { ...plan, transaction: null, mined: false, gas_used: null }
      if (!plan.affordable) return refuse(problems.chain_refused, `the account ${plan.account} has ${plan.balance} and may need ${plan.cost_max}`)
      return { ...plan, ...(await deployContract(rpc, await sign(), plan.contract)) }
    } catch (error) {
      if (error instanceof EgressError) throw new Problem(problems.target_refused, error.message)
      if (error instanceof RpcError) return refuse(problems.chain_refused, error.message)
      throw error
    }
  },
})
