import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type GatehouseClient, must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { readText } from '../files/read-text.ts'
import { act } from './act.ts'
import { allPages } from './all-pages.ts'
import { type AsWhom, actAs, keyFile } from './as-whom.ts'

const lookMs = 1_000
const waitMs = 120_000

export function addDataspace(program: Command): void {
  const dataspace = program.command('dataspace').description('other participants of a dataspace: what they offer, what was agreed on with them')

  dataspace
    .command('register')
    .description('register a partner as a participant; a person does it, with --key-file')
    .argument('<partner>', 'its reference')
    .argument('<participant>', 'its id in the dataspace, such as did:web:connector.example.org')
    .argument('<address>', 'where its connector takes messages')
    .option('--place <code>', 'where it is, by ISO 3166')
    .option('--authorization <file>', 'a file with the whole value of the Authorization header that its connector wants')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, partner: string, participant: string, address: string, options: { place?: string; authorization?: string }) => {
        const authorization = options.authorization === undefined ? {} : { authorization: (await readText(options.authorization)).trim() }
        const place = options.place === undefined ? {} : { place: options.place }
        const made = must(
          await client.POST('/v1/dataspace/participants', { body: { partner, participant_id: participant, address, ...place, ...authorization } }),
        )
        out.say(`${made.partner_name} is a participant at ${made.address}. Its key speaks to /dsp: gatehouse api-key issue ${made.partner}`)
        out.result(made)
      }),
    )

  dataspace
    .command('participants')
    .description('list the participants')
    .action(
      act(async ({ out, connect }) => {
        const { data, on } = must(await (await connect()).client.GET('/v1/dataspace/participants'))
        out.table(
          ['partner', 'participant', 'address', 'state'],
          data.map((row) => [row.partner, row.participant_id, row.address, row.state]),
        )
        if (!on) out.say('The node does not speak the Dataspace Protocol: start it with GATEHOUSE_DATASPACE=true.')
        out.result(data)
      }),
    )

  dataspace
    .command('decide')
    .description('whether people decide on requests for a table, or its policy alone')
    .argument('<table>', 'source.table')
    .argument('<who>', 'review or policy')
    .action(
      act(async ({ out, connect }, table: string, decides: string) => {
        const { client } = await connect()
        const body = { decides: decides as 'review' | 'policy' }
        const set = must(await client.PUT('/v1/dataspace/tables/{table}/deciding', { params: { path: { table } }, body }))
        out.say(`Requests for ${set.table} are decided by ${set.decides === 'policy' ? 'its policy alone' : 'people'}.`)
        out.result(set)
      }),
    )

  dataspace
    .command('catalogue')
    .description('what a participant offers us')
    .argument('<partner>')
    .action(
      act(async ({ out, connect }, partner: string) => {
        const found = await catalogueOf((await connect()).client, partner)
        out.table(
          ['dataset', 'title', 'offer', 'understood'],
          found.datasets.flatMap(({ id, title, offers }) =>
            offers.map((offer) => [id, title ?? '', offer.id, offer.understood ? 'yes' : `no: ${offer.outside}`]),
          ),
        )
        out.result(found)
      }),
    )

  dataspace
    .command('negotiate')
    .description('ask for an agreement on a dataset, by an offer of its catalogue')
    .argument('<partner>')
    .argument('<dataset>')
    .option('--offer <id>', 'which, where there are several; the first that is understood where it is absent')
    .option('--no-wait', 'do not wait for the end; status 1 where it ends without an agreement')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, partner: string, dataset: string, options: AsWhom & { offer?: string; wait: boolean }) => {
        const { datasets } = await catalogueOf(client, partner)
        const offers = datasets.find(({ id }) => id === dataset)?.offers ?? []
        const chosen = offers.find(({ id, understood }) => (options.offer === undefined ? understood : id === options.offer))
        if (chosen === undefined) throw new Error(`${partner} has no such offer on ${dataset}; see: gatehouse dataspace catalogue ${partner}`)
        const begun = must(await client.POST('/v1/dataspace/negotiations', { body: { partner, dataset, offer: chosen.offer as never } }))
        const read = async () => must(await client.GET('/v1/dataspace/negotiations/{negotiation}', { params: { path: { negotiation: begun.id } } }))
        const ended = options.wait ? await until(read, ({ state }) => ['FINALIZED', 'TERMINATED', 'OFFERED'].includes(state)) : await read()
        if (ended.state === 'FINALIZED') out.say(`Agreed: ${ended.agreement}. Next: gatehouse dataspace transfer ${partner} ${ended.agreement} --out FILE`)
        else out.say(`The negotiation ${ended.id} is ${ended.state}${ended.reason === null ? '' : `: ${ended.reason}`}.`)
        out.result(ended)
        if (ended.state === 'TERMINATED') process.exitCode = 1
      }),
    )

  dataspace
    .command('agreements')
    .description('list what was agreed on')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const found = await allPages((cursor) =>
          client.GET('/v1/dataspace/agreements', { params: { query: { limit: 100, ...(cursor === undefined ? {} : { cursor }) } } }),
        )
        out.table(
          ['agreement', 'partner', 'we are', 'dataset', 'in force since'],
          found.map((row) => [row.name, row.partner, row.role, row.dataset, row.in_force_at]),
        )
        out.result(found)
      }),
    )

  dataspace
    .command('transfer')
    .description('fetch the data of an agreement')
    .argument('<partner>')
    .argument('<agreement>')
    .requiredOption('--out <file>', 'where the data goes')
    .option('--purpose <purpose>', 'for what it is used; where the agreement names one purpose alone, that one')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, partner: string, agreement: string, { out: file, purpose }: { out: string; purpose?: string }) => {
        const begun = must(await client.POST('/v1/dataspace/transfers', { body: { partner, agreement } }))
        const path = { transfer: begun.id }
        const read = async () => must(await client.GET('/v1/dataspace/transfers/{transfer}', { params: { path } }))
        const started = await until(read, ({ state }) => state !== 'REQUESTED')
        if (started.state !== 'STARTED') throw new Error(`The transfer is ${started.state}${started.reason === null ? '' : `: ${started.reason}`}.`)
        const named = purpose ?? (started.purposes.length === 1 ? started.purposes[0] : undefined)
        const query = named === undefined ? {} : { purpose: named }
        const data = must(
          await client.GET('/v1/dataspace/transfers/{transfer}/data', { params: { path, query }, parseAs: 'stream' }),
        ) as unknown as ReadableStream
        const target = createWriteStream(file, { mode: 0o600, flags: 'wx' })
        await pipeline(Readable.fromWeb(data as never), target)
        out.say(`${target.bytesWritten} bytes in ${file}.`)
        out.result({ transfer: begun.id, file, bytes: target.bytesWritten })
      }),
    )
}

const catalogueOf = async (client: GatehouseClient, partner: string) =>
  must(await client.POST('/v1/dataspace/catalogues/{partner}', { params: { path: { partner } } }))

/** Looks until it is so, for a while: what people decide may take days. */
async function until<T>(read: () => Promise<T>, so: (found: T) => boolean): Promise<T> {
  for (const endMs = Date.now() + waitMs; ; ) {
    const found = await read()
    if (so(found) || Date.now() > endMs) return found
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
}
