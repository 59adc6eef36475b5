import { relative } from 'node:path'
import type { Command } from 'commander'
import { openHospital } from '../demo/plan/hospital.ts'
import { tellPlan } from '../demo/plan/tell.ts'
import { beginStory } from '../demo/story.ts'
import { startTemporaryNode } from '../node/temporary.ts'
import { openStep } from '../terminal/progress.ts'
import { act, wholeNumber } from './act.ts'

interface Options {
  readonly patients: number
  readonly to: string
}

/** Whatever must be undone at the end, last first. */
type Undo = (() => Promise<unknown>)[]

export function addDemoPlan(demo: Command): void {
  demo
    .command('plan')
    .description('the story of a query plan: two sources, linked, treated, approved, reviewed, released, proven')
    .option('--patients <number>', 'how many patients the hospital has', wholeNumber, 2_000)
    .option('--to <folder>', 'where the result and the proof go', 'gatehouse-demo-plan')
    .action(
      act(async ({ out }, { patients, to: folder }: Options) => {
        const story = beginStory(out)
        const undo: Undo = []
        const interrupted = new AbortController()
        const interrupt = () => interrupted.abort(new Error('Interrupted; nothing of the hospital and its node is left.'))
        process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
        const began = performance.now()
        try {
          story.step('A hospital and a node')
          const progress = openStep(!out.json)
          const hospital = await openHospital(patients, progress.tell)
          undo.push(hospital.stop)
          // A node connects to nothing that it was not told of by name.
          const node = await startTemporaryNode(progress.tell, interrupted.signal, { GATEHOUSE_EGRESS_ALLOW: hospital.host }).finally(progress.end)
          undo.push(node.stop)
          story.claim(
            `A hospital of ${patients} patients with a PostgreSQL of its own, and a node at ${node.connection.credential.origin}, for the story alone.`,
            true,
          )
          const figures = await Promise.race([tellPlan(story, node.connection, hospital, folder), aborted(interrupted.signal)])
          const seconds = (performance.now() - began) / 1_000
          out.say()
          out.say(out.style.bold(`Done in ${seconds.toFixed(0)} s; every claim above was checked. What to try next:`))
          out.say(`   gatehouse-verify log ${relative('.', figures.evidence.log)} --key ${relative('.', figures.evidence.keys)}    the proof still stands`)
          out.say('   npm start                                       a node that stays; then open the portal')
          out.say('   docs/how-to/make-a-query-plan.md                the same with sources of your own')
          out.result({ ok: true, seconds, patients, ...figures, claims: story.claims })
        } catch (error) {
          if (!interrupted.signal.aborted) out.result({ ok: false, error: (error as Error).message, claims: story.claims })
          throw interrupted.signal.aborted ? error : new Error((error as Error).message, { cause: error })
        } finally {
          for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step().catch(() => {})
          process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
          if (interrupted.signal.aborted) process.exit(130)
        }
      }),
    )
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))
}
