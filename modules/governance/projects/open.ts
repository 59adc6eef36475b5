import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Project, Source } from './schema.ts'
import { stateAt } from './states.ts'
import { projectById, sourcesOf } from './store.ts'

/** A project in which something may be done now, and what its data holders let it work with; `undefined` where it is over, suspended or not begun. */
export async function openProject(
  tx: Tx,
  id: Id<'project'>,
  now: Instant,
): Promise<{ readonly project: Project; readonly sources: readonly Source[] } | undefined> {
  const project = await projectById(tx, id)
  if (project === undefined || stateAt(project, now) !== 'active' || project.starts_at > now) return undefined
  return { project, sources: (await sourcesOf(tx, id)).filter(({ state }) => state === 'admitted') }
}
