/** The story of a query across hospitals, told step by step and held to its word. */
import { must } from '@gatehouse/sdk/client'
import { type Run, readRun, startRun } from '../commands/run.ts'
import { vote } from '../demo/plan/ask.ts'
import type { Story } from '../demo/story.ts'
import { count } from '../terminal/output.ts'
import { inAllOf } from './hospitals.ts'
import type { Mesh } from './open.ts'
import { planOf, showCatalogues, smallestClass } from './plan.ts'
import { type Joined, joinedProject } from './project.ts'
import { until } from './until.ts'

interface Scene {
  readonly story: Story
  readonly mesh: Mesh
  readonly joined: Joined
  readonly peers: readonly string[]
  readonly people: number
  readonly signal: AbortSignal
}

export async function tellMesh(story: Story, mesh: Mesh, people: number, signal: AbortSignal) {
  const peers = mesh.members.slice(1).map(({ hospital }) => hospital.name)
  await showMesh(story, mesh)
  story.step('A project of several')
  const joined = await joinedProject(mesh, signal)
  story.claim(`The others joined, each with a project of its own, and approved ${joined.analyst.name}.`, joined.there.size === peers.length)
  story.tell('What is done there in that name is done by an account without a way to sign in, by the rules of the house it is done in.')
  const scene: Scene = { story, mesh, joined, peers, people, signal }
  await askCatalogues(scene)
  const plan = await makePlan(scene)
  const run = await follow(scene, plan)
  const result = await release(scene, run)
  const refused = await leave(scene, plan)
  return { project: joined.project, plan, run: run.id, result, refused }
}

async function showMesh(story: Story, { coordinator, members }: Mesh): Promise<void> {
  story.step('A mesh on this machine')
  for (const { hospital, connection } of members) {
    const map = must(await connection.client.GET('/v1/mesh/map'))
    const approved = map.peers.filter(({ state }) => state === 'approved').length
    story.claim(`${hospital.title} knows ${approved} others by the fingerprints of their keys.`, approved === members.length - 1, String(approved))
  }
  const { data } = must(await coordinator.client.GET('/v1/coordinator/nodes'))
  story.table(
    ['node', 'at the coordinator', 'last asked'],
    data.map(({ name, state, last_poll_at }) => [name, state, last_poll_at ?? '']),
  )
  story.claim(
    'The coordinator carries their messages. It has names, sizes and times, and no key that opens one.',
    data.every(({ state }) => state === 'admitted'),
  )
}

async function askCatalogues({ story, joined, peers, signal }: Scene): Promise<void> {
  story.step('What the others have')
  for (const { node, tables, refused } of await showCatalogues(joined, peers, signal))
    story.claim(`${node} shows the ${tables} tables that its own project is admitted to.`, refused === null && tables === 2, `${tables} ${refused ?? ''}`)
}

async function makePlan({ story, joined: { project, analyst }, peers }: Scene): Promise<string> {
  story.step('A plan across them')
  const document = planOf(peers)
  const at = { params: { path: { project } } }
  const checked = must(await analyst.client.POST('/v1/projects/{project}/query-plans/validate', { ...at, body: { document } }))
  story.claim(`${analyst.name} writes one document over ${peers.length + 1} hospitals; it holds together.`, checked.valid, JSON.stringify(checked.errors))
  return must(await analyst.client.POST('/v1/projects/{project}/query-plans', { ...at, body: { document } })).id
}

const underWay = new Set<Run['state']>(['queued', 'checking', 'waiting', 'waiting_for_node', 'running', 'treating', 'disclosure_control'])

/** Tells each word of each node as it comes. */
async function travel({ story, joined: { project, analyst }, signal }: Scene, plan: string): Promise<Run> {
  const begun = await startRun(analyst.client, project, plan, 1)
  const told = new Map<string, string>()
  let run = await readRun(analyst.client, project, begun.id)
  await until(
    async () => {
      run = await readRun(analyst.client, project, begun.id)
      for (const { node, state, reason } of run.nodes) {
        if (told.get(node) === state) continue
        told.set(node, state)
        story.tell(`${node.padEnd(12)} ${state}${reason === null ? '' : ` (${reason})`}`)
      }
      return !underWay.has(run.state)
    },
    'the run has not ended',
    signal,
  )
  return run
}

async function follow(scene: Scene, plan: string): Promise<Run> {
  const { story, peers, people } = scene
  story.step('The run travels')
  const run = await travel(scene, plan)
  story.claim(
    'Every node has carried out its part by its own rules, and answered.',
    run.nodes.every(({ state }) => state === 'answered'),
    run.detail ?? run.state,
  )
  story.claim('It ends held: nothing has left.', run.state === 'held_for_review', `${run.state} ${run.detail ?? ''}`)
  const linked = run.steps.find(({ kind }) => kind === 'link')?.rows_out ?? 0
  const expected = inAllOf(
    peers.map((_, at) => at + 1),
    people,
  )
  story.claim(
    `${count(linked)} people were found in all of them, by tokens: no number of a patient left its house.`,
    Math.abs(linked - expected) <= 5,
    String(linked),
  )
  story.claim(
    `Joined, it was treated again: the highest risk that a row is recognised is ${(100 * (run.risk_after?.prosecutor_highest ?? 1)).toFixed(0)} %.`,
    (run.risk_after?.prosecutor_highest ?? 1) <= 1 / smallestClass,
  )
  return run
}

async function release({ story, joined: { project, analyst, owners } }: Scene, run: Run): Promise<string> {
  story.step('Two look at it')
  const result = run.result ?? ''
  const first = await vote(owners[0], run.review ?? '')
  story.claim(`${owners[0].name} agrees; one is not enough.`, first !== 'approved', first)
  const second = await vote(owners[1], run.review ?? '')
  story.claim(`${owners[1].name} agrees too, and it is released.`, second === 'approved', second)
  const page = must(await analyst.client.GET('/v1/projects/{project}/results/{result}/rows', { params: { path: { project, result }, query: { limit: 3 } } }))
  story.table(
    page.columns,
    page.data.map((row) => page.columns.map((column) => row[column])),
  )
  return result
}

/** One hospital takes the person out of its project, and the next run has nothing from it. */
async function leave(scene: Scene, plan: string): Promise<string> {
  const { story, mesh, joined, peers } = scene
  story.step('Each is its own master')
  const peer = peers[0] as string
  const { connection, hospital } = mesh.members[1] as Mesh['members'][number]
  const { project, user } = joined.there.get(peer) as { project: string; user: string }
  const { members } = must(await connection.client.GET('/v1/projects/{project}', { params: { path: { project } } }))
  const member = members.find(({ holder }) => holder === user)?.id ?? ''
  must(await connection.client.DELETE('/v1/projects/{project}/members/{member}', { params: { path: { project, member } } }))
  story.tell(`${hospital.title} takes ${joined.analyst.name} out of its project.`)
  const run = await travel(scene, plan)
  const part = run.nodes.find(({ node }) => node === peer)
  story.claim(
    `The next run gets nothing from it, and says so: ${run.reason ?? run.state}.`,
    part?.state === 'refused' && run.state !== 'held_for_review',
    `${run.state} ${part?.state ?? ''}`,
  )
  return run.reason ?? run.state
}
