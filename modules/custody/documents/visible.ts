import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { archivedAmong, subjectById } from '../../subjects/index.ts'
import { documentKey } from './keys.ts'
import { problems } from './problems.ts'
import { type DocumentRow, findDocument } from './store.ts'

/** A document of a person who is archived is like one that was never there. */
export async function visibleDocument(tx: Tx, id: Id<'document'>, lock?: 'lock'): Promise<DocumentRow | undefined> {
  const row = await findDocument(tx, id, lock)
  if (row === undefined || row.subject_id === null) return row
  return (await subjectById(tx, row.subject_id)) === undefined ? undefined : row
}

export async function visibleAmong(tx: Tx, rows: readonly DocumentRow[]): Promise<DocumentRow[]> {
  const hidden = await archivedAmong(
    tx,
    rows.flatMap(({ subject_id }) => subject_id ?? []),
  )
  return rows.filter(({ subject_id }) => subject_id === null || !hidden.has(subject_id))
}

export interface DocumentWithKey {
  readonly row: DocumentRow
  readonly key: Uint8Array
}

/** For what seals and opens files of the document. */
export async function documentWithKey(tx: Tx, ctx: StepsContext, id: Id<'document'>): Promise<DocumentWithKey | Refusal> {
  const row = await visibleDocument(tx, id)
  if (row === undefined) return refuse(doorProblems.not_found)
  const key = await documentKey(tx, ctx.node, ctx.tenant, row)
  return key === undefined ? refuse(problems.unreadable) : { row, key }
}
