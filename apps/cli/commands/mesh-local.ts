/** A mesh on this machine: to look at, and as a story. */
import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { beginStory } from '../demo/story.ts'
import { administrator, newPassword } from '../mesh/account.ts'
import { hospitalsMax } from '../mesh/hospitals.ts'
import { type Member, type Mesh, openMesh } from '../mesh/open.ts'
import { planOf, showCatalogues } from '../mesh/plan.ts'
import { type Joined, joinedProject } from '../mesh/project.ts'
import { tellMesh } from '../mesh/tell.ts'
import { openStep } from '../terminal/progress.ts'
import { act, type Cli, wholeNumber } from './act.ts'

interface Options {
  readonly nodes?: number
  readonly people: number
}

export function addLocalMesh(mesh: Command): void {
  mesh
    .option('--nodes <number>', `how many hospitals beside a coordinator on this machine, 2 to ${hospitalsMax}; alone, they live until Ctrl-C`, wholeNumber)
    .option('--people <number>', 'how many people they know', wholeNumber, 600)
    .action(
      act(async (cli, { nodes, people }: Options) => {
        if (nodes === undefined) throw new Error('Say what: --nodes 3, or one of the commands that --help lists.')
        await withMesh(cli, nodes, people, async (opened, signal) => {
          const password = newPassword()
          const joined = await joinedProject(opened, signal, password)
          const accounts = await Promise.all(opened.members.map(async (member) => ({ ...(await administrator(member)), member })))
          const plan = await readyPlan(opened, joined, signal)
          const shown = accounts.map(({ member: { hospital, connection }, email, password }) => ({
            node: hospital.name,
            portal: `${connection.credential.origin}/exchange/mesh`,
            email,
            password,
            project: joined.there.get(hospital.name)?.project ?? joined.project,
          }))
          cli.out.say(`A coordinator at ${opened.coordinator.credential.origin} and ${shown.length} hospitals, joined in one project.`)
          cli.out.table(
            ['node', 'portal', 'e-mail', 'password'],
            shown.map(({ node, portal, email, password }) => [node, portal, email, password]),
          )
          cli.out.say(`A plan over all of them is ready for Ana Analyst (${plan.email}, ${password}): ${plan.page}`)
          cli.out.say('They live until Ctrl-C, and leave nothing behind.')
          cli.out.result({ coordinator: opened.coordinator.credential.origin, nodes: shown, plan: { ...plan, password } })
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))
        })
      }),
    )
  addMeshDemo(mesh)
}

/** A plan that the analyst, whom all of them have approved, only has to run to watch it travel. */
async function readyPlan(
  { members }: Mesh,
  joined: Joined,
  signal: AbortSignal,
): Promise<{ readonly id: string; readonly page: string; readonly email: string }> {
  const [first, ...others] = members as [Member, ...Member[]]
  const peers = others.map(({ hospital }) => hospital.name)
  await showCatalogues(joined, peers, signal)
  const { project, analyst } = joined
  const at = { params: { path: { project } } }
  const { id } = must(await analyst.client.POST('/v1/projects/{project}/query-plans', { ...at, body: { document: planOf(peers) } }))
  return { id, page: `${first.connection.credential.origin}/exchange/plans/${id}?project=${project}`, email: `ana.analyst@${first.hospital.name}.example.org` }
}

function addMeshDemo(mesh: Command): void {
  mesh
    .command('demo')
    .description('the story of a query across hospitals: linked, treated, reviewed, and refused where one of them says no')
    // They are the mesh's: an option belongs to whoever knows it first.
    .configureHelp({ showGlobalOptions: true })
    .action(
      act(async (cli) => {
        const { nodes = 3, people } = mesh.opts<Options>()
        const story = beginStory(cli.out)
        const began = performance.now()
        try {
          await withMesh(cli, nodes, people, async (opened, signal) => {
            const figures = await tellMesh(story, opened, people, signal)
            const seconds = (performance.now() - began) / 1_000
            cli.out.say()
            cli.out.say(cli.out.style.bold(`Done in ${seconds.toFixed(0)} s; every claim above was checked. What to try next:`))
            cli.out.say('   gatehouse mesh --nodes 3                        the same mesh to look at in the portal')
            cli.out.result({ ok: true, seconds, nodes, people, ...figures, claims: story.claims })
          })
        } catch (error) {
          cli.out.result({ ok: false, error: (error as Error).message, claims: story.claims })
          throw error
        }
      }),
    )
}

/** Whatever comes, nothing that was started is left. */
export async function withMesh({ out }: Cli, nodes: number, people: number, act: (mesh: Mesh, signal: AbortSignal) => Promise<void>): Promise<void> {
  if (nodes < 2 || nodes > hospitalsMax) throw new Error(`A mesh on one machine has 2 to ${hospitalsMax} hospitals.`)
  const interrupted = new AbortController()
  const interrupt = () => interrupted.abort(new Error('Ended; nothing of the mesh is left.'))
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  let mesh: Mesh | undefined
  try {
    const progress = openStep(!out.json)
    mesh = await openMesh({ nodes, people, signal: interrupted.signal, tell: progress.tell }).finally(progress.end)
    await act(mesh, interrupted.signal)
  } catch (error) {
    if (!interrupted.signal.aborted) throw error
  } finally {
    await mesh?.stop()
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
  if (interrupted.signal.aborted) process.exit(130)
}
