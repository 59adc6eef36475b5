/** The story of a query plan, from two sources to a file that somebody takes away. */
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import type { Connection } from '../../node/connection.ts'
import type { Story } from '../story.ts'
import { approvePlan, makePlan, releaseResult, runPlan, type Scene, takeAway } from './ask.ts'
import type { Hospital } from './hospital.ts'
import { beginProject, connectSources, inviteTeam } from './prepare.ts'
import { proveIt } from './prove.ts'

export async function tellPlan(story: Story, connection: Connection, hospital: Hospital, out: string) {
  const suffix = randomBytes(3).toString('hex')
  const tables = await connectSources(story, connection, hospital, suffix)
  const team = await inviteTeam(story, connection, suffix)
  const project = await beginProject(story, connection, team, tables)
  const scene: Scene = { story, connection, team, project, tables, patients: hospital.patients }
  const plan = await makePlan(scene)
  await approvePlan(scene, plan)
  const run = await runPlan(scene, plan)
  const result = await releaseResult(scene, run)
  const file = await takeAway(scene, result)
  const evidence = await proveIt(story, connection, resolve(out), file)
  const { risk_before, risk_after, loss } = run
  return { project, plan, run: run.id, result, risk_before, risk_after, loss, evidence }
}
