/**
 * The import of records, end to end: a generated CSV goes through the door into an embedded PostgreSQL that really syncs, with
 * the real ledger. Beside it the same cryptography alone, in the same run, says what a machine could do at best.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Id, newId } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { wrapKey } from '@gatehouse/crypto/envelope'
import { commitment } from '@gatehouse/crypto/hmac'
import { nodePrimitives as primitives } from '@gatehouse/crypto/node'
import { genesisHash } from '@gatehouse/modules/custody/vault/block'
import { importRecords } from '@gatehouse/modules/custody/vault/imports/import'
import { planImport } from '@gatehouse/modules/custody/vault/imports/plan'
import { sealRows } from '@gatehouse/modules/custody/vault/imports/seal-rows'
import { vaultModule } from '@gatehouse/modules/custody/vault/module'
import { appendEntry, ledgerModule } from '@gatehouse/modules/ledger/index'
import { subjectsModule } from '@gatehouse/modules/subjects/index'
import { openDatabase } from '@gatehouse/runtime/data/postgres/open'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { report } from './report.ts'

const sizes = [5_000, 20_000, 60_000]
const batchRows = 500
const referenceRows = 10_000

const mapping = {
  record_type: 'customer',
  subject: 'customer_id',
  fields: {
    customer_id: { semantic: 'identifier' },
    given_name: { semantic: 'given_name' },
    family_name: { semantic: 'family_name' },
    date_of_birth: { type: 'date', semantic: 'date_of_birth' },
    email: { semantic: 'email' },
    phone: { semantic: 'phone' },
    postcode: { semantic: 'postcode' },
    balance: { type: 'number', semantic: 'amount' },
  },
}
const columns = Object.keys(mapping.fields)

function customer(size: number, index: number): string[] {
  const day = String((index % 28) + 1).padStart(2, '0')
  const month = String((index % 12) + 1).padStart(2, '0')
  const name = (index * 2_654_435_761) % 1_000_003
  return [
    `C-${size}-${index}`,
    `Given${name}`,
    `Family${name % 7919}`,
    `${1940 + (index % 65)}-${month}-${day}`,
    `person.${index}@example.org`,
    `+34600${String(index).padStart(6, '0')}`,
    String(10_000 + (index % 40_000)),
    (name / 100).toFixed(2),
  ]
}

/** Made while it is read, in chunks as a socket brings them, so that the file itself needs no memory. */
async function* file(size: number): AsyncGenerator<Uint8Array> {
  let text = `${columns.join(',')}\n`
  for (let index = 0; index < size; index++) {
    text += `${customer(size, index).join(',')}\n`
    if (text.length < 65_536) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

interface Run {
  readonly seconds: number
  readonly peakMiB: number
}

async function runImport(node: TestNode, size: number): Promise<Run> {
  const planned = await node.door.enter(planImport, { mapping, format: 'csv' }, node.admin)
  if (planned.outcome !== 'done') throw new Error(`the plan was ${planned.outcome}`)
  globalThis.gc?.()
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20)
  const from = performance.now()
  const answer = await node.door.enter(importRecords, { import: planned.output.import_id, body: file(size) }, node.admin)
  const seconds = (performance.now() - from) / 1000
  clearInterval(watch)
  if (answer.outcome !== 'done' || answer.output.imported !== size) throw new Error(`${size} rows were not imported`)
  return { seconds, peakMiB: peak / 1_048_576 }
}

/** Outside id, commitment, data key, block key, sealing, hashes and signature of new people: the whole cryptography and nothing else. */
async function runCryptography({ door: { node }, tenant }: TestNode): Promise<number> {
  const [kek, signer, index] = await Promise.all([node.keys.kek(tenant), node.keys.signer(tenant, 'vault/block'), node.keys.secret(tenant, 'subjects/index')])
  const source = { nowMs: Date.now, randomBytes: primitives.randomBytes }
  const recordType = { id: newId<'record_type'>(source), slug: mapping.record_type }
  const context = { keys: node.keys, kek, signer, tenant, recordType, at: instantOf(Date.now()), newBlockId: () => newId<'block'>(source) }
  const files = Array.from({ length: referenceRows }, (_, row) => customer(referenceRows, row))
  const from = performance.now()
  for (let start = 0; start < referenceRows; start += batchRows) {
    const rows = files.slice(start, start + batchRows).map((values, line) => {
      const id: Id<'subject'> = newId<'subject'>(source)
      primitives.hmacSha256(index, Buffer.from(values[0] ?? ''))
      const key = primitives.randomBytes(32)
      const committed = commitment(primitives, key, 'gatehouse/audit/subject/v1', id)
      wrapKey(primitives, kek.key, key, ['gatehouse/subjects/commitment-key/v1', tenant, id])
      const record = Object.fromEntries(columns.map((column, at) => [column, values[at] ?? null]))
      return { line, subject: { id, commitment: Buffer.from(committed).toString('hex'), status: 'active' as const }, record }
    })
    const heads = rows.map(({ subject }) => ({ subject_id: subject.id, sequence: 0, block_hash: genesisHash }))
    const sealed = await sealRows(context, rows, { heads, keys: [], digests: [] })
    if (sealed.blocks.length !== rows.length) throw new Error('a row was not sealed')
  }
  return referenceRows / ((performance.now() - from) / 1000)
}

const instanceDir = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
const postgres = await openDatabase({ instanceDir, searchPath: process.env.PATH, durable: true })
process.env.GATEHOUSE_TEST_PG = JSON.stringify({ connection: postgres.connection, superuser: postgres.superuser })
const clock = { nowMs: Date.now, randomBytes: primitives.randomBytes, advance: () => {}, set: () => {} }
try {
  const node = await testNode({ modules: [ledgerModule, subjectsModule, vaultModule], plugs: { append: appendEntry }, clock })
  await runCryptography(node)
  await runImport(node, 2_000)
  const rows: { rows: number; 'records/s': number; 'cryptography alone/s': number; ratio: number; 'peak RSS MiB': number }[] = []
  for (const size of sizes) {
    const before = await runCryptography(node)
    const run = await runImport(node, size)
    const alone = (before + (await runCryptography(node))) / 2
    const rate = size / run.seconds
    rows.push({
      rows: size,
      'records/s': Math.round(rate),
      'cryptography alone/s': Math.round(alone),
      ratio: Number((rate / alone).toFixed(2)),
      'peak RSS MiB': Math.round(run.peakMiB),
    })
  }
  await node.close()
  const [, middle, large] = rows
  if (middle === undefined || large === undefined) throw new Error('three sizes are needed')
  report('import', rows, [
    { name: 'records imported per second, 60,000 rows', value: large['records/s'], unit: '1/s', bound: { min: 3_000 } },
    { name: 'rate against the same cryptography alone, 60,000 rows', value: large.ratio, unit: 'ratio', bound: { min: 0.5 } },
    { name: 'memory of 60,000 rows over 20,000', value: large['peak RSS MiB'] - middle['peak RSS MiB'], unit: 'MiB', bound: { max: 64 } },
  ])
} finally {
  await postgres.stop()
  await rm(instanceDir, { recursive: true, force: true })
}
