import { Problem } from '@gatehouse/core/problem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkpoint } from './checkpoint.ts'
import { list } from './list.ts'
import { type LedgerNode, ledgerNode } from './testing/ledger-node.ts'
import { verify } from './verify.ts'

let t: LedgerNode
beforeEach(async () => {
  t = await ledgerNode()
  for (const count of [300, 200, 100]) {
    await t.fill(count)
    t.clock.advance(1)
    await t.sequence()
  }
})
afterEach(() => t.close())

async function verified(kept?: string) {
  const answer = await t.door.enter(verify, kept === undefined ? {} : { checkpoint: kept }, t.admin)
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  return answer.output
}
const fault = async () => (await verified()).fault
/** The place of the entry with that index. */
const at = (index: number) => `tenant_id = $1 AND id = (SELECT entry_id FROM ledger.position WHERE tenant_id = $1 AND index = ${index})`
const flip = (column: string, byte: number) => `${column} = set_byte(${column}, ${byte}, get_byte(${column}, ${byte}) # 1)`

describe('verification', () => {
  it('finds a sound log sound, again and again, and leaves an entry each time', async () => {
    expect(await verified()).toMatchObject({ outcome: 'sound', size: 600, checkpoints: 3 })
    await t.sequence()
    expect(await verified()).toMatchObject({ outcome: 'sound', checkpoints: 4 })
    const entries = await t.door.enter(list, { type: 'ledger.verify' }, t.admin)
    expect(entries).toMatchObject({ output: { data: [{ body: { details: { outcome: 'sound' } } }, { body: { details: { outcome: 'sound' } } }] } })
  })

  it.each([0, 255, 256, 511, 599])('finds one flipped bit in the body of entry %i', async (index) => {
    await t.tamper(`UPDATE ledger.entry SET ${flip('body', 30)} WHERE ${at(index)}`, [t.tenant])
    expect(await fault()).toEqual({ kind: 'entry_altered', index })
  })

  it.each([
    [0, 0, 17],
    [0, 1, 255],
    [0, 2, 87],
    [1, 0, 1],
  ])('finds one flipped bit in tile (%i, %i) at hash %i', async (level, tile, hash) => {
    await t.tamper(`UPDATE ledger.tile SET ${flip('hashes', hash * 32 + 9)} WHERE tenant_id = $1 AND level = ${level} AND tile = ${tile}`, [t.tenant])
    const found = await fault()
    // A full tile is judged by its parent: when that was changed, the fault shows at the child, one level below.
    expect(found).toMatchObject(level === 1 ? { kind: 'tile_altered', level: 1, tile: 0, at: 1 } : { kind: 'tile_altered', level, tile, at: hash })
  })

  it('finds a tile that is gone', async () => {
    await t.tamper('DELETE FROM ledger.tile WHERE tenant_id = $1 AND level = 0 AND tile = 1', [t.tenant])
    expect(await fault()).toEqual({ kind: 'tile_altered', level: 0, tile: 1, at: 0 })
  })

  it.each([0, 423, 599])('finds that entry %i was dropped', async (index) => {
    await t.tamper(`DELETE FROM ledger.entry WHERE ${at(index)}`, [t.tenant])
    expect(await fault()).toEqual({ kind: 'entry_missing', index })
  })

  it('finds a dropped place', async () => {
    await t.tamper('DELETE FROM ledger.position WHERE tenant_id = $1 AND index = 500', [t.tenant])
    expect(await fault()).toEqual({ kind: 'entry_missing', index: 500 })
  })

  it('finds a dropped tail', async () => {
    await t.tamper('DELETE FROM ledger.position WHERE tenant_id = $1 AND index > 590', [t.tenant])
    expect(await fault()).toEqual({ kind: 'entry_missing', index: 591 })
  })

  it('finds two entries swapped', async () => {
    await t.tamper(
      `UPDATE ledger.entry e SET body = o.body FROM ledger.entry o, ledger.position a, ledger.position b
       WHERE e.tenant_id = $1 AND o.tenant_id = $1 AND a.tenant_id = $1 AND b.tenant_id = $1
         AND (a.index, b.index) IN ((120, 340), (340, 120)) AND e.id = a.entry_id AND o.id = b.entry_id`,
      [t.tenant],
    )
    expect(await fault()).toEqual({ kind: 'entry_altered', index: 120 })
  })

  it('finds an entry slipped in between', async () => {
    await t.tamper('UPDATE ledger.position SET index = index + 1000 WHERE tenant_id = $1 AND index >= 200', [t.tenant])
    await t.tamper('UPDATE ledger.position SET index = index - 999 WHERE tenant_id = $1 AND index >= 1000', [t.tenant])
    await t.fill(1)
    await t.tamper(
      'INSERT INTO ledger.position (tenant_id, index, entry_id) SELECT tenant_id, 200, entry_id FROM ledger.pending WHERE tenant_id = $1 ORDER BY entry_id DESC LIMIT 1',
      [t.tenant],
    )
    expect(await fault()).toEqual({ kind: 'entry_altered', index: 200 })
  })

  it('finds an entry added behind the head, and one that was never announced to the sequencer', async () => {
    await t.fill(1)
    await t.tamper(
      'INSERT INTO ledger.position (tenant_id, index, entry_id) SELECT tenant_id, 600, entry_id FROM ledger.pending WHERE tenant_id = $1 LIMIT 1',
      [t.tenant],
    )
    expect(await fault()).toEqual({ kind: 'position_beyond_head', index: 600 })
  })

  it('finds an entry that was taken off the waiting list, or deleted while it waited', async () => {
    const [id] = await t.fill(1)
    await t.tamper('DELETE FROM ledger.pending WHERE tenant_id = $1 AND entry_id = $2', [t.tenant, id])
    expect(await fault()).toEqual({ kind: 'entry_without_place', entry: id })
    await t.tamper('INSERT INTO ledger.pending VALUES ($1, $2)', [t.tenant, id])
    await t.tamper('DELETE FROM ledger.entry WHERE tenant_id = $1 AND id = $2', [t.tenant, id])
    expect(await fault()).toEqual({ kind: 'entry_missing', entry: id })
  })

  it('finds a column that says something else than the body', async () => {
    await t.tamper(`UPDATE ledger.entry SET decision = 'deny' WHERE ${at(77)}`, [t.tenant])
    expect(await fault()).toMatchObject({ kind: 'entry_columns_differ', index: 77 })
  })

  it('finds a rewriting of entry and tiles by the checkpoint that was signed before', async () => {
    await t.tamper(`UPDATE ledger.entry SET ${flip('body', 30)} WHERE ${at(400)}`, [t.tenant])
    await t.tamper(
      `UPDATE ledger.tile t SET hashes = overlay(t.hashes PLACING sha256('\\x00'::bytea || e.body) FROM (400 - 256) * 32 + 1 FOR 32)
       FROM ledger.entry e WHERE t.tenant_id = $1 AND t.level = 0 AND t.tile = 1 AND e.${at(400)}`.replace(
        'e.tenant_id = $1 AND id',
        'e.tenant_id = $1 AND e.id',
      ),
      [t.tenant],
    )
    expect(await fault()).toMatchObject({ kind: 'tile_altered', level: 1, tile: 0, at: 1 })
  })

  it.each([
    [
      'the root of',
      `UPDATE ledger.checkpoint SET ${flip('root', 3)} WHERE tenant_id = $1 AND size = 500`,
      { kind: 'checkpoint_root_differs', size: 500, after_size: 300 },
    ],
    [
      'the signature of',
      "UPDATE ledger.checkpoint SET note = replace(note, '500', '501') WHERE tenant_id = $1 AND size = 500",
      { kind: 'checkpoint_not_signed', size: 500 },
    ],
    ['all of', 'DELETE FROM ledger.checkpoint WHERE tenant_id = $1 AND size = 300', { kind: 'checkpoint_missing', size: 600 }],
    ['the newest, in the head,', `UPDATE ledger.head SET ${flip('root', 3)} WHERE tenant_id = $1`, { kind: 'head_root_differs', size: 600, after_size: 600 }],
    ['the note in the head of', `UPDATE ledger.head SET note = 'x' WHERE tenant_id = $1`, { kind: 'head_not_signed', size: 600 }],
  ])('finds that %s a checkpoint was changed', async (_, sql, expected) => {
    await t.tamper(sql, [t.tenant])
    expect(await fault()).toEqual(expected)
  })
})

describe('verification against a checkpoint that somebody kept', () => {
  it('refuses a note that this log did not sign', async () => {
    const answer = await t.door.enter(checkpoint, {}, t.admin)
    if (answer.outcome !== 'done') throw new Error(answer.outcome)
    const refused = await verified(answer.output.checkpoint.replace('600', '601')).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Problem)
    expect((refused as Problem).kind.type).toBe('/problems/ledger/checkpoint-refused')
  })

  it('finds a log that was rolled back as a whole, which nothing inside it shows', async () => {
    const answer = await t.door.enter(checkpoint, {}, t.admin)
    if (answer.outcome !== 'done') throw new Error(answer.outcome)
    const kept = answer.output.checkpoint
    expect(await verified(kept)).toMatchObject({ outcome: 'sound' })
    await t.tamper(
      `UPDATE ledger.head h SET size = c.size, root = c.root, note = c.note, fencing = h.fencing - 1
       FROM ledger.checkpoint c WHERE h.tenant_id = $1 AND c.tenant_id = $1 AND c.size = 500`,
      [t.tenant],
    )
    await t.tamper('DELETE FROM ledger.checkpoint WHERE tenant_id = $1 AND size = 600', [t.tenant])
    await t.tamper('DELETE FROM ledger.entry WHERE tenant_id = $1 AND id IN (SELECT entry_id FROM ledger.position WHERE tenant_id = $1 AND index >= 500)', [
      t.tenant,
    ])
    await t.tamper('DELETE FROM ledger.position WHERE tenant_id = $1 AND index >= 500', [t.tenant])
    expect((await verified()).outcome).toBe('sound')
    expect((await verified(kept)).fault).toEqual({ kind: 'log_rolled_back', size: 600 })
  })
})
