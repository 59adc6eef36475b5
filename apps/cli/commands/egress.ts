import { readConfig } from '@gatehouse/runtime/base/config'
import { originOfS3 } from '@gatehouse/runtime/data/blobs/s3'
import { destinations } from '@gatehouse/runtime/data/egress'
import type { Command } from 'commander'
import { act } from './act.ts'

export function addEgress(program: Command): void {
  program
    .command('egress')
    .description('the exact hosts and ports that a firewall must let out and in, read from the settings of this shell')
    .action(
      act(async ({ out }) => {
        const config = readConfig()
        const outward = destinations(config.egress, config.otlpEndpoint, config.blobs.kind === 's3' ? originOfS3(config.blobs) : undefined)
        const inward = [
          ...(config.roles.includes('api') ? [{ host: config.host, port: config.port, why: 'portal and API' }] : []),
          ...(config.roles.includes('exchange') ? [{ host: config.exchangeHost, port: config.exchangePort, why: 'exchange (TLS 1.3)' }] : []),
        ]
        const rows = (list: readonly { host: string; port: number; why: string }[]) => list.map(({ host, port, why }) => [host, port, why])
        if (outward.length === 0) out.say('Outward: nothing. With these settings the node opens no connection to anywhere.')
        else {
          out.say('Outward, and nothing else:')
          out.table(['host', 'port', 'why'], rows(outward))
        }
        out.say()
        out.say('Inward:')
        out.table(['address', 'port', 'why'], rows(inward))
        if (config.databaseUrl !== undefined) out.say('\nBeside these the database of DATABASE_URL.')
        out.result({ outward, inward })
      }),
    )
}
