import { X509Certificate } from 'node:crypto'
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { EgressError } from '@gatehouse/runtime/data/egress'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { accountAddress } from './evm/account.ts'
import { problems } from './problems.ts'
import { type NewTarget, newTarget, targetsMax, targetView } from './schema.ts'
import { insertTarget, listTargets, removeTarget, standings, type TargetRow, type TargetStanding } from './store.ts'

export const addTarget = operation({
  name: 'anchors.add_target',
  summary: 'Name a place outside where checkpoints are anchored',
  description:
    'A contract on an EVM chain, or a time-stamp authority (RFC 3161). On a chain the node writes with an account of its own, whose key stays on the node: give it a little money for fees.',
  input: newTarget,
  output: targetView,
  access: { action: 'create', on: () => ({ type: 'anchor' }) },
  audit: (input, { id }) => ({ object: { kind: 'anchor_target', id }, details: { kind: input.kind, host: hostOf(input) } }),
  http: { method: 'POST', path: '/v1/anchors/targets', status: 201 },
  example: { input: { kind: 'evm', name: 'Sepolia', settings: { rpc_url: 'https://rpc.example.org', chain_id: 11155111, contract: `0x${'ab'.repeat(20)}` } } },
  problems: [problems.target_refused, problems.too_many_targets],
  async run(ctx, input) {
    check(input, (url) => ctx.node.egress.check(url))
    const row: TargetRow = { ...input, id: ctx.newId<'anchor_target'>(), state: 'active', created_at: ctx.now }
    if (!(await insertTarget(ctx.tx, row, targetsMax))) return refuse(problems.too_many_targets)
    return viewOf(row, undefined, row.kind === 'evm' ? await accountAddress(ctx.node, ctx.tenant) : null)
  },
})

function check(input: NewTarget, mayReach: (url: string) => unknown): void {
  try {
    mayReach(input.kind === 'evm' ? input.settings.rpc_url : input.settings.url)
    if (input.kind === 'time_stamp')
      for (const pem of input.settings.roots) if (!new X509Certificate(pem).ca) throw new TypeError('a root is no certificate of an authority')
  } catch (error) {
    throw new Problem(problems.target_refused, error instanceof EgressError || error instanceof TypeError ? error.message : 'a root is no certificate in PEM')
  }
}

export const targets = operation({
  name: 'anchors.targets',
  summary: 'List where checkpoints are anchored, and how each stands',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(targetView) }),
  access: { action: 'read', on: () => ({ type: 'anchor' }) },
  audit: { none: 'shows settings and sizes, and nothing about a person' },
  http: { method: 'GET', path: '/v1/anchors/targets' },
  example: { input: {} },
  async run({ tx, node, tenant }) {
    const [rows, standing] = await Promise.all([listTargets(tx), standings(tx)])
    const account = rows.some(({ kind }) => kind === 'evm') ? await accountAddress(node, tenant) : null
    return {
      data: rows.map((row) =>
        viewOf(
          row,
          standing.find(({ target_id }) => target_id === row.id),
          row.kind === 'evm' ? account : null,
        ),
      ),
    }
  },
})

export const removeTargetOperation = operation({
  name: 'anchors.remove_target',
  summary: 'Stop anchoring at a target',
  description: 'What was anchored there stays, and its receipts with it.',
  input: z.strictObject({ target: idSchema('anchor_target') }),
  output: z.strictObject({ removed: z.literal(true) }),
  access: { action: 'delete', on: () => ({ type: 'anchor' }) },
  audit: ({ target }) => ({ object: { kind: 'anchor_target', id: target } }),
  http: { method: 'DELETE', path: '/v1/anchors/targets/:target' },
  example: { input: { target: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, problems.target_removed],
  async run({ tx }, { target }) {
    const before = await removeTarget(tx, target)
    if (before === undefined) return refuse(doorProblems.not_found)
    return before.state === 'removed' ? refuse(problems.target_removed) : { removed: true as const }
  },
})

function viewOf(row: TargetRow, standing: TargetStanding | undefined, account: string | null): z.output<typeof targetView> {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    every_minutes: row.every_minutes,
    state: row.state,
    host: hostOf(row),
    chain_id: row.kind === 'evm' ? row.settings.chain_id : null,
    contract: row.kind === 'evm' ? row.settings.contract : null,
    account,
    last_size: standing?.last_size ?? null,
    last_confirmed_at: standing?.last_confirmed_at ?? null,
    waiting: standing?.waiting ?? 0,
    fault: standing?.fault ?? null,
    last_error: standing?.last_error ?? null,
  }
}

/** The path and the query of an RPC address often hold a key: they are told to nobody. */
const hostOf = (target: NewTarget): string => new URL(target.kind === 'evm' ? target.settings.rpc_url : target.settings.url).host
