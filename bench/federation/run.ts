/**
 * What a run over three nodes costs beside the three alone and the join. Alone and the join: an ordinary run over the same three tables on
 * one node, which reads, digests, links, treats and holds them, and beside it the two other nodes bring their rows to their floors; none of
 * it by a message. Across: a run over the three nodes, from the question to the held result, with every message signed, sealed and left at
 * a coordinator on a socket. CPU is that of the process with all its threads, in which the three nodes and the coordinator are.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { tableByReference } from '@gatehouse/modules/custody/catalog/index'
import { executorFor } from '@gatehouse/modules/exchange/query/executor/index'
import { type Member, type Mesh, mesh } from '@gatehouse/modules/exchange/query/parts/testing/mesh'
import { planTables } from '@gatehouse/modules/exchange/query/tables'
import { removeMember } from '@gatehouse/modules/governance/projects/members'
import { parsePlan } from '@gatehouse/query/plan/parse'
import type { QueryPlanInput } from '@gatehouse/query/plan/schema'
import { partSteps } from '@gatehouse/query/steps/plan-steps'
import type { StepSpec } from '@gatehouse/query/steps/step'
import { median } from '../report.ts'

const rowsEach = 300_000
const rounds = 2
const floor = 10
const signal = new AbortController().signal

const towns = ['York', 'Leeds', 'Hull', 'Ripon', 'Selby', 'Whitby', 'Skipton', 'Malton']
const illnesses = ['asthma', 'gout', 'migraine', 'eczema', 'anaemia', 'diabetes', 'angina']
const csv = (header: string, line: (n: number) => string): string => `${header}\n${Array.from({ length: rowsEach }, (_, n) => line(n)).join('\n')}\n`

/** By node: its table, and what its columns are. Two thirds of the people of one are known to the next. */
const tables = {
  york: {
    name: 'people',
    csv: () => csv('number,birth_year,town', (n) => `P${n},${1930 + (n % 70)},${towns[(n >> 3) % towns.length]}`),
    columns: [
      { name: 'number', identifier_role: 'subject' },
      { name: 'birth_year', identifier_role: 'quasi' },
      { name: 'town', identifier_role: 'quasi' },
    ],
  },
  leeds: {
    name: 'episodes',
    csv: () => csv('number,diagnosis,ward', (n) => `P${n + rowsEach / 3},${illnesses[(n * 7) % illnesses.length]},W${n % 9}`),
    columns: [
      { name: 'number', identifier_role: 'subject' },
      { name: 'diagnosis', identifier_role: 'sensitive' },
      { name: 'ward', identifier_role: 'quasi' },
    ],
  },
  hull: {
    name: 'labs',
    csv: () => csv('number,glucose,clinic', (n) => `P${n + rowsEach / 6},${4 + (n % 60) / 10},C${n % 12}`),
    columns: [
      { name: 'number', identifier_role: 'subject' },
      { name: 'glucose', identifier_role: 'sensitive' },
      { name: 'clinic', identifier_role: 'quasi' },
    ],
  },
}
type Name = keyof typeof tables
const names = Object.keys(tables) as Name[]
const [lead] = names as [Name]
const reference = (name: Name): string => `hospital.${tables[name].name}`

const plan: QueryPlanInput = {
  version: 1,
  form: 'anonymised',
  sources: names.map((name) => ({ as: name, table: name === lead ? reference(name) : `${name}/${reference(name)}` })),
  elements: [
    { name: 'birth_year', source: 'york', column: 'birth_year', role: 'quasi', type: 'integer', hierarchy: { kind: 'interval', widths: [5, 10, 20] } },
    { name: 'town', source: 'york', column: 'town', role: 'quasi' },
    { name: 'diagnosis', source: 'leeds', column: 'diagnosis', role: 'sensitive' },
    { name: 'ward', source: 'leeds', column: 'ward', role: 'quasi' },
    { name: 'glucose', source: 'hull', column: 'glucose', role: 'sensitive', type: 'number' },
    { name: 'clinic', source: 'hull', column: 'clinic', role: 'quasi' },
  ],
  linkage: {
    keys: [{ name: 'number', form: 'identifier', columns: { york: 'number', leeds: 'number', hull: 'number' } }],
    method: { kind: 'deterministic', passes: [['number']] },
    keep: 'linked',
  },
  treatment: { models: [{ model: 'k_anonymity', k: 5 }], suppression_limit: 0.2 },
  output: { title: 'Three hospitals', formats: ['json'] },
}

async function cpuSeconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

export interface RunCost {
  readonly alone: number
  /** Of that, what bringing rows to the floors of two nodes takes. */
  readonly floors: number
  readonly across: number
  readonly result: string
  /** Seconds from the next look into the mailbox after a membership was revoked until no node works for the run any more; the worst. */
  readonly revoked: number
}

/** CPU seconds of both, the median of a few rounds; the first of each warms up and is not counted. */
export async function measureRun(): Promise<RunCost> {
  const m = await mesh(...names)
  try {
    const york = m.at(lead)
    for (const name of names) {
      for (const member of new Set([york, m.at(name)])) await member.say(await member.upload(tables[name].name, tables[name].csv()), tables[name].columns)
    }
    const of = await m.project(lead, Object.fromEntries(names.map((name) => [name, name === lead ? names.map(reference) : [reference(name)]])))
    const [there, here] = [await york.plan(of, plan), await york.plan(of, { ...plan, sources: names.map((name) => ({ as: name, table: reference(name) })) })]
    const parts = [await extracted(m.at('leeds'), 'leeds'), await extracted(m.at('hull'), 'hull')]
    const [alone, floors, across]: [number[], number[], number[]] = [[], [], []]
    let result = ''
    for (let round = 0; round <= rounds; round++) {
      const protecting = await cpuSeconds(async () => {
        for (const part of parts) await part.protect()
      })
      const running = await cpuSeconds(async () => {
        const run = await york.start(of, here)
        await york.work()
        if ((await york.look(of, run.id)).state !== 'held_for_review') throw new Error('the run on one node is not held')
      })
      const both = await cpuSeconds(async () => {
        const run = await york.start(of, there)
        await york.work()
        // Each looks into its mailbox when there is something in it: what looking for nothing costs is measured elsewhere.
        await york.poll()
        for (const name of names.slice(1)) {
          await m.at(name).poll()
          await m.at(name).work()
          await m.at(name).poll()
        }
        await york.poll()
        await york.work()
        result = (await york.look(of, run.id)).state
        if (result !== 'held_for_review') throw new Error(`the run across is ${result}`)
      })
      await m.settle()
      if (round === 0) continue
      floors.push(protecting)
      alone.push(protecting + running)
      across.push(both)
    }
    for (const part of parts) await part.close()
    const revoked: number[] = []
    for (let round = 0; round < rounds; round++) revoked.push(await revokedSeconds(m))
    return { alone: median(alone), floors: median(floors), across: median(across), result, revoked: Math.max(...revoked) }
  } finally {
    await m.close()
  }
}

/** While both other nodes work, the analyst's membership is revoked at the node that asked. */
async function revokedSeconds(m: Mesh): Promise<number> {
  const york = m.at(lead)
  const peers = names.slice(1).map((name) => m.at(name))
  const of = await m.project(lead, Object.fromEntries(names.map((name) => [name, [reference(name)]])))
  await york.start(of, await york.plan(of, plan))
  await york.work()
  await york.poll()
  for (const peer of peers) await peer.poll()
  const working = Promise.all(peers.map((peer) => peer.work()))
  await pause(300)
  await york.done(removeMember, { project: of.project, member: of.members[1] }, york.officer)
  await york.tidy()
  await york.work()
  await york.tidy()
  await york.poll()
  const polled = performance.now()
  for (const peer of peers) await peer.poll()
  const outcomes = (await working).flat()
  const seconds = (performance.now() - polled) / 1000
  if (outcomes.includes('made')) throw new Error('a node had done its part before the membership was revoked')
  await m.settle()
  return seconds
}

const secrets = { person: new Uint8Array(32).fill(7), mask: new Uint8Array(32).fill(3) }

/** A node's rows with their digests, which it may bring to its floor as often as it is asked. */
async function extracted({ t, within }: Member, name: Name) {
  const table = await within((tx) => tableByReference(tx, reference(name)))
  if (table === undefined) throw new Error(`no ${reference(name)}`)
  const read = parsePlan({ ...plan, sources: names.map((one) => ({ as: one, table: reference(one) })) })
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  const of = new Map([[name as string, table]])
  const [extract, protect] = partSteps(read.value, planTables(of), { sources: [name], floor, untreated: false }) as [StepSpec, StepSpec]
  const key = t.door.node.keys.primitives.randomBytes(32)
  const executor = executorFor(t.door.node, { tenant: t.tenant, run: crypto.randomUUID(), key, targets: new Map(), tables: of, secrets })
  const made = await executor.run(extract, [], { signal })
  return {
    // What is there is not made again, so each time it has a name of its own.
    protect: () => executor.run({ ...protect, id: `${protect.id}:${crypto.randomUUID()}` }, [made.manifest], { signal }),
    close: () => executor.close(),
  }
}
