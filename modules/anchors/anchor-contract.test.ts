/** The two drivers under the one contract, each with a real thing behind it: an EVM, and an authority made of openssl. */
import { randomBytes } from 'node:crypto'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { openEgress } from '@gatehouse/runtime/data/egress'
import compiled from './contract/CheckpointAnchor.json' with { type: 'json' }
import { evmAnchor } from './evm/evm-anchor.ts'
import { jsonRpc } from './evm/json-rpc.ts'
import { loadViem } from './evm/viem.ts'
import { anchorContract } from './testing/anchor-contract.ts'
import { startChain } from './testing/chain.ts'
import { startAuthority } from './testing/time-stamp-authority.ts'
import { timeStampAnchor } from './time-stamp/time-stamp-anchor.ts'

const egress = openEgress({ allow: ['127.0.0.1'], httpsProxy: undefined, noProxy: undefined, extraCaFile: undefined })

anchorContract('a contract on an EVM chain', async () => {
  const chain = await startChain(Date.now)
  const contract = (await chain.from(`0x${'dd'.repeat(20)}`, compiled.bytecode)).created ?? ''
  const key = `0x${'33'.repeat(32)}` as const
  await chain.fund((await loadViem()).privateKeyToAccount(key).address)
  const settings = { rpc_url: chain.url, chain_id: 31337, contract, confirmations: 3, final: 6 }
  return {
    anchor: await evmAnchor({ settings, key, rpc: jsonRpc(egress, chain.url), nowMs: Date.now }),
    nowMs: Date.now,
    settle: () => chain.mine(3),
    become(what) {
      chain.broken = what === 'away' ? 503 : undefined
      chain.nonsense = what === 'mad' ? '{"jsonrpc":"2.0","id":1,"result":{"what":[null]}}' : undefined
    },
    close: () => chain.close(),
  }
})

anchorContract('a time-stamp authority', async () => {
  const authority = await startAuthority()
  return {
    anchor: timeStampAnchor({ settings: { url: authority.url, roots: [authority.root] }, egress, sha256: nodePrimitives.sha256, randomBytes, nowMs: Date.now }),
    nowMs: Date.now,
    settle: async () => undefined,
    become(what) {
      authority.status = what === 'away' ? 503 : 200
      authority.tamper = what === 'mad' ? () => randomBytes(200) : undefined
    },
    close: () => authority.close(),
  }
})
