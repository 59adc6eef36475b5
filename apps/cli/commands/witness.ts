import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { openWitness } from '../witness/server.ts'
import { act, wholeNumber } from './act.ts'

interface Options {
  readonly name: string
  readonly folder: string
  readonly log: string[]
  readonly host: string
  readonly port: number
}

export function addWitness(program: Command): void {
  program
    .command('witness')
    .description('watch logs of other nodes: cosign a checkpoint only if it begins with the last one (C2SP tlog-witness)')
    .requiredOption('--name <name>', 'its name for ever, such as witness.example/w1')
    .requiredOption('--log <vkey>', 'the verifier key of a log to watch; may be given several times', (value: string, before: string[] = []) => [
      ...before,
      value,
    ])
    .option('--folder <folder>', 'where its key and what it cosigned are kept', 'witness')
    .option('--host <address>', 'where it listens', '127.0.0.1')
    .option('--port <number>', 'its port; 0 lets the system choose', wholeNumber, 8_443)
    .addHelpText(
      'after',
      '\nIt speaks plain HTTP: put a proxy with TLS before it. Run it in other hands than the logs; whoever holds both can fork them.\nNever begin with an empty folder after a loss: a witness that forgets vouches for nothing.',
    )
    .action(
      act(async ({ out }, { name, folder, log, host, port }: Options) => {
        const { vkey, server } = await openWitness({ folder: resolve(folder), name, logs: log })
        server.listen(port, host)
        await once(server, 'listening')
        const url = `http://${host}:${(server.address() as AddressInfo).port}`
        out.say(`The witness answers at ${url}/add-checkpoint. Its verifier key:`)
        out.say(vkey)
        out.result({ url, vkey })
        await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
        server.close()
        server.closeAllConnections()
      }),
    )
}
