import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { exportLog } from '../files/export-log.ts'
import type { Connection } from '../node/connection.ts'
import { count } from '../terminal/output.ts'
import { openProgress, type Progress } from '../terminal/progress.ts'
import { act, wholeNumber } from './act.ts'

export function addLog(program: Command): void {
  const log = program.command('log').description('the log as a whole: how it stands, who may read and who vouches for it, its files, its successor')

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
        out.say(`Check it: gatehouse-verify log ${folder} --key FILE (the keys: gatehouse log keys)`)
        out.result(result)
      }),
    )

  log
    .command('keys')
    .description('the verifier keys that an auditor asks for; hand them over by another way than the log')
    .option('-o, --out <file>', 'write them to a file instead')
    .action(
      act(async ({ out, connect }, { out: file }: { out?: string }) => {
        const { client } = await connect()
        const keys = must(await client.GET('/v1/evidence/keys', {}))
        if (file === undefined) out.say(keys.key_file.trimEnd())
        else {
          await writeFile(file, keys.key_file)
          out.say(`${file} written. "gatehouse-verify log … --key ${file}" checks the log with it.`)
        }
        out.result(keys)
      }),
    )

  log
    .command('publish')
    .description('let everybody read the log, without an account; --quorum demands cosignatures of witnesses')
    .option('--quorum <number>', 'outsiders are shown the newest checkpoint that so many witnesses have cosigned', wholeNumber)
    .addHelpText('after', '\nEntries hold opaque ids, digests and counts; their number and times become visible. "gatehouse log withdraw" ends it.')
    .action(
      act(async ({ out, connect }, { quorum }: { quorum?: number }) => {
        const connection = await connect()
        const settings = must(
          await connection.client.PATCH('/v1/ledger/settings', { body: { publish_log: true, ...(quorum === undefined ? {} : { quorum }) } }),
        )
        const { origin } = connection.credential
        const id = await ownLog(connection)
        const demanded = settings.quorum === 0 ? '' : `, as far as ${settings.quorum} of its witnesses ${settings.quorum === 1 ? 'has' : 'have'} cosigned it`
        out.say(`Everybody reads the log at ${origin}/logs/${id}${demanded}, and checks it in a browser at ${origin}/audit/${id}.`)
        out.say('Hand auditors the keys by another way: "gatehouse log keys".')
        out.result(settings)
      }),
    )

  log
    .command('withdraw')
    .description('show the log to nobody without an account any more; what was read stays read')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const settings = must(await client.PATCH('/v1/ledger/settings', { body: { publish_log: false } }))
        out.say('The log is not published any more.')
        out.result(settings)
      }),
    )

  log
    .command('witnesses')
    .description('who is asked to cosign the log, how far each has come, and why not further')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const { data } = must(await client.GET('/v1/ledger/witnesses', {}))
        if (data.length === 0) out.say('Nobody witnesses the log yet. "gatehouse log ask" adds a witness.')
        else
          out.table(
            ['witness', 'name', 'address', 'cosigned', 'at', 'fault'],
            data.map((row) => [row.id, row.name, row.url, row.cosigned_size ?? '–', row.cosigned_at ?? '–', row.fault ?? '']),
          )
        out.result(data)
      }),
    )

  log
    .command('ask')
    .description('ask a witness to cosign the log from now on')
    .argument('<vkey>', 'its verifier key, as "gatehouse witness" prints it')
    .argument('<url>', 'its address; the node must be allowed to reach the host (GATEHOUSE_EGRESS_ALLOW)')
    .action(
      act(async ({ out, connect }, vkey: string, url: string) => {
        const { client } = await connect()
        const added = must(await client.POST('/v1/ledger/witnesses', { body: { vkey, url } }))
        out.say(`${added.name} is asked. "gatehouse log witnesses" tells how far it has come, "gatehouse log publish --quorum N" demands it.`)
        out.result(added)
      }),
    )

  log
    .command('dismiss')
    .description('ask a witness no more; what it cosigned stays')
    .argument('<witness>', 'its id, from "gatehouse log witnesses"')
    .action(
      act(async ({ out, connect }, witness: string) => {
        const { client } = await connect()
        const left = must(await client.DELETE('/v1/ledger/witnesses/{witness}', { params: { path: { witness } } }))
        out.say(
          `Dismissed. ${left.witnesses === 0 ? 'No witness is' : left.witnesses === 1 ? 'One witness is' : `${count(left.witnesses)} witnesses are`} left.`,
        )
        out.result(left)
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

export async function ownLog({ client }: Connection): Promise<string> {
  return must(await client.GET('/v1/ledger/standing', {})).origin.split('/')[1] ?? ''
}

export async function readLogFile({ transport, credential }: Connection, log: string, path: string): Promise<Uint8Array> {
  const answer = await transport(new Request(`${credential.origin}/logs/${log}/${path}`, { headers: { authorization: `Bearer ${credential.key}` } }))
  if (!answer.ok) throw new Error(`The node answered ${answer.status} for ${path}.`)
  return new Uint8Array(await answer.arrayBuffer())
}
