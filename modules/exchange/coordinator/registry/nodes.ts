/** What the operators of a coordinator do with the nodes that came to it. */
import { Problem } from '@gatehouse/core/problem'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { nodeNameSchema, readCard } from '../protocol/card.ts'
import { type MeshNode, meshNodeSchema } from '../schema.ts'
import { deleteNode, listNodes, lockNode, type NodeRow, setNodeState } from '../store.ts'

/** In the scope of the node: the registry belongs to it and not to the institution of whoever operates it. */
const inNode = <T>({ node }: StepsContext, act: (tx: Tx) => Promise<T>): Promise<T> => node.database.transaction(nodeTenant, act)

async function shown({ card, name, state, fingerprint, generation, health, last_poll_at, registered_at }: NodeRow, waiting: number): Promise<MeshNode> {
  const read = await readCard(card)
  return { name, title: read?.card.title ?? name, state, fingerprint, generation, health, waiting, last_poll_at, registered_at }
}

export const listMeshNodes = operation({
  name: 'coordinator.nodes',
  summary: 'The nodes of this coordinator, how they are, and how much waits for them',
  kind: 'steps',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(meshNodeSchema) }),
  access: { action: 'read', on: () => ({ type: 'mesh_node' }) },
  audit: { none: 'it reads names, public keys and counts' },
  http: { method: 'GET', path: '/v1/coordinator/nodes' },
  example: { input: {} },
  run: async (ctx) => ({ data: await Promise.all((await inNode(ctx, listNodes)).map((row) => shown(row, row.waiting))) }),
})

export const admitNode = operation({
  name: 'coordinator.admit',
  summary: 'Admit a node to the mesh',
  description: 'Whoever admits it has compared the fingerprint with whoever runs the node, on another way than this one.',
  kind: 'steps',
  input: z.strictObject({ node: nodeNameSchema, fingerprint: z.string().regex(/^[0-9a-f]{64}$/, 'the whole fingerprint: 64 characters, 0-9 and a-f') }),
  output: meshNodeSchema,
  access: { action: 'update', on: () => ({ type: 'mesh_node' }) },
  audit: ({ node, fingerprint }) => ({ object: { kind: 'mesh_node', id: node }, details: { fingerprint } }),
  http: { method: 'POST', path: '/v1/coordinator/nodes/:node/admit' },
  example: { input: { node: 'lakeside', fingerprint: 'ab'.repeat(32) } },
  problems: [problems.fingerprint_differs, doorProblems.not_found],
  run: (ctx, { node, fingerprint }) =>
    inNode(ctx, async (tx) => {
      const row = await lockNode(tx, node)
      if (row === undefined) throw new Problem(doorProblems.not_found)
      if (!ctx.node.keys.primitives.equal(Buffer.from(row.fingerprint), Buffer.from(fingerprint))) return refuse(problems.fingerprint_differs)
      await setNodeState(tx, node, 'admitted', ctx.now)
      return shown({ ...row, state: 'admitted' }, 0)
    }),
})

export const excludeNode = operation({
  name: 'coordinator.exclude',
  summary: 'Exclude a node: it leaves and takes nothing any more',
  description: 'With `forget`, the name is free for a new card, and what waits for the node is gone.',
  kind: 'steps',
  input: z.strictObject({ node: nodeNameSchema, forget: z.boolean().default(false) }),
  output: z.strictObject({ node: z.string(), forgotten: z.boolean() }),
  access: { action: 'delete', on: () => ({ type: 'mesh_node' }) },
  audit: ({ node, forget }) => ({ object: { kind: 'mesh_node', id: node }, details: { forget } }),
  http: { method: 'POST', path: '/v1/coordinator/nodes/:node/exclude' },
  example: { input: { node: 'lakeside' } },
  problems: [doorProblems.not_found],
  run: (ctx, { node, forget }) =>
    inNode(ctx, async (tx) => {
      if ((await lockNode(tx, node)) === undefined) throw new Problem(doorProblems.not_found)
      await (forget ? deleteNode(tx, node) : setNodeState(tx, node, 'excluded', ctx.now))
      return { node, forgotten: forget }
    }),
})
