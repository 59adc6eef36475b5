/** Nodes and databases that are killed at random moments while people use them, and what the log has to say afterwards. */
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Cluster, type SocketConnection, startCluster } from '@gatehouse/runtime/data/postgres/cluster'
import { must } from '@gatehouse/sdk/client'
import { inspect, urlOf } from './database.ts'
import { homeBeside, type NodeProcess, startNode, until } from './node.ts'
import { arrange, authorize, type Scenario } from './scenario.ts'

const callers = 4
const lookMs = 15
/** A machine that is short of everything is no fault of the log. */
const patienceMs = 600_000

/** What people outside hold in their hands, whatever became of the node. */
export interface Witnessed {
  /** Entries of acts that were answered. */
  readonly acknowledged: Set<string>
  /** The three lines of every checkpoint that was shown. */
  readonly shown: Set<string>
  /** Answers that a dying node should not have given. */
  readonly odd: Set<number>
}

export const nothingWitnessed = (): Witnessed => ({ acknowledged: new Set(), shown: new Set(), odd: new Set() })

/** Two processes that sequence one log, in a PostgreSQL that really syncs, used by a partner and watched by an outsider. */
export interface Pair {
  readonly nodes: [NodeProcess, NodeProcess]
  readonly scene: Scenario
  readonly seen: Witnessed
  superuser(): SocketConnection
  /** `undefined` kills the database; what was killed is up again afterwards. */
  kill(which: 0 | 1 | undefined): Promise<void>
  /** A process on another database of the same server, with the keys and the store of heads of the pair. */
  beside(database: string): Promise<NodeProcess>
  /** Somebody uses these nodes as long as `during` lasts. */
  use(nodes: readonly NodeProcess[], during: () => Promise<unknown>): Promise<void>
  remove(): Promise<void>
}

export async function startPair(): Promise<Pair> {
  const instanceDir = await mkdtemp(join(tmpdir(), 'gatehouse-killed-'))
  let cluster: Cluster = await startCluster({ instanceDir, searchPath: process.env.PATH })
  const first = await startNode({ environment: { DATABASE_URL: urlOf(cluster.connection) }, limitMs: patienceMs })
  const environment = { DATABASE_URL: urlOf(cluster.connection), GATEHOUSE_HEADS: join(first.home, 'heads') }
  // The operator's key is the one of the process that started last.
  const second = await startNode({ home: await homeBeside(first), environment, limitMs: patienceMs })
  const started = [first, second]
  const scene = await arrange(second)
  must(await second.operator.PATCH('/v1/ledger/settings', { body: { publish_log: true } }))
  const log = (await standing(second)).origin.split('/')[1] ?? ''
  const nodes: [NodeProcess, NodeProcess] = [first, second]
  const seen = nothingWitnessed()
  const start = async (home: string, more: Readonly<Record<string, string>> = {}) => {
    const node = await startNode({ home, environment: { ...environment, ...more }, limitMs: patienceMs })
    started.push(node)
    return node
  }
  return {
    nodes,
    scene,
    seen,
    superuser: () => ({ ...cluster.superuser, database: cluster.connection.database }),
    async kill(which) {
      if (which === undefined) {
        process.kill(cluster.pid, 'SIGKILL')
        cluster = await startCluster({ instanceDir, searchPath: process.env.PATH })
      } else {
        await nodes[which].kill()
        nodes[which] = await start(nodes[which].home)
      }
    },
    async beside(database) {
      return start(await homeBeside(first), { DATABASE_URL: urlOf({ ...cluster.connection, database }) })
    },
    use: (used, during) => inUse(used, scene, log, seen, during),
    async remove() {
      for (const node of started.reverse()) await node.remove()
      await cluster.stop()
      await rm(instanceDir, { recursive: true, force: true })
    },
  }
}

export const standing = async (node: NodeProcess) => must(await node.operator.GET('/v1/ledger/standing', {}))
export const settled = (node: NodeProcess) => until(async () => (await standing(node)).waiting === 0, patienceMs)

async function inUse(nodes: readonly NodeProcess[], { partner }: Scenario, log: string, seen: Witnessed, during: () => Promise<unknown>): Promise<void> {
  let open = true
  const call = async (node: NodeProcess) => {
    const { status, body } = await authorize(node, partner, 'C1')
    if (status === 200) seen.acknowledged.add(body.decision_id)
    else if (status === 503) await pause(lookMs)
    else seen.odd.add(status)
  }
  const look = async (node: NodeProcess) => {
    const answer = await fetch(`${node.origin}/logs/${log}/checkpoint`)
    const [text] = (await answer.text()).split('\n\n')
    if (answer.ok && text !== undefined) seen.shown.add(text)
    await pause(lookMs)
  }
  const again = async (act: (node: NodeProcess) => Promise<void>, node: NodeProcess) => {
    // Whose node is dead waits a little, or it would only count refused connections.
    while (open) await act(node).catch(() => pause(lookMs))
  }
  const all = nodes.flatMap((node) => [...Array.from({ length: callers }, () => again(call, node)), again(look, node)])
  try {
    await during()
  } finally {
    open = false
    await Promise.all(all)
  }
}

/** Kills at so many random moments; every fourth time a node, else the database. @returns after all is up again and everything has its place */
export async function killAtRandom({ nodes, use, kill, seen }: Pair, points: number, msMax: number): Promise<void> {
  for (let point = 0; point < points; point++) {
    const which = point % 4 === 3 ? (randomInt(2) as 0 | 1) : undefined
    await use(nodes, async () => {
      await pause(randomInt(msMax))
      await kill(which)
    })
    if (point % 20 === 19) console.log(`${point + 1} points: ${seen.acknowledged.size} entries acknowledged, ${seen.shown.size} checkpoints shown`)
  }
}

interface Contradictions {
  readonly lost: readonly string[]
  readonly gaps: number
  readonly doubles: number
  readonly contradicted: readonly string[]
  readonly odd: readonly number[]
}

export const nothingContradicted: Contradictions = { lost: [], gaps: 0, doubles: 0, contradicted: [], odd: [] }

/** Holds what the databases keep against what was seen outside: no acknowledged entry lost, no gap, no two roots of one size. */
export async function contradictions(databases: readonly SocketConnection[], seen: Witnessed): Promise<Contradictions> {
  const placed = new Set<string>()
  const roots = new Map<string, Set<string>>()
  const signed = new Set<string>()
  const note = (text: string) => {
    const [origin, size, root] = text.split('\n')
    roots.set(`${origin} ${size}`, (roots.get(`${origin} ${size}`) ?? new Set()).add(root ?? ''))
  }
  let gaps = 0
  let doubles = 0
  for (const database of databases) {
    for (const { id } of await inspect<{ id: string }>(database, 'SELECT entry_id AS id FROM ledger.position')) placed.add(id)
    const [log] = await inspect<{ gaps: number; doubles: number }>(
      database,
      `SELECT (SELECT count(*)::int FROM (SELECT max(index) + 1 - count(*) AS gap FROM ledger.position GROUP BY tenant_id) g WHERE gap <> 0) AS gaps,
        (SELECT count(*)::int FROM (SELECT FROM ledger.checkpoint GROUP BY tenant_id, size HAVING count(*) > 1) d) AS doubles`,
    )
    gaps += log?.gaps ?? 0
    doubles += log?.doubles ?? 0
    for (const { text } of await inspect<{ text: string }>(database, `SELECT split_part(note, E'\\n\\n', 1) AS text FROM ledger.checkpoint`)) {
      signed.add(text)
      note(text)
    }
  }
  for (const text of seen.shown) note(text)
  return {
    lost: [...seen.acknowledged].filter((id) => !placed.has(id)),
    gaps,
    doubles,
    contradicted: [...[...roots].flatMap(([of, found]) => (found.size > 1 ? [of] : [])), ...[...seen.shown].filter((text) => !signed.has(text))],
    odd: [...seen.odd],
  }
}
