import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { recordTypesOf } from '../vault/index.ts'
import type { Hold } from './schema.ts'
import { holdsInForce, holdsOn } from './store.ts'

/** What stops the person from being archived for good or erased. */
export async function holdsOver(tx: Tx, subject: Id<'subject'>): Promise<Hold[]> {
  return holdsOn(tx, subject, await recordTypesOf(tx, subject))
}

/** Who of them is held; `null` stands for what is about nobody, which only a hold on the whole institution covers. */
export async function heldAmong(tx: Tx, subjects: readonly (Id<'subject'> | null)[]): Promise<(subject: Id<'subject'> | null) => boolean> {
  const persons = [...new Set(subjects.flatMap((subject) => subject ?? []))]
  const holds = await holdsInForce(tx, persons)
  const everybody = holds.some(({ scope }) => scope === 'institution')
  const held = new Set(holds.map(({ subject_id }) => subject_id))
  const types = new Set(holds.map(({ record_type }) => record_type))
  if (!everybody && types.size > (types.has(null) ? 1 : 0)) {
    for (const subject of persons) if ((await recordTypesOf(tx, subject)).some((type) => types.has(type))) held.add(subject)
  }
  return (subject) => everybody || (subject !== null && held.has(subject))
}
