import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { makeCertificate } from '@gatehouse/runtime/base/certificate'
import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { readText } from '../files/read-text.ts'
import type { Connection } from '../node/connection.ts'
import { act } from './act.ts'
import { allPages } from './all-pages.ts'

export function addPartner(program: Command): void {
  const partner = program.command('partner').description('those who may be given something')

  partner
    .command('add')
    .description('register a partner')
    .argument('<reference>', 'its public partner_id, such as northwind-bank; it never changes')
    .requiredOption('--name <name>', 'its name')
    .option('--until <instant>', 'when its standing ends by itself')
    .action(
      act(async ({ out, connect }, reference: string, { name, until }: { name: string; until?: string }) => {
        const { client } = await connect()
        const made = must(await client.POST('/v1/partners', { body: { reference, name, ...(until === undefined ? {} : { expires_at: until }) } }))
        out.say(`${made.name} is registered as ${made.reference}. Next: gatehouse api-key issue ${made.reference}, gatehouse partner key new ${made.reference}`)
        out.result(made)
      }),
    )

  partner
    .command('list')
    .description('list the partners')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const partners = await allPages((cursor) =>
          client.GET('/v1/partners', { params: { query: { ...(cursor === undefined ? {} : { cursor }), limit: 100 } } }),
        )
        out.table(
          ['reference', 'name', 'status', 'until', 'since'],
          partners.map((row) => [row.reference, row.name, row.status, row.expires_at ?? '', row.created_at]),
        )
        out.result(partners)
      }),
    )

  for (const [verb, status, words] of [
    ['suspend', 'suspended', 'give a partner nothing for now'],
    ['activate', 'active', 'put a partner back in good standing'],
    ['sanction', 'sanctioned', 'end at once what a partner has'],
    ['retire', 'retired', 'end it for good'],
  ] as const) {
    partner
      .command(verb)
      .description(words)
      .argument('<reference>')
      .option('--reason <words>', 'why, for colleagues; it is in no log')
      .option('--until <instant>', 'when its standing ends by itself; "none" for no end')
      .action(
        act(async ({ out, connect }, reference: string, { reason, until }: { reason?: string; until?: string }) => {
          const { client } = await connect()
          const body = {
            status,
            ...(reason === undefined ? {} : { reason }),
            ...(until === undefined ? {} : { expires_at: until === 'none' ? null : until }),
          }
          const changed = must(await client.PATCH('/v1/partners/{partner}', { params: { path: { partner: reference } }, body }))
          out.say(`${changed.reference} is ${changed.status}.`)
          out.result(changed)
        }),
      )
  }

  const key = partner.command('key').description('keys that the receiver proves when it redeems')
  key
    .command('add')
    .description('register the certificate of a receiver')
    .argument('<reference>')
    .requiredOption('--certificate <file>', 'one PEM certificate')
    .option('--label <label>', 'what the key is for')
    .action(
      act(async ({ out, connect }, reference: string, { certificate, label }: { certificate: string; label?: string }) => {
        const added = await register(await connect(), reference, await readText(certificate), label)
        out.say(`Registered for ${reference}: thumbprint ${added.thumbprint}. From now on ${reference} redeems with this key only.`)
        out.result(added)
      }),
    )
  key
    .command('new')
    .description('make a client key and certificate, and register the certificate')
    .argument('<reference>')
    .option('--out <prefix>', 'where the two files go; REFERENCE.crt and REFERENCE.key where it is absent')
    .action(
      act(async ({ out, connect }, reference: string, { out: prefix = reference }: { out?: string }) => {
        const files = { certificate: `${prefix}.crt`, private_key: `${prefix}.key` }
        for (const file of Object.values(files)) if (existsSync(file)) throw new Error(`${file} exists already. Choose another place with --out.`)
        const connection = await connect()
        const made = await makeCertificate([reference], Date.now(), reference)
        const added = await register(connection, reference, made.cert)
        await writeFile(files.private_key, `${made.key}\n`, { mode: 0o600, flag: 'wx' })
        await writeFile(files.certificate, `${made.cert}\n`, { flag: 'wx' })
        out.say(`${files.certificate} and ${files.private_key} are written, and the certificate is registered for ${reference}.`)
        out.say(`Thumbprint ${added.thumbprint}. The private key is the receiver’s alone: hand it over by a safe way, or let the receiver make its own.`)
        out.result({ ...added, ...files })
      }),
    )
}

export async function register({ client }: Connection, partner: string, pem: string, label?: string) {
  const body = { certificate_pem: pem, ...(label === undefined ? {} : { label }) }
  return must(await client.POST('/v1/partners/{partner}/keys', { params: { path: { partner } }, body }))
}
