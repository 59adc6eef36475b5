import { redeemOnSocket } from '@gatehouse/sdk/exchange'
import type { Command } from 'commander'
import { readText } from '../files/read-text.ts'
import { homeOf, readCredential } from '../node/home.ts'
import { act, wholeNumber } from './act.ts'

interface Options {
  readonly certificate?: string
  readonly privateKey?: string
  readonly host?: string
  readonly port?: number
  readonly fingerprint?: string
}

export function addRedeem(program: Command): void {
  program
    .command('redeem')
    .description('redeem a one-time token at the exchange; the data goes to standard output')
    .argument('<token>', 'gh1_…')
    .option('--certificate <file>', 'the receiver’s certificate, once one is registered')
    .option('--private-key <file>', 'its private key')
    .option('--host <host>', 'the exchange; the node of this machine where it is absent')
    .option('--port <number>', 'its port', wholeNumber)
    .option('--fingerprint <sha256>', 'the fingerprint of its certificate; without one it must chain to a known authority')
    .action(
      act(async ({ out, home }, token: string, options: Options) => {
        if ((options.certificate === undefined) !== (options.privateKey === undefined)) throw new Error('--certificate and --private-key go together.')
        const local = options.host === undefined ? (await readCredential(await homeOf(home)))?.exchange : undefined
        const host = options.host ?? local?.host
        const port = options.port ?? local?.port ?? 9999
        const fingerprint = options.fingerprint ?? local?.fingerprint
        if (host === undefined) throw new Error('No node has run on this machine. Name the exchange with --host, --port and --fingerprint.')
        const { header, data } = await redeemOnSocket({
          host,
          port,
          token,
          ...(fingerprint === undefined ? {} : { fingerprint }),
          ...(options.certificate === undefined ? {} : { certificate: await readText(options.certificate) }),
          ...(options.privateKey === undefined ? {} : { privateKey: await readText(options.privateKey) }),
        })
        if (!out.json) {
          console.error(`Release ${String(header.release_id)}: ${header.bytes} bytes for ${String(header.purpose)}.`)
          console.log(data)
        }
        out.result({ header, record: JSON.parse(data) as unknown })
      }),
    )
}
