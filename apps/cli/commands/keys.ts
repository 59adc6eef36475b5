/** Keys from the operator's side: their ages, a change of them, and the ceremony that keeps the root key from being lost with a disk. */

import { chmod, link, mkdir, open, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toHex } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { type Config, readConfig } from '@gatehouse/runtime/base/config'
import { type Database, openPool } from '@gatehouse/runtime/data/db'
import { openEgress } from '@gatehouse/runtime/data/egress'
import { folderEpochs } from '@gatehouse/runtime/data/keys/epochs'
import { openKeyStore } from '@gatehouse/runtime/data/keys/open-key-store'
import { combineShares, fingerprintText, rootFromText, splitRoot } from '@gatehouse/runtime/data/keys/shares'
import { countUnderRoot } from '@gatehouse/runtime/data/keys/store'
import { openDatabase } from '@gatehouse/runtime/data/postgres/open'
import { must } from '@gatehouse/sdk/client'
import { Argument, type Command } from 'commander'
import { readText } from '../files/read-text.ts'
import { findNode } from '../node/connection.ts'
import { homeOf } from '../node/home.ts'
import { act, wholeNumber } from './act.ts'

/** How those who check come to know a new key. */
const handingOver = {
  log: 'Give it to your witnesses and auditors by a way they trust. "gatehouse-verify log", and "--log" of its other modes, also follow by themselves: the old key vouches for the new one in the log.',
  vault: '"gatehouse evidence" writes key files with all generations.',
  evidence: '"gatehouse evidence" writes key files with all generations.',
  credentials: 'The DID document of the institution names it already; wallets and verifiers have nothing to do.',
  certificates: 'Each certificate names its key, and the log vouches for it; those who check have nothing to do.',
}
type SigningKey = keyof typeof handingOver

export function addKeys(program: Command): void {
  const keys = program.command('keys').description('the keys of the node: their ages, their change, and the root key on paper')

  keys
    .command('list')
    .description('which keys there are, how old they are, and how far a change of them has come')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const told = must(await client.GET('/v1/keys'))
        out.say(`Root key: ${told.root.kind}. The next epoch of this institution begins ${told.next_epoch_at ?? 'with the first key'}.`)
        const epochs = (title: string, rows: typeof told.epochs) => {
          out.say()
          out.say(title)
          out.table(
            ['epoch', 'begun', 'key is destroyed'],
            rows.map((epoch) => [epoch.number, epoch.begun_at, epoch.key_ends_at]),
          )
        }
        epochs('Epochs of this institution: its keys lie under them.', told.epochs)
        epochs('Epochs of the node: its backups are sealed under them.', told.node_epochs)
        out.say()
        out.say('Keys of this institution:')
        out.table(
          ['version', 'epoch', 'made', 'destroyed'],
          told.tenant_keys.map((key) => [
            key.version,
            key.epoch === null ? 'none: under the root key' : `${key.epoch}${key.of_node_epoch ? ' of the node' : ''}`,
            key.created_at,
            key.destroyed_at ?? (key.retired_at === null ? 'in use' : 'on its way out'),
          ]),
        )
        out.say()
        out.say('Signing keys:')
        out.table(
          ['signs', 'generation', 'from entry', 'signs along until', 'verifies'],
          told.signing_keys.map((key) => [
            key.key,
            key.generation,
            key.from_entry ?? 'the beginning',
            key.signs_along_until ?? '–',
            key.verifies ? 'yes' : 'no: taken back',
          ]),
        )
        if (told.rotations.length > 0) {
          out.say()
          out.say('Changes of the key:')
          out.table(
            ['to version', 'begun', 'moved', 'of', 'faults', 'old ones destroyed'],
            told.rotations.map((row) => [row.version, row.started_at, row.moved, row.total, row.faults, row.destroyed_at ?? 'not yet']),
          )
        }
        out.result(told)
      }),
    )

  keys
    .command('rotate')
    .description('give the institution a new key; a job moves everything under it while the node works')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const { version } = must(await client.POST('/v1/keys/rotate', {}))
        out.say(`Version ${version} wraps from now on. "gatehouse keys list" shows how far the move has come.`)
        out.result({ version })
      }),
    )

  keys
    .command('rotate-signing')
    .description('give log, vault, evidence, credentials or certificates of erasure a new signing key; the old one vouches for it in the log')
    .addArgument(new Argument('<key>', 'what it signs').choices(Object.keys(handingOver)))
    .option(
      '--earlier-days <number>',
      'how long the old key of the log signs along; 0 for a key that may be in wrong hands, by which credentials then verify no more',
      wholeNumber,
      30,
    )
    .action(
      act(async ({ out, connect }, key: SigningKey, { earlierDays }: { earlierDays: number }) => {
        const { client } = await connect()
        const told = must(await client.POST('/v1/keys/signing', { body: { key, earlier_days: earlierDays } }))
        out.say(`Generation ${told.generation} of the key signs ${key === 'log' ? 'from the entry of this act on' : 'within seconds'}. Its verifier key:`)
        out.say(told.vkey)
        out.say(handingOver[key])
        if (key === 'credentials' && earlierDays === 0) out.say('What the old key signed is refused from now on. Offer those credentials again.')
        out.result(told)
      }),
    )

  keys
    .command('ceremony')
    .description('write the root key as shares on paper; some of them give it back, fewer say nothing about it')
    .option('--shares <number>', 'how many people get one', wholeNumber, 5)
    .option('--threshold <number>', 'how many of them have to come together', wholeNumber, 3)
    .requiredOption('--out <folder>', 'an empty folder for the sheets; best a memory file system such as /dev/shm, and gone after printing')
    .action(
      act(async ({ out, home: given }, { shares, threshold, out: folder }: { shares: number; threshold: number; out: string }) => {
        const home = await homeOf(given)
        const path = join(home, 'keys', 'root.key')
        const root = rootFromText(await readText(path))
        if (root === undefined) throw new Error(`${path} does not hold a root key.`)
        const texts = await splitRoot(nodePrimitives, root, shares, threshold)
        await mkdir(folder, { recursive: true, mode: 0o700 })
        const fingerprint = fingerprintText(nodePrimitives, root)
        const sheets = texts.map((_, index) => join(folder, `share-${index + 1}-of-${shares}.txt`))
        for (const [index, text] of texts.entries())
          await writeFile(sheets[index] ?? '', sheet(text, index + 1, shares, threshold, fingerprint), { flag: 'wx', mode: 0o600 })
        out.say(`${shares} sheets lie in ${folder}; any ${threshold} of them give the root key ${fingerprint} back.`)
        out.say(`Print each, and try what is printed before you rely on it: type it into files and run "gatehouse keys recover --check FILES".`)
        out.say('Then give each to another person and remove the folder.')
        out.result({ fingerprint, shares, threshold, sheets })
      }),
    )

  keys
    .command('recover')
    .description('put the root key back from shares')
    .argument('<files...>', 'one file with each share, as typed from the sheet')
    .option('--check', 'only say whether the shares give the key; write nothing')
    .action(
      act(async ({ out, home: given }, files: string[], { check }: { check?: boolean }) => {
        const home = await homeOf(given)
        const texts = await Promise.all(files.map(async (file) => linesOf(await readText(file))))
        const root = await combineShares(nodePrimitives, texts).catch((error: Error) => {
          throw new Error(error.message.replace(/\bshare (\d+)\b/g, (whole, number: string) => files[Number(number) - 1] ?? whole))
        })
        const fingerprint = fingerprintText(nodePrimitives, root)
        const path = join(home, 'keys', 'root.key')
        if (check !== true) await placeRoot(path, root)
        out.say(
          check === true
            ? `The shares give the root key ${fingerprint}. Nothing was written.`
            : `The root key ${fingerprint} lies in ${path}. Now the node can be started, and a backup restored.`,
        )
        out.result({ fingerprint, path: check === true ? null : path })
      }),
    )

  keys
    .command('move')
    .description('put the root key somewhere else, into a hardware module for instance; the node must be stopped')
    .argument('<place>', 'file, pkcs11:/path/to/lib.so?token=…&key=…, or vault:https://host:8200/transit/key')
    .action(
      act(async ({ out, home: given }, place: string) => {
        const config = readConfig()
        const home = await homeOf(given ?? config.home)
        if ((await findNode(home)) !== undefined) throw new Error('The node is running. Stop it first: it would go on with the old root key.')
        const target = readConfig({ ...process.env, GATEHOUSE_KEY_STORE: place }).keyStore
        if (target.kind === 'file' && config.keyStore.kind === 'file') throw new Error('The root key lies in a file already. Nothing was changed.')
        const services = [config.keyStore, target].flatMap((store) => (store.kind === 'transit' ? [new URL(store.address).hostname] : []))
        const egress = openEgress({ ...config.egress, allow: [...config.egress.allow, ...services] })
        try {
          const at = { keysDir: join(home, 'keys'), egress, primitives: nodePrimitives }
          const from = await openKeyStore({ ...at, config: config.keyStore, create: false })
          const left = await withDatabase(home, config, (database) => database.transaction('node', countUnderRoot))
          if (left > 0)
            throw new Error(
              `${left} keys lie under the root key alone, from a version without epochs, and would be lost. Start the node and let it work for an hour: it changes them by itself, and "gatehouse keys list" then shows an epoch for every version in use. Then stop it and move.`,
            )
          const to = await openKeyStore({ ...at, config: target, create: true })
          const moved = await folderEpochs([join(home, 'keys', 'epochs'), ...config.epochCopies], from, nodePrimitives, Date.now).moveTo(to)
          out.say(`${moved} epoch keys are wrapped under the root key in ${to.kind} now. Set GATEHOUSE_KEY_STORE='${place}' before the node starts.`)
          if (from.kind === 'file' && to.kind !== 'file') out.say(`Once it has started, destroy ${join(home, 'keys', 'root.key')}: shred -u.`)
          out.result({ moved, from: from.kind, to: to.kind })
        } finally {
          await egress.close()
        }
      }),
    )
}

/** The database of a node that is stopped, for one question. @returns 0 where there is none yet */
async function withDatabase(home: string, config: Config, ask: (database: Database) => Promise<number>): Promise<number> {
  if (config.databaseUrl === undefined && (await stat(join(home, 'postgres', 'data')).catch(() => undefined)) === undefined) return 0
  const postgres = await openDatabase({ instanceDir: home, databaseUrl: config.databaseUrl, searchPath: config.searchPath })
  const database = openPool({ connection: postgres.connection, poolSize: 1 })
  try {
    return await ask(database)
  } finally {
    await database.close()
    await postgres.stop()
  }
}

function sheet(text: string, number: number, shares: number, threshold: number, fingerprint: string): string {
  return [
    `Gatehouse root key ${fingerprint}`,
    `Share ${number} of ${shares}; any ${threshold} together give the key back.`,
    'Keep it where nobody else can read it. Alone it opens nothing.',
    '',
    text,
  ].join('\n')
}

/** Only the numbered lines of a sheet count; what was typed without them counts whole. */
function linesOf(text: string): string {
  const numbered = text.split('\n').filter((line) => /^\s*\d+:/.test(line))
  return numbered.length > 0 ? numbered.join('\n') : text
}

async function placeRoot(path: string, root: Uint8Array): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  const draft = `${path}.${toHex(nodePrimitives.randomBytes(6))}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${toHex(root)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await chmod(draft, 0o600)
  await link(draft, path)
    .catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? new Error(`${path} exists. If it is the wrong key, move it away first.`) : error
    })
    .finally(() => unlink(draft))
}
