import type { Id } from '@gatehouse/core/id'
import type { RunRow } from '../runs/store.ts'

export interface Acting {
  readonly run: Pick<RunRow, 'id' | 'asked_by' | 'project_id' | 'behalf'>
}

/** The receiver decides on the person who asked for the run, by its own word on them. */
export function behalfOfRun({ asked_by, project_id, behalf: of }: Acting['run']): { user: string; project: Id<'project'>; roles: readonly string[] } {
  return { user: of?.principal.id ?? asked_by, project: project_id, roles: of?.principal.roles ?? [] }
}
