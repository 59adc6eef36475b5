import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { act } from './act.ts'

export function addVault(program: Command): void {
  const vault = program.command('vault').description('the sealed records')
  vault
    .command('export')
    .description('write the sealed blocks, one a line, for an independent verification; nothing is opened')
    .option('--person <subject>', 'only this person’s chain, by the id the node knows it by')
    .option('-o, --out <file>', 'the file', 'vault.ndjson')
    .action(
      act(async ({ out, connect }, { out: file, person }: { out: string; person?: string }) => {
        const { client } = await connect()
        const query = person === undefined ? {} : { subject: person }
        const body = must(await client.GET('/v1/vault/export', { params: { query }, parseAs: 'stream' })) as unknown as WebStream
        await pipeline(Readable.fromWeb(body), createWriteStream(file))
        out.say(`${file} holds the sealed blocks. Check it against the log, taken after it:`)
        out.say(`  gatehouse-verify vault ${file} --log DIR|URL --key FILE`)
        out.result({ file })
      }),
    )
}
