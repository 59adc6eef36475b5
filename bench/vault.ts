/**
 * The vault: what its cryptography costs beside the bare primitives, what the change of a tenant's key costs under readers, and what
 * a thousand redemptions of one token at the same moment come to in two real processes.
 */
import { createCipheriv, createHash, generateKeyPairSync, hkdfSync, randomBytes, sign } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Id, newId } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { wrapKey } from '@gatehouse/crypto/envelope'
import { nodeSigner, nodeVerify, nodePrimitives as primitives } from '@gatehouse/crypto/node'
import { rewrap } from '@gatehouse/modules/custody/keyring/rewrap'
import { rotate } from '@gatehouse/modules/custody/keyring/rotate'
import { blockFaults, genesisHash, makeBlock, openStored, type StoredBlock } from '@gatehouse/modules/custody/vault/block'
import { openRecord } from '@gatehouse/modules/custody/vault/open-record'
import { dataKeyContext } from '@gatehouse/modules/custody/vault/subject-key'
import { openVault, type VaultNode } from '@gatehouse/modules/custody/vault/testing/vault'
import { findSubject } from '@gatehouse/modules/subjects/index'
import { openDatabase } from '@gatehouse/runtime/data/postgres/open'
import { sharedDatabase } from '../test/e2e/database.ts'
import { entries } from '../test/e2e/log.ts'
import { homeBeside, startNode, until } from '../test/e2e/node.ts'
import { arrange, authorize } from '../test/e2e/scenario.ts'
import { volley } from '../test/e2e/volley.ts'
import { median, report } from './report.ts'

const rounds = 5
const blocksPerRound = 3_000
const recordBytes = 512
const subjects = 100_000
const readable = 200

const source = { nowMs: () => Date.now(), randomBytes: primitives.randomBytes }
const tenant = newId<'tenant'>(source)
const plaintext = new Uint8Array(randomBytes(recordBytes))

/** Per second of the process's own CPU time: a machine with other work on it does not count against anybody. */
async function perCpuSecond(count: number, work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return count / ((user + system) / 1e6)
}

/** R: for each record one key, one AES-256-GCM, the hash of what came out, one Ed25519 signature, one hash of the block. */
function bare(): void {
  const { privateKey } = generateKeyPairSync('ed25519')
  const dek = randomBytes(32)
  for (let index = 0; index < blocksPerRound; index++) {
    const key = Buffer.from(hkdfSync('sha256', dek, randomBytes(16), 'block', 32))
    const cipher = createCipheriv('aes-256-gcm', key, randomBytes(12), { authTagLength: 16 })
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
    const text = sealed.toString('base64url') + createHash('sha256').update(sealed).digest('hex')
    createHash('sha256')
      .update(sign(null, Buffer.from(text), privateKey))
      .update(text)
      .digest()
  }
}

const signer = nodeSigner(new Uint8Array(randomBytes(32)))
const dek = { version: 1, key: new Uint8Array(randomBytes(32)) }

/** Block by block, as an import writes them: nothing is held back but the hash that the next one begins with. */
function writeChain(keep: (block: StoredBlock) => void): void {
  const subject = newId<'subject'>(source)
  let previousHash = genesisHash
  for (let index = 0; index < blocksPerRound; index++) {
    const place = { tenant, subject, block: newId<'block'>(source), recordType: 'customer', sequence: index + 1, previousHash, at: instantOf(Date.now()) }
    const block = makeBlock(primitives, signer, dek, place, plaintext)
    previousHash = block.block_hash
    keep(block)
  }
}

function readChain(blocks: readonly StoredBlock[]): void {
  for (const [index, block] of blocks.entries()) {
    const faults = blockFaults(primitives, nodeVerify, [signer.publicKey], block, blocks[index - 1]?.block_hash ?? genesisHash)
    if (faults.length > 0 || openStored(primitives, tenant, 'customer', dek, block).outcome !== 'opened') throw new Error('a block does not hold')
  }
}

async function cryptography() {
  const blocks: StoredBlock[] = []
  writeChain((block) => blocks.push(block))
  const [reference, write, read]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < rounds; round++) {
    reference.push(await perCpuSecond(blocksPerRound, bare))
    write.push(await perCpuSecond(blocksPerRound, () => writeChain(() => {})))
    read.push(await perCpuSecond(blocksPerRound, () => readChain(blocks)))
  }
  return { reference: Math.round(median(reference)), write: Math.round(median(write)), read: Math.round(median(read)) }
}

/** Beside people with records, so many with nothing but a key: the change of the key looks at keys only. */
async function fill({ database, tenant, door: { node } }: VaultNode): Promise<void> {
  const kek = await node.keys.kek(tenant)
  for (let done = 0; done < subjects; done += 5_000) {
    const ids = Array.from({ length: 5_000 }, () => newId<'subject'>(source))
    const wrapped = ids.map((id) => Buffer.from(wrapKey(primitives, kek.key, primitives.randomBytes(32), dataKeyContext(tenant, id, 1))))
    await database.transaction(tenant, (tx) =>
      tx.query('INSERT INTO vault.subject_key SELECT $1, id, 1, $2, wrapped FROM unnest($3::uuid[], $4::bytea[]) AS t (id, wrapped)', [
        tenant,
        kek.version,
        ids,
        wrapped,
      ]),
    )
  }
}

async function rotation() {
  const t = await openVault()
  try {
    const rows = Array.from({ length: readable }, (_, index) => `C-${index},Person ${index},1980-01-01,1,x`)
    await t.importText(['customer_id,given_name,date_of_birth,balance,internal', ...rows, ''].join('\n'))
    await fill(t)
    const quiet = await turnKey(t)
    let [running, reads, failed] = [true, 0, 0]
    const readers = Array.from({ length: 4 }, async (_, reader) => {
      for (let index = reader; running; index = (index + 7) % readable) {
        const outcome = await readOne(t, index).catch(() => 'error')
        reads++
        if (outcome !== `Person ${index}`) failed++
      }
    })
    const busy = await turnKey(t).finally(() => {
      running = false
    })
    await Promise.all(readers)
    return { quiet, busy, reads, failed }
  } finally {
    await t.close()
  }
}

async function turnKey({ door, admin }: VaultNode): Promise<{ moved: number; perCpuSecond: number; perSecond: number }> {
  const begun = await door.enter(rotate, {}, admin)
  if (begun.outcome !== 'done') throw new Error('the key could not be changed')
  let moved = 0
  const [began, cpu] = [performance.now(), process.cpuUsage()]
  const answer = await door.enter(rewrap, {}, admin)
  if (answer.outcome !== 'done' || answer.output.faults > 0) throw new Error('the keys could not be moved')
  moved = answer.output.moved
  const { user, system } = process.cpuUsage(cpu)
  return { moved, perCpuSecond: Math.round(moved / ((user + system) / 1e6)), perSecond: Math.round((moved / (performance.now() - began)) * 1_000) }
}

function readOne({ database, tenant, door: { node } }: VaultNode, index: number): Promise<unknown> {
  return database.transaction(tenant, async (tx) => {
    const subject = await findSubject(tx, node, `C-${index}`)
    const opened = await openRecord(tx, node, { subject: subject?.id as Id<'subject'>, recordType: 'customer', fields: ['given_name'] })
    return opened.outcome === 'opened' ? opened.record.given_name : opened.outcome
  })
}

async function thousand() {
  const database = await sharedDatabase()
  const other = await startNode({ environment: { DATABASE_URL: database.url, GATEHOUSE_ROLES: 'api,exchange' } })
  const one = await startNode({ home: await homeBeside(other), environment: { DATABASE_URL: database.url } })
  try {
    const scene = await arrange(one)
    const granted = (await authorize(one, scene.partner, 'C1')).body
    const began = performance.now()
    const statuses = await volley(granted.token, [
      { node: one, over: 'http', count: 400 },
      { node: other, over: 'http', count: 400 },
      { node: one, over: 'socket', count: 100 },
      { node: other, over: 'socket', count: 100 },
    ])
    const seconds = (performance.now() - began) / 1_000
    const about = { object_kind: 'release', object_id: granted.release_id }
    await until(async () => (await entries(one.operator, { ...about, type: 'release.deliver' })).length > 0)
    const refused = (await entries(one.operator, about)).filter(({ body }) => body.type === 'release.redeem' && body.decision === 'deny')
    return { redeemed: statuses.filter((status) => status === 200).length, refusalEntries: refused.length, seconds: Number(seconds.toFixed(2)) }
  } finally {
    await Promise.all([one.remove(), other.remove()])
    await database.drop()
  }
}

const instanceDir = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
const { connection, superuser, stop } = await openDatabase({ instanceDir, searchPath: process.env.PATH })
try {
  process.env.GATEHOUSE_TEST_PG = JSON.stringify({ connection, superuser })
  const crypto = await cryptography()
  const keys = await rotation()
  const once = await thousand()
  const rows = [
    { what: 'bare cryptography (R), blocks per CPU second', value: crypto.reference },
    { what: 'sealed, chained and signed, blocks per CPU second', value: crypto.write },
    { what: 'opened and verified, blocks per CPU second', value: crypto.read },
    { what: 'keys moved in one rotation', value: keys.quiet.moved },
    { what: 'keys moved per CPU second of the node, nobody reading', value: keys.quiet.perCpuSecond },
    { what: 'keys moved per second of the clock, nobody reading', value: keys.quiet.perSecond },
    { what: 'keys moved per second of the clock, four reading', value: keys.busy.perSecond },
    { what: 'reads meanwhile', value: keys.reads },
    { what: 'seconds for 1,000 redemptions of one token', value: once.seconds },
  ]
  report('vault', rows, [
    { name: 'vault write against the bare cryptography', value: Math.round((crypto.write / crypto.reference) * 100), unit: '%', bound: { min: 60 } },
    { name: 'read and verify', value: crypto.read, unit: 'blocks per CPU second', bound: { min: 2_500 } },
    { name: 'keys moved', value: keys.quiet.perCpuSecond, unit: 'per CPU second of the node', bound: { min: 10_000 } },
    { name: 'reads that failed during a rotation', value: keys.failed, unit: 'reads', bound: { max: 0 } },
    { name: 'redemptions that succeeded, at least', value: once.redeemed, unit: 'of 1,000', bound: { min: 1 } },
    { name: 'redemptions that succeeded, at most', value: once.redeemed, unit: 'of 1,000', bound: { max: 1 } },
    { name: 'refusals in the ledger', value: once.refusalEntries, unit: 'entries', bound: { min: 999 } },
  ])
} finally {
  await stop()
  await rm(instanceDir, { recursive: true, force: true })
}
