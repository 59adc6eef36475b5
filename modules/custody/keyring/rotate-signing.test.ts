/** New signing keys on a node with a real log and a real vault. */
import { nodeVerify } from '@gatehouse/crypto/node'
import { anonymous, nodeTenant } from '@gatehouse/runtime/base/context'
import { openNote, parseNoteKey } from '@gatehouse/transparency/note'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifySuccession } from '../../../apps/verify/browser.ts'
import { noWitnesses } from '../../../apps/verify/checkpoint.ts'
import { nodeCryptography } from '../../../apps/verify/command/machine.ts'
import { verifyErasure } from '../../../apps/verify/erasure/verify.ts'
import { readKeys } from '../../../apps/verify/keys.ts'
import { judge } from '../../../apps/verify/report.ts'
import { keyChanges } from '../../ledger/files/key-changes.ts'
import { logOrigin, logVkey, logVkeys, sequence, verifyLedger } from '../../ledger/index.ts'
import { keyringModule } from '../keyring/index.ts'
import { erasuresLoop } from '../retention/carry-out.ts'
import type { Certificate } from '../retention/certificate.ts'
import { readCertificate } from '../retention/read-certificate.ts'
import { openRetention, type RetentionNode } from '../retention/testing/retention.ts'
import { vaultVkeys } from '../vault/signing.ts'
import { verify as verifyVault } from '../vault/verifications/verify.ts'
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

  it('is proven to whoever holds the log to the old one, as far as the log is shown, and to nobody where it is not', async () => {
    const ask = (who = t.principal({})) => t.done<Parameters<typeof verifySuccession>[0]>(keyChanges, { log: t.tenant }, who)
    const { vkey } = await rotate('log')
    expect(await ask()).toMatchObject({ entries: [] })
    // Entries of one moment stand in no order.
    t.clock.advance(1_000)
    const { vkey: newest, old_vkey } = await rotate('log', 0)
    await note()
    await heard()
    const [first = ''] = await logVkeys(t.node, t.tenant)
    expect(await verifySuccession(await ask(), first, newest)).toMatchObject({ good: true, keys: [first, vkey, newest] })
    expect(await verifySuccession(await ask(), newest, old_vkey)).toMatchObject({ good: false })
    await expect(t.door.enter(keyChanges, { log: t.tenant }, anonymous)).rejects.toMatchObject({ kind: { status: 404 } })
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

it('a new key of certificates is named in the log of the node; certificates of before still verify, and so does one that was half made', async () => {
  const certificateOf = (erasure: string) => t.done<Certificate>(readCertificate, { erasure })
  const holds = async (certificate: Certificate) => {
    const keys = await readKeys((await logVkeys(t.node, t.tenant)).join('\n'), nodeCryptography)
    const question = { certificate: JSON.stringify(certificate), keys, policy: noWitnesses, cryptography: nodeCryptography }
    return (await judge(async (run) => void (await verifyErasure(run, question)))).verdict
  }
  const half = await t.approved('C-1')
  while (await erasuresLoop.run(t.node));
  const { old_vkey, vkey } = await rotate('certificates')
  await heard()
  await t.turn()
  const later = await t.approved('C-2')
  await t.turn()
  const [before, after] = [await certificateOf(half.id), await certificateOf(later.id)]
  expect([before.key, after.key]).toEqual([old_vkey, vkey])
  expect([await holds(before), await holds(after)]).toEqual(['good', 'good'])
  expect(await holds({ ...after, key: old_vkey })).toBe('bad')
  const named = await t.rows<{ tenant_id: string }>(`SELECT tenant_id FROM ledger.entry WHERE type = 'keyring.rotate_signing' ORDER BY tenant_id`)
  expect(named.map(({ tenant_id }) => tenant_id)).toEqual([nodeTenant, t.tenant])
})

it('is the institution’s to begin, but for certificates, which are the operators’', () => {
  const { access } = rotateSigning
  const typeOf = (key: 'evidence' | 'certificates') => ('on' in access ? access.on({ key, earlier_days: 30 }, t.admin) : undefined)
  expect([typeOf('evidence'), typeOf('certificates')]).toEqual([{ type: 'key' }, { type: 'node_key' }])
})

it('the list tells which key of credentials was taken back', async () => {
  await rotate('credentials')
  t.clock.advance(1_000)
  await rotate('credentials', 0)
  const { signing_keys } = await t.done<{ signing_keys: { key: string; verifies: boolean; signs_along_until: string | null }[] }>(listKeys, {})
  const told = signing_keys.filter(({ key }) => key === 'credentials').map(({ verifies, signs_along_until }) => [verifies, signs_along_until])
  expect(told).toEqual([
    [true, null],
    [false, null],
    [true, null],
  ])
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
