/** A coordinator on a real socket and nodes that reach it from outside only, all in one process and at one time. */

import type { Id } from '@gatehouse/core/id'
import type { Principal } from '@gatehouse/runtime/base/context'
import { freePort } from '@gatehouse/runtime/base/testing/free-port'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type AnyMessageKind, messageKind } from '@gatehouse/runtime/door/message-kind'
import type { Module } from '@gatehouse/runtime/door/module'
import { type AnyOperation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { type TestClock, type TestNode, testClock, testNode } from '@gatehouse/runtime/door/testing/node'
import { followUps } from '@gatehouse/runtime/edge/follow-up'
import { openHttp } from '@gatehouse/runtime/edge/http'
import { z } from 'zod'
import { accessModule } from '../../../governance/access/index.ts'
import { approvalsModule } from '../../../governance/approvals/index.ts'
import { identityModule } from '../../../governance/identity/index.ts'
import { partnersModule } from '../../../governance/partners/index.ts'
import { policiesModule } from '../../../governance/policies/index.ts'
import { projectsModule } from '../../../governance/projects/index.ts'
import { tenancyModule } from '../../../governance/tenancy/index.ts'
import { ledgerModule } from '../../../ledger/index.ts'
import { subjectsModule } from '../../../subjects/index.ts'
import { coordinatorModule } from '../../coordinator/index.ts'
import { declareMessageKinds, federationModule, messageState, type Sending, send } from '../index.ts'
import { visit } from '../mailboxes/visit.ts'

const modules: readonly Module[] = [
  ledgerModule,
  subjectsModule,
  tenancyModule,
  accessModule,
  partnersModule,
  identityModule,
  approvalsModule,
  policiesModule,
  projectsModule,
  coordinatorModule,
  federationModule,
]

async function done<T>(t: TestNode, operation: AnyOperation | string, input: object, by: Principal = t.admin): Promise<T> {
  const asked = typeof operation === 'string' ? named(operation) : operation
  const answer = await t.door.enter(asked, input, { ...by, provenAtMs: t.clock.nowMs() })
  if (answer.outcome !== 'done') throw answer.outcome === 'refused' ? answer.problem : new Error(answer.outcome)
  return answer.output as T
}

function named(name: string): AnyOperation {
  const found = modules.flatMap(({ operations }) => operations).find((one) => one.name === name)
  if (found === undefined) throw new Error(`no operation ${name}`)
  return found
}

/** What a test sends: it keeps what came, refuses what says so, and breaks as often as it is told. */
export interface Heard {
  readonly from: string
  readonly thread: string
  readonly word: string
  readonly version: number
  readonly user?: string
  readonly project?: string
  readonly attachments: readonly { readonly name: string; readonly blob: string; readonly size: number }[]
}

export type MeshNode = Awaited<ReturnType<typeof meshNode>>

export async function meshNode(
  clock: TestClock,
  options: {
    readonly origin?: string
    readonly kinds?: readonly AnyMessageKind[]
    readonly versions?: readonly number[]
    readonly releaseKeys?: readonly string[]
  } = {},
) {
  const t = await testNode({
    modules,
    clock,
    egressAllow: ['127.0.0.1'],
    ...(options.releaseKeys === undefined ? {} : { releaseKeys: options.releaseKeys }),
    ...(options.origin === undefined ? {} : { addresses: { exchangeHost: '127.0.0.1', exchangePort: 9999, origin: options.origin } }),
  })
  const { node } = t.door
  const heard: Heard[] = []
  const answers: { thread: string; state: string; reason?: string }[] = []
  const trouble = { left: 0 }
  const keep = (kind: string, acting: boolean) =>
    messageKind({
      kind,
      versions: options.versions ?? [1],
      body: z.object({ word: z.string() }),
      ...(acting ? { acting: true as const } : {}),
      async run(_ctx, { from, thread, version, body: { word }, person, project, attachments }) {
        if (trouble.left > 0) {
          trouble.left--
          throw new Error('the disk is full')
        }
        if (word === 'refuse me') return refuse(doorProblems.not_found, 'no such table')
        heard.push({
          from,
          thread,
          word,
          version,
          attachments,
          ...(person === undefined ? {} : { user: person.user }),
          ...(project === undefined ? {} : { project: project.id }),
        })
        return undefined
      },
      async answered(_ctx, { thread, state, reason }) {
        answers.push({ thread, state, ...(reason === undefined ? {} : { reason }) })
      },
    })
  declareMessageKinds(node, [...(federationModule.messageKinds ?? []), keep('test.word', false), keep('test.act', true), ...(options.kinds ?? [])])

  const inTenant = <T>(act: (tx: Tx) => Promise<T>) => t.database.transaction(t.tenant, act)
  const jobs = new Map((federationModule.jobs ?? []).map(({ queue, operation }) => [queue, operation]))

  /** Jobs as the queue would run them: what fails is tried again by a later call. */
  async function work(): Promise<void> {
    for (let more = t.enqueued.splice(0); more.length > 0; more = t.enqueued.splice(0)) {
      for (const { queue, data } of more) {
        const { tenant: _, ...input } = data
        const job = jobs.get(queue)
        if (job !== undefined) await t.door.enter(job, input, t.principal({ kind: 'system', id: `job:${queue}`, roles: ['system'] })).catch(() => {})
      }
    }
  }
  return {
    ...t,
    node,
    heard,
    answers,
    trouble,
    inTenant,
    work,
    done: <T>(operation: AnyOperation | string, input: object, by?: Principal) => done<T>(t, operation, input, by),
    /** The kind of problem that an act ends with. */
    refused: (operation: string, input: object) =>
      done(t, operation, input).then(
        () => 'it was done',
        (problem: { kind?: { type: string } }) => problem.kind?.type ?? String(problem),
      ),
    /** Looks into its mailboxes now, and works off what came. */
    async poll() {
      const counts = await visit(node, t.tenant)
      await work()
      return counts
    },
    send: (to: string, word: string, more: Partial<Sending> = {}) =>
      inTenant((tx) => send(tx, node, t.tenant, { to, kind: 'test.word', thread: 'talk', body: { word }, ...more })),
    state: (id: Id<'message'>) => inTenant((tx) => messageState(tx, id)),
  }
}

/** A mailbox on a socket, with nobody in it. */
export async function openCoordinator(clock: TestClock = testClock()) {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const coordinator = await testNode({ modules, clock, addresses: { exchangeHost: '127.0.0.1', exchangePort: 9999, origin } })
  const app = await openHttp({
    door: coordinator.door,
    operations: coordinatorModule.operations,
    rateLimits: false,
    ready: async () => true,
    followUps: followUps(coordinator.door),
  })
  await app.listen({ host: '127.0.0.1', port })
  return {
    coordinator,
    origin,
    async close() {
      await app.close()
      await coordinator.close()
    },
  }
}

export type Mesh = Awaited<ReturnType<typeof openMesh>>

/** @param names nodes that have met: each has approved each */
export async function openMesh(
  names: readonly string[],
  options: { readonly versions?: Readonly<Record<string, readonly number[]>>; readonly releaseKeys?: readonly string[] } = {},
) {
  const clock = testClock()
  const { coordinator, origin, close: closeCoordinator } = await openCoordinator(clock)
  const operator = coordinator.principal({ roles: ['operator'] })
  const nodes: Record<string, MeshNode> = {}

  async function add(name: string): Promise<MeshNode> {
    const versions = options.versions?.[name]
    const node = await meshNode(clock, {
      ...(versions === undefined ? {} : { versions }),
      ...(options.releaseKeys === undefined ? {} : { releaseKeys: options.releaseKeys }),
    })
    nodes[name] = node
    const { fingerprint } = await node.done<{ fingerprint: string }>('federation.name_node', { name, title: `Hospital ${name}`, mailbox: origin })
    await node.poll()
    await done(coordinator, 'coordinator.admit', { node: name, fingerprint }, operator)
    return node
  }
  async function meet(left: string, right: string): Promise<void> {
    for (const [one, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const { fingerprint } = await at(one).done<{ fingerprint: string }>('federation.propose_peer', { name: other })
      await at(one).done('federation.approve_peer', { peer: other, fingerprint })
    }
  }
  function at(name: string): MeshNode {
    const node = nodes[name]
    if (node === undefined) throw new Error(`no node ${name}`)
    return node
  }
  for (const name of names) await add(name)
  for (const [index, left] of names.entries()) for (const right of names.slice(index + 1)) await meet(left, right)

  return {
    clock,
    origin,
    coordinator,
    operator,
    at,
    add,
    meet,
    /** What the coordinator does behind everybody's back. */
    lie: (sql: string, values: unknown[] = []) => coordinator.database.transaction('node', (tx) => tx.query<Record<string, string>>(sql, values)),
    admin: <T>(operation: string, input: object) => done<T>(coordinator, operation, input, operator),
    /** Everybody looks into their mailboxes, until nothing moves any more. */
    async settle(rounds = 4) {
      for (let round = 0; round < rounds; round++) for (const node of Object.values(nodes)) await node.poll()
    },
    async close() {
      for (const node of Object.values(nodes)) await node.close()
      await closeCoordinator()
    },
  }
}
