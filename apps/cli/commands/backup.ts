/** Backup and restore, from the operator's side. Both work with the files and the server of the home and need no account of the node. */
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { type Config, readConfig } from '@gatehouse/runtime/base/config'
import { beginArchive, makeBackup, sealArchive } from '@gatehouse/runtime/data/backup/make'
import { restoreBackup } from '@gatehouse/runtime/data/backup/restore'
import { listBackups } from '@gatehouse/runtime/data/backup/shelf'
import { openBlobs } from '@gatehouse/runtime/data/blobs/open'
import { type Egress, openEgress } from '@gatehouse/runtime/data/egress'
import { type Epochs, folderEpochs } from '@gatehouse/runtime/data/keys/epochs'
import { openKeyStore } from '@gatehouse/runtime/data/keys/open-key-store'
import { runningSuperuser, switchLog } from '@gatehouse/runtime/data/postgres/running'
import type { Command } from 'commander'
import { homeOf } from '../node/home.ts'
import { count, type Output } from '../terminal/output.ts'
import { openStep } from '../terminal/progress.ts'
import { act } from './act.ts'

export function addBackup(program: Command): void {
  program
    .command('backup')
    .description('write a sealed copy of the running node: database, its log of changes, and large objects')
    .requiredOption('--to <folder>', 'the folder that holds the backups')
    .option('--list', 'only tell which backups lie there, and whether they open')
    .option('--wal', 'only add what the database wrote since; with it a restore can go to any moment up to now')
    .action(
      act(async ({ out, home: given }, { to, wal, list }: { to: string; wal?: boolean; list?: boolean }) => {
        const home = await homeOf(given)
        const folder = resolve(to)
        if (list === true) return withKeys(home, ({ epochs }) => tellBackups(out, folder, epochs))
        await withKeys(home, async ({ config, egress, epochs }) => {
          if (config.databaseUrl !== undefined)
            throw new Error(
              'This node uses a database server of yours (DATABASE_URL). Back it up with its own tools, such as pg_basebackup; the epoch keys are not in it.',
            )
          const superuser = await runningSuperuser(home)
          const archive = join(home, 'postgres', 'archive')
          await beginArchive(archive)
          const step = openStep(!out.json)
          if (wal === true) await switchLog(superuser)
          const made =
            wal === true
              ? undefined
              : await makeBackup({
                  dataDir: join(home, 'postgres', 'data'),
                  superuser,
                  blobs: await openBlobs(config.blobs, join(home, 'blobs'), egress, Date.now),
                  to: folder,
                  epochs,
                  primitives: nodePrimitives,
                  nowMs: Date.now(),
                  onProgress: step.tell,
                }).finally(step.end)
          const segments = await sealArchive({ to: folder, archive, epochs, primitives: nodePrimitives })
          if (made !== undefined) out.say(`The backup lies in ${made.folder}. It was read back and holds.`)
          out.say(`${segments} finished parts of the database's log were added to ${join(folder, 'wal')}.`)
          if (config.epochCopies.length === 0) out.say('The epoch keys have no second place: without them no backup opens. Set GATEHOUSE_EPOCH_COPIES.')
          out.result({ folder: made?.folder ?? null, manifest: made?.manifest ?? null, segments })
        })
      }),
    )

  program
    .command('restore')
    .description('put a backup into an empty home; root key and epoch keys must lie in it already')
    .argument('<backup>', 'the folder of one backup')
    .option('--to <time>', 'the moment to go to, such as 2026-11-28T10:00:00Z; the end of the backup where it is absent')
    .option('--without-heads', 'restore although the store of heads is not there: people erased since the backup come back, and a log can fork')
    .action(
      act(async ({ out, home: given }, backup: string, { to, withoutHeads }: { to?: string; withoutHeads?: boolean }) => {
        const home = await homeOf(given)
        const toMs = to === undefined ? undefined : Date.parse(to)
        if (Number.isNaN(toMs)) throw new Error(`--to ${to} is no time; write it as 2026-11-28T10:00:00Z.`)
        await withKeys(home, async ({ config, egress, epochs }) => {
          if (withoutHeads !== true && config.heads === undefined && !(await hasContent(join(home, 'heads'))))
            throw new Error(
              `The store of heads is not there (${join(home, 'heads')}, or GATEHOUSE_HEADS). It knows who was erased since the backup, and how far each log had come. Put it in place; or add --without-heads, and know that erased people come back and that logs may contradict what others have seen of them.`,
            )
          const step = openStep(!out.json)
          const manifest = await restoreBackup({
            home,
            from: resolve(backup),
            toMs,
            blobs: await openBlobs(config.blobs, join(home, 'blobs'), egress, Date.now),
            epochs,
            primitives: nodePrimitives,
            searchPath: config.searchPath,
            onProgress: step.tell,
          }).finally(step.end)
          out.say(
            `Backup ${manifest.id} is in place${to === undefined ? '' : `, at ${to}`}. Start the node: before it opens it erases again whoever was erased since.`,
          )
          out.result({ backup: manifest.id, to: to ?? null })
        })
      }),
    )
}

async function tellBackups(out: Output, folder: string, epochs: Epochs): Promise<void> {
  const { kept, unreadable } = await listBackups(folder, epochs, nodePrimitives)
  if (kept.length + unreadable.length === 0) out.say(`No backup lies in ${folder}.`)
  else {
    out.table(
      ['backup', 'made', 'MB', 'opens until'],
      [
        ...kept.map(({ id, madeAt, bytes, opensUntil }) => [id, madeAt.slice(0, 16), count(Math.ceil(bytes / 1e6)), opensUntil.slice(0, 16)]),
        ...unreadable.map(({ id, fault }) => [id, fault, '', 'never']),
      ],
    )
  }
  out.result({ folder, backups: kept, unreadable })
}

async function withKeys(home: string, run: (given: { config: Config; egress: Egress; epochs: Epochs }) => Promise<void>): Promise<void> {
  const config = readConfig()
  const hosts = config.keyStore.kind === 'transit' ? [new URL(config.keyStore.address).hostname] : []
  const egress = openEgress({ ...config.egress, allow: [...config.egress.allow, ...hosts] })
  try {
    const keysDir = join(home, 'keys')
    const store = await openKeyStore({ config: config.keyStore, keysDir, egress, primitives: nodePrimitives, create: false })
    await run({ config, egress, epochs: folderEpochs([join(keysDir, 'epochs'), ...config.epochCopies], store, nodePrimitives, Date.now) })
  } finally {
    await egress.close()
  }
}

async function hasContent(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined)) !== undefined && (await readdir(folder)).length > 0
}
