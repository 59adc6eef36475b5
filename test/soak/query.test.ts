/** A node that is killed (kill -9) in the midst of runs: each goes on in the next process and ends held, once, with nothing left between. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type GatehouseClient, must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Run, readRun, startRun } from '../../apps/cli/commands/run.ts'
import { approvePlan, makePlan } from '../../apps/cli/demo/plan/ask.ts'
import { type Hospital, openHospital } from '../../apps/cli/demo/plan/hospital.ts'
import { beginProject, connectSources, inviteTeam } from '../../apps/cli/demo/plan/prepare.ts'
import { beginStory } from '../../apps/cli/demo/story.ts'
import { connect } from '../../apps/cli/node/connection.ts'
import { openOutput } from '../../apps/cli/terminal/output.ts'
import { freePort, type NodeProcess, startNode } from '../e2e/node.ts'

const patients = 20_000
const limitMs = 300_000
/** In the order in which a run comes to them. */
const states = ['queued', 'checking', 'running', 'treating', 'disclosure_control', 'held_for_review'] as const

let hospital: Hospital
let node: NodeProcess
let port: number
let who: GatehouseClient
let project: string
let plan: string
// Where it was before, so that whoever is signed in stays so.
const environment = () => ({ GATEHOUSE_EGRESS_ALLOW: hospital.host, GATEHOUSE_PORT: String(port) })

beforeAll(async () => {
  hospital = await openHospital(patients, () => {})
  port = await freePort()
  node = await startNode({ environment: environment() })
  const connection = await connect(node.home)
  const story = beginStory(openOutput(true))
  const tables = await connectSources(story, connection, hospital, 'soak')
  const team = await inviteTeam(story, connection, 'soak')
  project = await beginProject(story, connection, team, tables)
  const scene = { story, connection, team, project, tables, patients }
  plan = await makePlan(scene)
  await approvePlan(scene, plan)
  who = team.analyst.client
}, limitMs)
afterAll(async () => {
  await node?.remove()
  await hospital?.stop()
}, 60_000)

async function until(run: string, reached: (state: Run['state']) => boolean, everyMs: number): Promise<Run> {
  for (;;) {
    const found = await readRun(who, project, run)
    if (reached(found.state)) return found
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
const place = (state: Run['state']): number => (states as readonly string[]).indexOf(state)

const scratchOf = (run: string): string[] =>
  readdirSync(join(node.home, 'blobs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.startsWith('scratch/') && name.includes(run))

it.each(['queued', 'checking', 'running', 'treating', 'disclosure_control'] as const)(
  'killed while it is %s, a run ends held, with one result and nothing left between',
  async (state) => {
    const begun = await startRun(who, project, plan, 1)
    await until(begun.id, (now) => place(now) >= place(state), 5)
    await node.kill()
    node = await startNode({ home: node.home, environment: environment() })
    const ended = await until(begun.id, (now) => !['queued', 'checking', 'waiting', 'running', 'treating', 'disclosure_control'].includes(now), 200)
    expect(ended).toMatchObject({ state: 'held_for_review', reason: null })
    const { data } = must(await who.GET('/v1/projects/{project}/results', { params: { path: { project }, query: { limit: 100 } } }))
    expect(data.filter(({ run }) => run === begun.id)).toHaveLength(1)
    // Killed behind the last commit it leaves noise, whose key is gone already; the night sweeps it.
    if (state !== 'disclosure_control') await expect.poll(() => scratchOf(begun.id), { timeout: 5_000 }).toEqual([])
  },
  limitMs,
)
