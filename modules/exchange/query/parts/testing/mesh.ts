/** Nodes of one mesh in one process: each with a database, an object store and keys of its own, and a coordinator between them on a socket. */
import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import type { QueryPlanInput } from '@gatehouse/query/plan/schema'
import { systemPrincipal } from '@gatehouse/runtime/base/context'
import type { AnyMessageKind, ReceivedMessage } from '@gatehouse/runtime/door/message-kind'
import { operation } from '@gatehouse/runtime/door/operation'
import { type TestClock, testClock } from '@gatehouse/runtime/door/testing/node'
import { z } from 'zod'
import { addMember } from '../../../../governance/projects/members.ts'
import { coordinatorModule } from '../../../coordinator/index.ts'
import { admitNode } from '../../../coordinator/registry/nodes.ts'
import { nameNode } from '../../../federation/identity/identity.ts'
import { declareMessageKinds, federationModule, turn } from '../../../federation/index.ts'
import { pollNow } from '../../../federation/mailboxes/store.ts'
import { handle, handleQueue } from '../../../federation/messages/handle.ts'
import { approvePeer } from '../../../federation/peers/life.ts'
import { proposePeer } from '../../../federation/peers/propose.ts'
import { approvePerson, proposePerson } from '../../../federation/projects/persons.ts'
import { invitePeers, joinProject, meshProjects } from '../../../federation/projects/projects.ts'
import { openCoordinator } from '../../../federation/testing/mesh.ts'
import { linkageModule } from '../../../linkage/index.ts'
import { queryModule } from '../../module.ts'
import { runQueue } from '../../runs/queue.ts'
import { hospitalPlan, type QueryNode, queryNode } from '../../testing/query.ts'
import { askCatalogue } from '../catalogue/ask.ts'
import { tidyParts } from '../tidy.ts'
import { conductComparison } from '../unit/conduct.ts'
import { unitQueue } from '../unit/ready.ts'

export interface Seen {
  readonly kind: string
  readonly message: ReceivedMessage
}

export type Member = Awaited<ReturnType<typeof memberNode>>
export type Mesh = Awaited<ReturnType<typeof mesh>>
export type Joined = Awaited<ReturnType<Mesh['project']>>
type Held = (kind: string) => boolean
const nothing: Held = () => false

async function memberNode(name: string, clock: TestClock) {
  const n = await queryNode({ clock, egressAllow: ['127.0.0.1'] }, [coordinatorModule, federationModule])
  const { node } = n.t.door
  const seen: Seen[] = []
  /** What the node says it knows of a kind, where that is something else than it does. */
  const versions = new Map<string, readonly number[]>()
  const watched = (kind: AnyMessageKind): AnyMessageKind => ({
    ...kind,
    get versions() {
      return versions.get(kind.kind) ?? kind.versions
    },
    run(ctx, message) {
      seen.push({ kind: kind.kind, message })
      return kind.run(ctx, message)
    },
  })
  declareMessageKinds(node, [federationModule, linkageModule, queryModule].flatMap(({ messageKinds = [] }) => messageKinds).map(watched))
  const held: { peer: string; message: string }[] = []

  function handleJobs(): { peer: string; message: string }[] {
    const jobs = n.t.enqueued.filter(({ queue }) => queue === handleQueue)
    for (const job of jobs) n.t.enqueued.splice(n.t.enqueued.indexOf(job), 1)
    return jobs.map(({ data }) => ({ peer: String(data.peer), message: String(data.message) }))
  }

  /** Messages that are whole are handled as the queue would do it, but for those that are held. */
  async function handleWaiting(hold: Held): Promise<number> {
    const jobs = [...held.splice(0), ...handleJobs()]
    let handled = 0
    // One that is handled may let the next of its thread be handled.
    for (let job = jobs.shift(); job !== undefined; jobs.push(...handleJobs()), job = jobs.shift()) {
      const asked = job
      const [row] = await n.within((tx) => tx.query<{ kind: string }>('SELECT kind FROM federation.received WHERE id = $1', [asked.message]))
      if (hold(row?.kind ?? '')) held.push(asked)
      else {
        const answer = await n.t.door.enter(handle, asked, systemPrincipal(n.t.tenant))
        if (answer.outcome !== 'done') throw new Error(`a message was not handled: ${answer.outcome}`)
        if (answer.output.outcome !== 'none') handled++
      }
    }
    return handled
  }
  /** One look into the mailbox. */
  async function poll(hold: Held = nothing): Promise<number> {
    await n.within((tx) => pollNow(tx, instantOf(clock.nowMs())))
    const { left, received, faults, errors } = await turn(node, n.t.tenant)
    if (faults > 0 || errors.length > 0) throw new Error(`${name}: ${faults} faults, ${errors.join('; ')}`)
    return left + received + (await handleWaiting(hold))
  }
  /** A message as if it came again, past all that keeps it from coming twice. */
  async function again({ kind, message }: Seen): Promise<void> {
    const known = [linkageModule, queryModule].flatMap(({ messageKinds = [] }) => messageKinds).find((one) => one.kind === kind) as AnyMessageKind
    const act = operation({
      name: 'query.again',
      summary: 'Handle a message',
      input: z.strictObject({}),
      output: z.strictObject({}),
      access: { action: 'use', on: () => ({ type: 'query_run' }) },
      audit: () => ({}),
      run: async (ctx) => (await known.run(ctx, message)) ?? {},
    })
    await n.t.door.enter(act, {}, systemPrincipal(n.t.tenant))
  }
  /** Runs that wait in the queue are carried out. */
  async function work(): Promise<string[]> {
    const runs = new Set(n.t.enqueued.flatMap(({ queue, data }) => (queue === runQueue ? [String(data.run)] : [])))
    for (let at = n.t.enqueued.length - 1; at >= 0; at--) if (n.t.enqueued[at]?.queue === runQueue) n.t.enqueued.splice(at, 1)
    const outcomes: string[] = []
    for (const run of runs) {
      const answer = await n.conduct(run)
      outcomes.push(answer.outcome === 'done' ? String(answer.output.outcome) : answer.outcome)
    }
    return outcomes
  }
  /** What this node compares for others, as their linkage unit. */
  async function compare(): Promise<string[]> {
    const jobs = n.t.enqueued.filter(({ queue }) => queue === unitQueue)
    for (const job of jobs) n.t.enqueued.splice(n.t.enqueued.indexOf(job), 1)
    const outcomes: string[] = []
    for (const { data } of jobs) {
      const answer = await n.t.door.enter(conductComparison, { peer: String(data.peer), run: String(data.run) }, systemPrincipal(n.t.tenant))
      outcomes.push(answer.outcome === 'done' ? answer.output.outcome : answer.outcome)
    }
    return outcomes
  }
  return { ...n, name, node, seen, versions, poll, again, work, compare, tidy: () => tidyParts.run(node) }
}

export async function mesh(...names: readonly string[]) {
  const clock = testClock()
  const { coordinator, origin, close: closeCoordinator } = await openCoordinator(clock)
  const nodes = new Map<string, Member>()
  const at = (name: string): Member => nodes.get(name) as Member
  const prints = new Map<string, string>()
  for (const name of names) {
    const member = await memberNode(name, clock)
    nodes.set(name, member)
    const { fingerprint } = await member.done<{ fingerprint: string }>(nameNode, { name, title: `Hospital ${name}`, mailbox: origin }, member.officer)
    prints.set(name, fingerprint)
    await turn(member.node, member.t.tenant)
    await coordinator.door.enter(admitNode, { node: name, fingerprint }, coordinator.principal({ roles: ['operator'] }))
  }
  for (const one of names) for (const other of names) if (one !== other) await meet(one, other)

  async function meet(one: string, other: string): Promise<void> {
    const { done, officer } = at(one)
    await done(proposePeer, { name: other }, officer)
    await done(approvePeer, { peer: other, fingerprint: prints.get(other) }, officer)
  }
  /** Everybody looks into their mailboxes until nothing moves any more. */
  async function deliver(hold: Held = nothing): Promise<void> {
    for (let round = 0; round < 20; round++) {
      let moved = 0
      for (const member of nodes.values()) moved += await member.poll(hold)
      if (moved === 0) return
    }
    throw new Error('messages do not come to rest')
  }
  const tidy = async () => {
    for (const member of nodes.values()) await member.tidy()
  }
  /** Until nobody has anything to do any more. */
  async function settle(hold: Held = nothing): Promise<void> {
    for (let round = 0; round < 12; round++) {
      await deliver(hold)
      const outcomes: string[] = []
      for (const member of nodes.values()) outcomes.push(...(await member.work()), ...(await member.compare()))
      await tidy()
      if (outcomes.length === 0 && round > 0) return
    }
    throw new Error('the mesh does not come to rest')
  }

  /**
   * A project of the first node that the others join, and whose analyst they approve and make an analyst there.
   * @param tables by the node, what its holders admit the project to
   */
  async function project(lead: string, tables: Readonly<Record<string, readonly string[]>>) {
    const asking = at(lead)
    const of = await asking.project(tables[lead] ?? [])
    const peers = Object.keys(tables).filter((name) => name !== lead)
    await asking.done(invitePeers, { project: of.project, peers }, asking.officer)
    await deliver()
    const locals = new Map<string, Awaited<ReturnType<QueryNode['project']>>>()
    for (const name of peers) {
      const local = await at(name).project(tables[name])
      locals.set(name, local)
      await at(name).done(joinProject, { peer: lead, foreign_project: of.project, project: local.project }, at(name).officer)
    }
    await asking.done(proposePerson, { project: of.project, user: of.analyst.id, peers }, asking.officer)
    await deliver()
    const there: Record<string, Awaited<ReturnType<QueryNode['project']>> & { readonly person: Id<'user'>; readonly membership: string }> = {}
    for (const [name, local] of locals) {
      const { done, officer } = at(name)
      const { persons } = await done<{ persons: { id: string; foreign_project: string }[] }>(meshProjects, {}, officer)
      const proposed = persons.find(({ foreign_project }) => foreign_project === of.project)
      const { user } = await done<{ user: Id<'user'> }>(approvePerson, { person: proposed?.id }, officer)
      const { id } = await done<{ id: string }>(addMember, { project: local.project, kind: 'user', holder: user, role: 'project_analyst' }, officer)
      there[name] = { ...local, person: user, membership: id }
    }
    for (const node of Object.keys(there)) await asking.done(askCatalogue, { project: of.project, node }, of.analyst)
    await deliver()
    return { ...of, there }
  }
  async function close(): Promise<void> {
    for (const { t } of nodes.values()) await t.close()
    await closeCoordinator()
  }
  return { at, clock, prints, coordinator, deliver, tidy, settle, project, close }
}

/** One bit of an object is another. */
export async function spoil({ t: { blobs } }: Member, name: string): Promise<void> {
  const parts: Uint8Array[] = []
  for await (const part of (await blobs.get(name)) ?? []) parts.push(part)
  const bytes = Buffer.concat(parts)
  bytes[100] = (bytes[100] as number) ^ 1
  await blobs.put(
    name,
    (async function* () {
      yield bytes
    })(),
  )
}

/** Patients of the node that asks, stays of another. */
export const acrossPlan = (node: string, more: Partial<QueryPlanInput> = {}): QueryPlanInput => ({
  ...hospitalPlan,
  sources: [
    { as: 'patients', table: 'hospital.patients' },
    { as: 'stays', table: `${node}/hospital.stays` },
  ],
  ...more,
})
