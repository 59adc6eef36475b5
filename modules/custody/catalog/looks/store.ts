/** The last look through each source: how far it is while it lasts, and how it ended. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Look, LookStep } from './schema.ts'
import { type LookState, lookLife } from './states.ts'

const columns = 'id, state, asked_at, ended_at, step, tables, of_tables, fault, found'
const open = ['waiting', 'looking']

/** `false` where one is open already. */
export async function insertLook(tx: Tx, source: Id<'data_source'>, look: Id<'look'>, at: Instant): Promise<boolean> {
  const written = await tx.change(
    `INSERT INTO catalog.look (tenant_id, source_id, id, state, asked_at, beat_at, tables) VALUES ($1, $2, $3, '${lookLife.initial}', $4, $4, 0)
      ON CONFLICT (tenant_id, source_id) DO UPDATE SET id = excluded.id, state = excluded.state, asked_at = excluded.asked_at, beat_at = excluded.beat_at,
        ended_at = NULL, step = NULL, tables = 0, of_tables = NULL, fault = NULL, found = NULL
        WHERE look.state <> ALL($5)`,
    [tx.tenant, source, look, at, open],
  )
  return written === 1
}

export async function findLook(tx: Tx, source: Id<'data_source'>): Promise<Look | undefined> {
  return (await tx.query<Look>(`SELECT ${columns} FROM catalog.look WHERE tenant_id = $1 AND source_id = $2`, [tx.tenant, source]))[0]
}

interface Move {
  readonly look: Id<'look'>
  readonly from: LookState
  readonly on: 'take' | 'keep' | 'fail' | 'cancel'
  readonly at: Instant
  readonly fault?: Look['fault']
  readonly found?: Look['found']
}

/** `false` where the look is not in that state any more, or is another one's by now. */
export async function moveLook(tx: Tx, source: Id<'data_source'>, { look, from, on, at, fault = null, found = null }: Move): Promise<boolean> {
  const to = lookLife.next(from, on)
  const moved = await tx.change(
    `UPDATE catalog.look SET state = $5, beat_at = $6, ended_at = $7, fault = $8, found = $9 WHERE tenant_id = $1 AND source_id = $2 AND id = $3 AND state = $4`,
    [
      tx.tenant,
      source,
      look,
      from,
      to,
      at,
      to === 'looking' ? null : at,
      fault === null ? null : JSON.stringify(fault),
      found === null ? null : JSON.stringify(found),
    ],
  )
  return moved === 1
}

export interface LookPlace {
  readonly step: LookStep
  readonly tables: number
  readonly of_tables: number | null
}

/** `false` where it may not go on. */
export async function sayLookAlive(tx: Tx, source: Id<'data_source'>, look: Id<'look'>, place: LookPlace, at: Instant): Promise<boolean> {
  const said = await tx.change(
    `UPDATE catalog.look SET beat_at = $4, step = $5, tables = $6, of_tables = $7 WHERE tenant_id = $1 AND source_id = $2 AND id = $3 AND state = 'looking'`,
    [tx.tenant, source, look, at, place.step, place.tables, place.of_tables],
  )
  return said === 1
}

/** For the node: of every institution. */
export function endSilentLooks(tx: Tx, silentSince: Instant, at: Instant): Promise<number> {
  return tx.change(`UPDATE catalog.look SET state = $3, ended_at = $2 WHERE state = 'looking' AND beat_at < $1`, [
    silentSince,
    at,
    lookLife.next('looking', 'fall_silent'),
  ])
}
