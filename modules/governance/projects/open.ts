import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Standing } from '@gatehouse/policy/document'
import type { Tx } from '@gatehouse/runtime/data/db'
import { inGoodStanding, partnerById, standingOf } from '../partners/index.ts'
import type { Project, Source } from './schema.ts'
import { stateAt } from './states.ts'
import { projectById, sourcesOf } from './store.ts'

export interface OpenProject extends Project {
  /** Of the partner that it works for; absent where it is the institution's own. */
  readonly standing?: Standing
}

/**
 * A project in which something may be done now, and what its data holders let it work with; `undefined` where it is over, suspended or
 * not begun, or where the partner that it works for is not in good standing.
 */
export async function openProject(
  tx: Tx,
  id: Id<'project'>,
  now: Instant,
): Promise<{ readonly project: OpenProject; readonly sources: readonly Source[] } | undefined> {
  const project = await projectById(tx, id)
  if (project === undefined || stateAt(project, now) !== 'active' || project.starts_at > now) return undefined
  const sources = (await sourcesOf(tx, id)).filter(({ state }) => state === 'admitted')
  if (project.partner === null) return { project, sources }
  const partner = await partnerById(tx, project.partner)
  return inGoodStanding(partner, now) ? { project: { ...project, standing: standingOf(partner, now) }, sources } : undefined
}
