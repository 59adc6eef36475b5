/** Builds a node from its configuration and opens the doors of its roles; `main.ts` and the tests start nodes through here. */
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sensitiveNames } from '@gatehouse/core/schema'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { connectorsOf } from '@gatehouse/modules/custody/catalog/index'
import { declareMessageKinds } from '@gatehouse/modules/exchange/federation/index'
import { redeem } from '@gatehouse/modules/exchange/release/index'
import { declareReviewKinds } from '@gatehouse/modules/governance/approvals/index'
import { firstRunToken, issueProcessCredential, writeFailures } from '@gatehouse/modules/governance/identity/index'
import { defaultTenant, ensureTenant } from '@gatehouse/modules/governance/tenancy/index'
import type { Config } from '@gatehouse/runtime/base/config'
import type { Source } from '@gatehouse/runtime/base/context'
import { type InstancePaths, lockInstance, openInstance } from '@gatehouse/runtime/base/instance'
import { createLog, neverLog } from '@gatehouse/runtime/base/log'
import { loadPlugins } from '@gatehouse/runtime/base/plugins'
import { createMetrics, exportLogs, exportTraces, type LogExport } from '@gatehouse/runtime/base/telemetry'
import { backupsOf, prepareFolder } from '@gatehouse/runtime/data/backup/backups'
import { openBlobs } from '@gatehouse/runtime/data/blobs/open'
import { originOfS3 } from '@gatehouse/runtime/data/blobs/s3'
import { type Database, openPool } from '@gatehouse/runtime/data/db'
import { openEgress } from '@gatehouse/runtime/data/egress'
import { openHeads } from '@gatehouse/runtime/data/heads/open'
import { watchEnded } from '@gatehouse/runtime/data/keys/ended'
import { dayMs, folderEpochs } from '@gatehouse/runtime/data/keys/epochs'
import { openKeys } from '@gatehouse/runtime/data/keys/keys'
import { openKeyStore } from '@gatehouse/runtime/data/keys/open-key-store'
import { isSealed } from '@gatehouse/runtime/data/keys/store'
import { runtimeWrappedKeys } from '@gatehouse/runtime/data/keys/wrapped-keys'
import { folderMail } from '@gatehouse/runtime/data/mail/folder'
import { smtpMail } from '@gatehouse/runtime/data/mail/smtp'
import { migrate } from '@gatehouse/runtime/data/migrate'
import { openDatabase } from '@gatehouse/runtime/data/postgres/open'
import { runtimeMigrations } from '@gatehouse/runtime/data/runtime-migrations'
import { clamdScanner } from '@gatehouse/runtime/data/scan/clamd'
import { sealedTable } from '@gatehouse/runtime/data/secrets/sealed-table'
import { vaultKv } from '@gatehouse/runtime/data/secrets/vault-kv'
import { gatewaySms } from '@gatehouse/runtime/data/sms/gateway'
import { openDoor } from '@gatehouse/runtime/door/door'
import { type Node, type NodeServices, nodeOf } from '@gatehouse/runtime/door/node'
import { ownErasers } from '@gatehouse/runtime/door/own-erasers'
import { namesOf, needsTls, originOf } from '@gatehouse/runtime/edge/address'
import { dispatcher } from '@gatehouse/runtime/edge/dispatcher'
import { followUps } from '@gatehouse/runtime/edge/follow-up'
import { housekeeping } from '@gatehouse/runtime/edge/housekeeping'
import { openHttp } from '@gatehouse/runtime/edge/http'
import { openApi } from '@gatehouse/runtime/edge/openapi'
import { servePages } from '@gatehouse/runtime/edge/pages'
import { openSocket } from '@gatehouse/runtime/edge/socket'
import { ownTls, tlsFromFiles } from '@gatehouse/runtime/edge/tls'
import { openBoss, runJobs, runLoops } from '@gatehouse/runtime/edge/worker'
import { permissionsOf } from '@gatehouse/runtime/work/permission'
import { queueOn } from '@gatehouse/runtime/work/queue'
import { catchUpAfterRestore } from './after-restore.ts'
import { frame } from './exchange-frame.ts'
import { apiInfo, version } from './info.ts'
import { forNodes, modules, operations } from './modules.ts'
import { dispatcherPlugs, doorPlugs } from './plugs.ts'

export interface StartInput {
  readonly config: Config
  /** The folder of the checkout or installation. */
  readonly root: string
  readonly onProgress?: (step: string) => void
  /** The database ended on its own. */
  readonly onLost?: () => void
  /** Loops that whoever starts the node takes over. */
  readonly without?: readonly string[]
}

export interface RunningNode {
  readonly home: string
  readonly origin: string
  readonly exchange: { readonly host: string; readonly port: number; readonly fingerprint: string } | undefined
  /** Where the first administrator signs in; absent once there is one. */
  readonly firstRun: string | undefined
  /** For whoever starts a node for one piece of work. */
  readonly node: Node
  stop(): Promise<void>
}

/** Stops what was started, last first, and goes on when one of them fails. */
class Stack {
  readonly #steps: (() => Promise<unknown>)[] = []
  add(step: () => Promise<unknown>): void {
    this.#steps.push(step)
  }
  async unwind(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) await step().catch(() => {})
  }
}

const source: Source = { nowMs: () => Date.now(), randomBytes: nodePrimitives.randomBytes }

export async function startNode(input: StartInput): Promise<RunningNode> {
  const stack = new Stack()
  try {
    return await start(input, stack)
  } catch (error) {
    await stack.unwind()
    throw error
  }
}

async function start({ config, root, onProgress = () => {}, onLost, without = [] }: StartInput, stack: Stack): Promise<RunningNode> {
  const collected = config.otlpEndpoint === undefined ? undefined : exportLogs(version)
  const log = createLog(config.logLevel, undefined, collected)
  for (const operation of operations) neverLog([...sensitiveNames(operation.input), ...sensitiveNames(operation.output)])
  const instance = await openInstance({ root, directory: config.home })
  const lock = await lockInstance(instance)
  stack.add(() => lock.release())
  if (config.schedule !== undefined) await prepareFolder(config.schedule.folder)

  onProgress('starting PostgreSQL')
  const postgres = await openDatabase({
    instanceDir: instance.dir,
    databaseUrl: config.databaseUrl,
    searchPath: config.searchPath,
    log: { info: (message) => log.debug(message), error: (message) => log.error(message) },
    onProgress,
    ...(onLost === undefined ? {} : { onLost }),
  })
  stack.add(() => postgres.stop())
  const database = openPool({ connection: postgres.connection, poolSize: config.poolSize, onError: () => log.warn('an idle database connection was lost') })
  stack.add(() => database.close())
  // Keys are asked for inside acts. On connections of their own they never wait for one that an act, waiting for the key, holds.
  const keyDatabase = openPool({ connection: postgres.connection, poolSize: 2, onError: () => log.warn('an idle database connection was lost') })
  stack.add(() => keyDatabase.close())

  onProgress('migrating the database')
  await migrate(
    database,
    [...runtimeMigrations, ...modules.flatMap(({ name, migrations }) => (migrations === undefined ? [] : [{ module: name, directory: migrations }]))],
    (file) => onProgress(`migrating ${file}`),
  )
  onProgress('opening the keys')
  const services = await servicesOf({ config, instance, database, keyDatabase, log, collected, stack })
  const node = nodeOf(services)
  // A plug-in that is no connector stops the start, and not the first page that lists the kinds.
  connectorsOf(node)
  declareReviewKinds(
    node,
    modules.flatMap((module) => module.reviewKinds ?? []),
  )
  declareMessageKinds(
    node,
    modules.flatMap((module) => module.messageKinds ?? []),
  )
  const door = openDoor(node, doorPlugs)
  await ensureTenant(node, defaultTenant.slug, defaultTenant.name, { second_factor: config.secondFactor })
  await catchUpAfterRestore(door, instance.dir, onProgress)

  const after = followUps(door)
  const ready = () => database.alive()
  const { origin, exchangeHost } = services.addresses
  stack.add(() => writeFailures(node, { all: true }))
  stack.add(() => after.settle())
  const identity = () => (config.tls === undefined ? ownTls(join(instance.keysDir, 'exchange.pem'), namesOf(config), source.nowMs()) : tlsFromFiles(config.tls))
  let exchange: RunningNode['exchange']
  if (config.roles.includes('exchange')) {
    const tls = await identity()
    const socket = await openSocket({
      door,
      followUps: after,
      tls,
      operation: redeem,
      inputOf: (token) => ({ token }),
      frame,
      host: config.exchangeHost,
      port: config.exchangePort,
    })
    stack.add(() => socket.close())
    exchange = { host: exchangeHost, port: socket.port, fingerprint: tls.fingerprint }
  }
  // What is off is not there: its paths answer like any that nobody has heard of.
  const spoken = operations.filter(({ http }) => config.dataspace || http?.speaks?.startsWith('dsp:') !== true)
  const doors = spoken.filter((operation) => config.roles.includes(forNodes.has(operation) ? 'coordinator' : 'api'))
  if (doors.length > 0) {
    const tls = needsTls(config) ? await identity() : undefined
    const app = await openHttp({ door, followUps: after, operations: doors, rateLimits: config.rateLimits, trustedProxy: config.trustedProxy, ready, tls })
    if (config.roles.includes('api')) await servePages(app, () => openApi(operations, apiInfo), join(root, 'apps/portal/dist'))
    await app.listen({ host: config.host, port: config.port })
    stack.add(() => app.close())
  }
  if (config.roles.includes('worker')) {
    const loops = [
      ...modules.flatMap((module) => module.loops ?? []),
      dispatcher(
        dispatcherPlugs,
        modules.flatMap((module) => module.subscriptions ?? []),
      ),
      housekeeping,
    ]
    const worker = runLoops(
      door,
      loops.filter(({ name }) => !without.includes(name)),
    )
    stack.add(() => worker.stop())
    const jobs = await runJobs(
      door,
      services.boss,
      modules.flatMap((module) => module.jobs ?? []),
    )
    stack.add(() => jobs.stop())
  }
  const firstRun = config.roles.includes('api') ? await firstRunToken(node) : undefined
  if (config.roles.includes('api')) await writeCredential(instance, { origin, exchange, key: await issueProcessCredential(node) })
  return {
    node,
    home: instance.dir,
    origin,
    exchange,
    firstRun: firstRun === undefined ? undefined : `${origin}/first-run#${firstRun}`,
    stop: () => stack.unwind(),
  }
}

interface ServicesInput {
  readonly config: Config
  readonly instance: InstancePaths
  readonly database: Database
  readonly keyDatabase: Database
  readonly log: ReturnType<typeof createLog>
  readonly collected: LogExport | undefined
  readonly stack: Stack
}

async function servicesOf({
  config,
  instance,
  database,
  keyDatabase,
  log,
  collected,
  stack,
}: ServicesInput): Promise<NodeServices & { boss: ReturnType<typeof openBoss> }> {
  // Where traces, objects and the root key lie is the operator's own setting: it needs no second entry on the allow list.
  const traceHost = config.otlpEndpoint === undefined ? [] : [new URL(config.otlpEndpoint).hostname]
  const blobHost = config.blobs.kind === 's3' ? [new URL(originOfS3(config.blobs)).hostname] : []
  const keyHost = config.keyStore.kind === 'transit' ? [new URL(config.keyStore.address).hostname] : []
  const headHost = typeof config.heads === 'object' ? [new URL(originOfS3(config.heads)).hostname] : []
  const secretHost = config.secretStore === undefined ? [] : [new URL(config.secretStore.address).hostname]
  const egress = openEgress({ ...config.egress, allow: [...config.egress.allow, ...traceHost, ...blobHost, ...keyHost, ...headHost, ...secretHost] })
  stack.add(() => egress.close())
  // A database that was sealed before must find its root key; only an empty one may begin with a new key.
  const sealed = await database.transaction('node', isSealed)
  const keyStore = await openKeyStore({ config: config.keyStore, keysDir: instance.keysDir, egress, primitives: nodePrimitives, create: !sealed })
  const life = { lastsMs: config.epochDays * dayMs, keptMs: config.backupDays * dayMs }
  const epochs = folderEpochs([join(instance.keysDir, 'epochs'), ...config.epochCopies], keyStore, nodePrimitives, source.nowMs, life)
  const keys = await openKeys(keyDatabase, keyStore, epochs, nodePrimitives)
  const ended = watchEnded(keyDatabase, keys)
  stack.add(() => ended.stop())
  const heads = await openHeads(config.heads ?? instance.headsDir, egress)
  stack.add(() => heads.close())
  const boss = openBoss(database, (error) => log.warn({ error }, 'the job queue met an error'))
  await boss.start()
  stack.add(() => boss.stop({ graceful: false, wait: false }))
  if (config.otlpEndpoint !== undefined) {
    const post = async (path: string, body: string): Promise<boolean> => {
      const answer = await egress.send(`${config.otlpEndpoint?.replace(/\/$/, '')}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        timeoutMs: 10_000,
        bytesMax: 65_536,
      })
      return answer.status < 300
    }
    const traces = await exportTraces(post, version)
    collected?.begin(post)
    stack.add(async () => collected?.shutdown())
    stack.add(() => traces.shutdown())
  }
  const blobs = await openBlobs(config.blobs, instance.blobsDir, egress, source.nowMs)
  const { schedule } = config
  return {
    about: { version, startedMs: source.nowMs(), releaseKeys: config.releaseKeys },
    database,
    keys,
    heads,
    publishesNodeLog: config.publishNodeLog,
    speaksDataspace: config.dataspace,
    o1jsFolder: config.o1jsFolder,
    sourcePlugins: await loadPlugins('GATEHOUSE_SOURCE_PLUGINS', config.sourcePlugins),
    source,
    log,
    metrics: createMetrics(),
    egress,
    mail: config.smtp === undefined ? folderMail(join(instance.dir, 'mail'), source.nowMs) : smtpMail(egress, config.smtp),
    sms: config.sms === undefined ? undefined : gatewaySms(egress, config.sms),
    secrets: config.secretStore === undefined ? sealedTable(keyDatabase, keys, source) : vaultKv(egress, config.secretStore, source),
    wrappedKeys: [...runtimeWrappedKeys, ...modules.flatMap((module) => module.wrappedKeys ?? [])],
    queue: queueOn(boss, permissionsOf({ keys, source })),
    scanner: config.clamd === undefined ? undefined : clamdScanner(egress, config.clamd),
    blobs,
    backups:
      config.databaseUrl !== undefined
        ? 'external'
        : schedule === undefined
          ? 'off'
          : backupsOf({ schedule, home: instance.dir, blobs, epochs, primitives: nodePrimitives, searchPath: config.searchPath, nowMs: source.nowMs }),
    boss,
    erasers: [...ownErasers, ...modules.flatMap((module) => module.erasers ?? [])],
    addresses: { exchangeHost: config.publicHost, exchangePort: config.exchangePort, origin: originOf(config) },
  }
}

/** What commands on this machine sign in with. Only the node's own user can read it. */
async function writeCredential(instance: InstancePaths, credential: object): Promise<void> {
  const path = join(instance.dir, 'credential.json')
  // Put there whole: a command that waits for the node reads it again and again.
  const draft = `${path}.${process.pid}`
  await rm(draft, { force: true })
  await writeFile(draft, `${JSON.stringify(credential, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  await rename(draft, path)
}
