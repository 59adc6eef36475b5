import { resolve } from 'node:path'
import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { exportLog } from '../files/export-log.ts'
import type { Connection } from '../node/connection.ts'
import { count } from '../terminal/output.ts'
import { openProgress, type Progress } from '../terminal/progress.ts'
import { act, wholeNumber } from './act.ts'

export function addLog(program: Command): void {
  const log = program.command('log').description('the log as a whole: how it stands, its files, its successor')

  log
    .command('status')
    .description('size, head and witnesses of the log')
    .option('--node', 'of the log that the node itself keeps, over the heads of all; for operators')
    .action(
      act(async ({ out, connect }, { node = false }: { node?: boolean }) => {
        const { client } = await connect()
        const standing = node ? must(await client.GET('/v1/node/log', {})) : must(await client.GET('/v1/ledger/standing', {}))
        out.table(
          ['what', 'value'],
          Object.entries(standing).map(([name, value]) => [name, value === null ? '–' : String(value)]),
        )
        out.result(standing)
      }),
    )

  log
    .command('export')
    .description('write the log as tile files (C2SP tlog-tiles); run again, it goes on where it was')
    .argument('<folder>')
    .option('--node', 'of the log that the node itself keeps, over the heads of all; for operators')
    .action(
      act(async ({ out, connect }, folder: string, { node = false }: { node?: boolean }) => {
        const connection = await connect()
        const id = node ? 'node' : await ownLog(connection)
        let bar: Progress | undefined
        const result = await exportLog(
          resolve(folder),
          (path) => readLogFile(connection, id, path),
          (done, of) => {
            bar ??= openProgress('files', of, !out.json)
            bar.to(done)
          },
        )
        bar?.end()
        out.say(`${count(result.size)} entries of ${result.origin}: ${count(result.written)} files written, ${count(result.kept)} were there.`)
        out.say(`Check it: gatehouse-verify log ${folder}`)
        out.result(result)
      }),
    )

  log
    .command('succeed')
    .description('after a restored backup: go on under a new origin, whose first entry names the old checkpoint')
    .requiredOption('--stored-size <number>', 'the size that "gatehouse log status" tells as stored_size', wholeNumber)
    .action(
      act(async ({ out, connect }, { storedSize }: { storedSize: number }) => {
        const { client } = await connect()
        const done = must(await client.POST('/v1/ledger/succeed', { body: { stored_size: storedSize } }))
        out.say(
          `The log goes on as ${done.origin}. Tell whoever keeps checkpoints of ${done.old_origin}: it ended at ${count(done.old_size)} entries, of which ${count(done.size)} are here.`,
        )
        out.result(done)
      }),
    )

  log
    .command('adopt')
    .description('after the store of heads was moved or lost: put the database’s head into it')
    .requiredOption('--size <number>', 'the size that "gatehouse log status" tells', wholeNumber)
    .addHelpText('after', '\nOnly if this database was not put back from a backup: afterwards nothing can tell any more.')
    .action(
      act(async ({ out, connect }, { size }: { size: number }) => {
        const { client } = await connect()
        const done = must(await client.POST('/v1/ledger/adopt', { body: { size } }))
        out.say(`The head of ${count(done.size)} entries will be stored with the next checkpoint.`)
        out.result(done)
      }),
    )
}

async function ownLog({ client }: Connection): Promise<string> {
  return must(await client.GET('/v1/ledger/standing', {})).origin.split('/')[1] ?? ''
}

async function readLogFile({ transport, credential }: Connection, log: string, path: string): Promise<Uint8Array> {
  const answer = await transport(new Request(`${credential.origin}/logs/${log}/${path}`, { headers: { authorization: `Bearer ${credential.key}` } }))
  if (!answer.ok) throw new Error(`The node answered ${answer.status} for ${path}.`)
  return new Uint8Array(await answer.arrayBuffer())
}
