/** A real door on a real database for tests of modules: plugs are permissive unless a test brings its own. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id } from '@gatehouse/core/id'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { type Principal, type Source, systemPrincipal } from '../../base/context.ts'
import { createLog } from '../../base/log.ts'
import { createMetrics } from '../../base/telemetry.ts'
import type { BlobStore } from '../../data/blobs/blob-store.ts'
import { diskBlobs } from '../../data/blobs/disk.ts'
import { type Database, openPool } from '../../data/db.ts'
import { openEgress } from '../../data/egress.ts'
import { folderHeads } from '../../data/heads/folder.ts'
import type { HeadStore } from '../../data/heads/head-store.ts'
import { folderEpochs } from '../../data/keys/epochs.ts'
import { fileKeyStore } from '../../data/keys/file-key-store.ts'
import type { KeyStore } from '../../data/keys/key-store.ts'
import { openKeys } from '../../data/keys/keys.ts'
import { runtimeWrappedKeys } from '../../data/keys/wrapped-keys.ts'
import { checkLetter, type Letter, type Mail } from '../../data/mail/mail.ts'
import { type MigrationSet, migrate } from '../../data/migrate.ts'
import { runtimeMigrations } from '../../data/runtime-migrations.ts'
import type { Scanner } from '../../data/scan/scanner.ts'
import { sealedTable } from '../../data/secrets/sealed-table.ts'
import type { Sms } from '../../data/sms/sms.ts'
import { testDatabase } from '../../data/testing/database.ts'
import type { Queue } from '../../work/queue.ts'
import type { AuditEntry } from '../audit.ts'
import { type Door, openDoor } from '../door.ts'
import type { Module } from '../module.ts'
import { type Addresses, type NodeServices, nodeOf } from '../node.ts'
import { ownErasers } from '../own-erasers.ts'
import type { DoorPlugs } from '../plugs.ts'

/** A clock that stands still until it is moved. */
export interface TestClock extends Source {
  advance(ms: number): void
  set(ms: number): void
}

export function testClock(startMs = Date.UTC(2026, 10, 22, 9, 30)): TestClock {
  let nowMs = startMs
  return {
    nowMs: () => nowMs,
    randomBytes: (length) => randomBytes(length),
    advance: (ms) => {
      nowMs += ms
    },
    set: (ms) => {
      nowMs = ms
    },
  }
}

export interface TestNode {
  readonly door: Door
  readonly database: Database
  readonly blobs: BlobStore
  /** Where the root key lies: a second view of the keys is a second process. */
  readonly keyStore: KeyStore
  readonly clock: TestClock
  readonly tenant: Id<'tenant'>
  /** What was handed to the ledger, in order; empty when a test plugs in the real one. */
  readonly entries: AuditEntry[]
  readonly enqueued: { queue: string; data: Readonly<Record<string, unknown>> }[]
  readonly logLines: string[]
  /** What was posted, unless a test brings a mail of its own. */
  readonly letters: Letter[]
  /** An administrator of the test tenant. */
  readonly admin: Principal
  principal(more: Partial<Principal>): Principal
  close(): Promise<void>
}

export function migrationsOf(modules: readonly Module[]): MigrationSet[] {
  return [
    ...runtimeMigrations,
    ...modules.flatMap((module) => (module.migrations === undefined ? [] : [{ module: module.name, directory: module.migrations }])),
  ]
}

export async function testNode(options: {
  modules: readonly Module[]
  plugs?: Partial<DoorPlugs>
  clock?: TestClock
  egressAllow?: readonly string[]
  /** The TXT records that the node's resolver knows. */
  texts?: Readonly<Record<string, readonly string[]>>
  mail?: Mail
  sms?: Sms
  /** A folder of the test's own unless given. */
  heads?: HeadStore
  blobs?: BlobStore
  scanner?: Scanner
  /** Where a test reaches the node, if it does. */
  addresses?: Addresses
  o1jsFolder?: string
  speaksDataspace?: boolean
  releaseKeys?: readonly string[]
  sourcePlugins?: NodeServices['sourcePlugins']
  backups?: NodeServices['backups']
}): Promise<TestNode> {
  const clock = options.clock ?? testClock()
  const sets = migrationsOf(options.modules)
  const raw = await testDatabase(
    async (connection) => {
      const fresh = openPool({ connection, poolSize: 2 })
      try {
        await migrate(fresh, sets)
      } finally {
        await fresh.close()
      }
    },
    sets.map((set) => set.module).join('-'),
  )
  const database = openPool({ connection: raw.connection, poolSize: 10 })
  const keysDir = await mkdtemp(join(tmpdir(), 'gatehouse-keys-'))
  const keyFile = join(keysDir, 'root.key')
  const blobs = options.blobs ?? diskBlobs(join(keysDir, 'blobs'), clock.nowMs)
  const root = await fileKeyStore(keyFile, nodePrimitives, { create: true })
  const epochs = folderEpochs([join(keysDir, 'epochs')], root, nodePrimitives, clock.nowMs)
  const keys = await openKeys(database, root, epochs, nodePrimitives, { restSeconds: 0, settleSeconds: 0 })
  const entries: AuditEntry[] = []
  const enqueued: TestNode['enqueued'] = []
  const logLines: string[] = []
  const letters: Letter[] = []
  const queue: Queue = {
    async enqueue(_tx, name, data) {
      enqueued.push({ queue: name, data })
    },
  }
  const node = nodeOf({
    about: { version: '0.0.0', startedMs: clock.nowMs(), releaseKeys: options.releaseKeys ?? [] },
    database,
    keys,
    publishesNodeLog: false,
    speaksDataspace: options.speaksDataspace ?? false,
    o1jsFolder: options.o1jsFolder,
    sourcePlugins: options.sourcePlugins ?? [],
    heads: options.heads ?? (await folderHeads(join(keysDir, 'heads'))),
    source: clock,
    log: createLog('info', { write: (line) => logLines.push(line) }),
    metrics: createMetrics(),
    egress: openEgress({ allow: options.egressAllow ?? [] }, undefined, async (name) => options.texts?.[name] ?? []),
    mail: options.mail ?? {
      on: true,
      async send(letter) {
        letters.push(checkLetter(letter))
        return 'sent'
      },
    },
    sms: options.sms,
    queue,
    erasers: [...ownErasers, ...options.modules.flatMap((module) => module.erasers ?? [])],
    blobs,
    secrets: sealedTable(database, keys, clock),
    wrappedKeys: [...runtimeWrappedKeys, ...options.modules.flatMap((module) => module.wrappedKeys ?? [])],
    scanner: options.scanner,
    backups: options.backups ?? 'off',
    addresses: options.addresses ?? { exchangeHost: '127.0.0.1', exchangePort: 9999, origin: 'http://127.0.0.1:5000' },
  })
  const door = openDoor(node, {
    authenticate: async () => undefined,
    stillHold: async (_node, _tenant, principals) => principals.map(() => true),
    within: async () => true,
    allowed: () => true,
    revision: async () => 0,
    approve: async () => undefined,
    append: async (_tx, entry) => {
      entries.push(entry)
    },
    countUnknown: () => {},
    ...options.plugs,
  })
  const tenant = '01980000-0000-7000-8000-000000000001' as Id<'tenant'>
  const principal = (more: Partial<Principal>): Principal => ({
    ...systemPrincipal(tenant),
    kind: 'user',
    id: '01980000-0000-7000-8000-0000000000aa',
    roles: ['administrator'],
    ...more,
  })
  return {
    door,
    database,
    blobs,
    keyStore: root,
    clock,
    tenant,
    entries,
    enqueued,
    logLines,
    letters,
    admin: principal({}),
    principal,
    async close() {
      await node.egress.close()
      await database.close()
      await raw.drop()
      await rm(keysDir, { recursive: true, force: true })
    },
  }
}
