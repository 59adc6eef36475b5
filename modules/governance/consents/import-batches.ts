/** What was kept elsewhere is taken over batch by batch, each in a transaction of its own: an import that broke off is simply sent again. */
import type { Tx } from '@gatehouse/runtime/data/db'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { registerSubjects, type Subject } from '../../subjects/index.ts'
import { importBatch } from './schema.ts'

export interface Imported {
  readonly recorded: number
  /** Recorded before. */
  readonly already: number
  /** Of people who were erased. */
  readonly erased: number
}

/**
 * Registers whoever is not known yet.
 * @param record writes what is new of one batch, and its entries; gives how many that were
 */
export async function importInBatches<Given extends { readonly user_id: string }>(
  ctx: StepsContext,
  given: readonly Given[],
  record: (tx: Tx, living: readonly { readonly subject: Subject; readonly given: Given }[]) => Promise<number>,
): Promise<Imported> {
  let recorded = 0
  let erased = 0
  for (let start = 0; start < given.length; start += importBatch) {
    const batch = given.slice(start, start + importBatch)
    const names = batch.map(({ user_id }) => user_id)
    const done = await ctx.step(async (tx) => {
      const subjects = await registerSubjects(tx, ctx.node, names)
      const living = batch.flatMap((one) => {
        const subject = subjects.get(one.user_id)
        return subject?.status === 'active' ? [{ subject, given: one }] : []
      })
      return { recorded: await record(tx, living), erased: batch.length - living.length }
    })
    recorded += done.recorded
    erased += done.erased
  }
  return { recorded, already: given.length - recorded - erased, erased }
}
