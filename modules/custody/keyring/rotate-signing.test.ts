/** New signing keys on a node with a real log and a real vault. */
import { nodeVerify } from '@gatehouse/crypto/node'
import { openNote, parseNoteKey } from '@gatehouse/transparency/note'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { logOrigin, logVkey, logVkeys, sequence, verifyLedger } from '../../ledger/index.ts'
import { keyringModule } from '../keyring/index.ts'
import { openRetention, type RetentionNode } from '../retention/testing/retention.ts'
import { vaultVkeys } from '../vault/signing.ts'
import { verify as verifyVault } from '../vault/verify.ts'
import { listKeys } from './list.ts'
import { rotateSigning } from './rotate-signing.ts'

const dayMs = 86_400_000
let t: RetentionNode
beforeEach(async () => {
  t = await openRetention([keyringModule])
})
afterEach(() => t.close())

interface Rotated {
  readonly generation: number
  readonly old_vkey: string
  readonly vkey: string
  readonly endorsement: string
}
const rotate = (key: string, earlier_days = 30) => t.done<Rotated>(rotateSigning, { key, earlier_days })
/** Processes take a list of keys for new for two seconds. */
const heard = () => new Promise((resolve) => setTimeout(resolve, 2_100))
async function note(): Promise<string> {
  for (let integrated = 1; integrated > 0; ) ({ integrated } = await sequence(t.node))
  const [row] = await t.rows<{ note: string }>(`SELECT note FROM ledger.head WHERE tenant_id = '${t.tenant}'`)
  return row?.note ?? ''
}
function signedBy(text: string, ...vkeys: string[]): boolean[] {
  const keys = vkeys.map((vkey) => parseNoteKey(t.node.keys.primitives.sha256, vkey) as NonNullable<ReturnType<typeof parseNoteKey>>)
  return keys.map((key) => openNote(nodeVerify, text, [key]).outcome === 'opened')
}
const sound = async () => t.done(verifyLedger, {})

describe('a new key of the log', () => {
  it('signs from the entry that names it on; the old one signs along, ends, and goes on verifying', async () => {
    const before = await note()
    const { old_vkey, vkey, endorsement, generation } = await rotate('log')
    expect([generation, old_vkey, logOrigin(t.tenant)]).toEqual([2, await logVkey(t.node, t.tenant, before), vkey.split('+')[0]])
    const text = Buffer.from(`gatehouse/key-succession/v1\n${old_vkey}\n${vkey}\n`)
    const keyOf = (line: string) => parseNoteKey(t.node.keys.primitives.sha256, line)?.publicKey ?? new Uint8Array(32)
    expect([old_vkey, vkey].map((line) => nodeVerify(keyOf(line), text, Buffer.from(endorsement, 'base64')))).toEqual([true, false])
    expect(signedBy(before, old_vkey, vkey)).toEqual([true, false])
    expect(signedBy(await note(), old_vkey, vkey)).toEqual([true, true])
    expect(await sound()).toMatchObject({ outcome: 'sound' })
    t.clock.advance(30 * dayMs + 1)
    await t.send('customer_id,given_name,date_of_birth,balance,internal\nC-9,Ada,1980-01-01,1,x\n')
    const last = await note()
    expect(signedBy(last, old_vkey, vkey)).toEqual([false, true])
    await heard()
    expect(await logVkey(t.node, t.tenant, last)).toBe(vkey)
    expect(await logVkey(t.node, t.tenant, before)).toBe(old_vkey)
    expect(await logVkeys(t.node, t.tenant)).toEqual([old_vkey, vkey])
    expect(await sound()).toMatchObject({ outcome: 'sound' })
    for (const checkpoint of [before, last]) expect(await t.done(verifyLedger, { checkpoint })).toMatchObject({ outcome: 'sound' })
  })

  it('that may be in wrong hands ends at once, with all that still signed along', async () => {
    const first = await rotate('log')
    const second = await rotate('log', 0)
    await note()
    await t.send('customer_id,given_name,date_of_birth,balance,internal\nC-9,Ada,1980-01-01,1,x\n')
    expect(signedBy(await note(), first.old_vkey, first.vkey, second.vkey)).toEqual([false, false, true])
    expect(second.old_vkey).toBe(first.vkey)
    expect(await sound()).toMatchObject({ outcome: 'sound' })
  })

  it('is missed by whoever hides in the database that there was one', async () => {
    await rotate('log', 0)
    await note()
    await t.rows('DELETE FROM keys.signing')
    expect(await sound()).toMatchObject({ outcome: 'broken', fault: { kind: 'checkpoint_not_signed' } })
  })
})

it('a new key of the vault signs new blocks, and those of before still verify', async () => {
  const { old_vkey, vkey } = await rotate('vault')
  await heard()
  await t.send('customer_id,given_name,date_of_birth,balance,internal\nC-1,Ana,1980-04-12,11,x\nC-9,Ada,1980-01-01,1,x\n')
  expect(await vaultVkeys(t.node, t.tenant)).toEqual([old_vkey, vkey])
  expect(await t.done(verifyVault, {})).toMatchObject({ blocks: 5, fault_count: 0 })
  await t
    .rows(`UPDATE vault.block SET signature = set_byte(signature, 3, get_byte(signature, 3) # 1) WHERE ctid = (SELECT max(ctid) FROM vault.block)`)
    .catch(() => [])
  await t.rows('DELETE FROM keys.signing')
  await heard()
  expect(await t.done(verifyVault, {})).toMatchObject({ blocks: 5, fault_count: 2 })
})

it('the list tells every generation and its span, and a session that was not proven lately is asked first', async () => {
  const { generation } = await rotate('evidence', 7)
  expect(generation).toBe(2)
  const { signing_keys } = await t.done<{ signing_keys: { key: string; generation: number; from_entry: string | null }[] }>(listKeys, {})
  expect(signing_keys.filter(({ key }) => key === 'evidence')).toMatchObject([
    { generation: 1, from_entry: null },
    { generation: 2, from_entry: expect.any(String) },
  ])
  const session = { session: '01980000-0000-7000-8000-0000000000bb', provenAtMs: t.clock.nowMs() - 6 * 60_000 }
  await expect(t.door.enter(rotateSigning, { key: 'log', earlier_days: 0 }, t.principal(session as object))).rejects.toMatchObject({ kind: { status: 403 } })
})
