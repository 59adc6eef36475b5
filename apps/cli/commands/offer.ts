import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { act, collect, wholeNumber } from './act.ts'

interface Terms {
  readonly title: string
  readonly about: string
  readonly purpose: string[]
  readonly recipient?: string[]
  readonly dataClass?: string[]
  readonly days?: number
}

export function addOffer(program: Command): void {
  const offer = program.command('offer').description('what people are asked to agree to, on their own page')

  offer
    .command('list')
    .description('what people are asked')
    .option('--retired', 'with what they are asked no more')
    .action(
      act(async ({ out, connect }, { retired }: { retired?: true }) => {
        const { client } = await connect()
        const { data } = must(await client.GET('/v1/consent-offers', { params: { query: retired === true ? { retired: 'true' as never } : {} } }))
        out.table(
          ['offer', 'title', 'purposes', 'recipients', 'days', 'retired'],
          data.map((row) => [row.id, row.title, row.terms.purposes.join(', '), row.terms.recipients.join(', '), row.valid_days ?? '', row.retired_at ?? '']),
        )
        out.result(data)
      }),
    )

  offer
    .command('make')
    .description('ask people for a consent')
    .requiredOption('--title <text>', 'the question in a few words, as people read it')
    .requiredOption('--about <text>', 'what happens, in plain words')
    .requiredOption('--purpose <terms>', 'purposes, with commas; a consent covers narrower ones', collect)
    .option('--recipient <references>', 'partners, with commas; every partner where it is absent', collect)
    .option('--data-class <slugs>', 'record types, with commas; all of them where it is absent', collect)
    .option('--days <n>', 'how long a consent holds; until it is withdrawn where it is absent', wholeNumber)
    .action(
      act(async ({ out, connect }, { title, about, purpose, recipient, dataClass, days }: Terms) => {
        const { client } = await connect()
        const body = {
          title,
          about,
          purposes: purpose,
          recipients: recipient ?? ['*'],
          data_classes: dataClass ?? ['*'],
          ...(days === undefined ? {} : { valid_days: days }),
        }
        const made = must(await client.POST('/v1/consent-offers', { body }))
        out.say(`People are asked now: ${made.id}.`)
        out.result(made)
      }),
    )

  offer
    .command('retire')
    .description('ask people no more; what was agreed to stays in force')
    .argument('<offer>')
    .action(
      act(async ({ out, connect }, id: string) => {
        const { client } = await connect()
        const retired = must(await client.DELETE('/v1/consent-offers/{offer}', { params: { path: { offer: id } } }))
        out.say('People are asked no more.')
        out.result(retired)
      }),
    )
}
