import { must } from '@gatehouse/sdk/client'
import { type Command, Option } from 'commander'
import { act, collect } from './act.ts'

interface Options {
  readonly partner: string
  readonly key: string
  readonly user: string
  readonly purpose: string
  readonly fields?: string[]
  readonly recordType?: string
}

export function addAuthorize(program: Command): void {
  program
    .command('authorize')
    .description('ask for a person’s data in a partner’s name; gives a one-time token')
    .requiredOption('--partner <reference>')
    // From the environment it stands in no list of processes and in no history of the shell.
    .addOption(new Option('--key <ghk_…>', 'the partner’s API key').env('GATEHOUSE_API_KEY').makeOptionMandatory())
    .requiredOption('--user <id>', 'the person, by the institution’s id')
    .requiredOption('--purpose <term>')
    .option('--fields <names>', 'the fields wanted, with commas; every permitted one where it is absent', collect)
    .option('--record-type <slug>', 'where there are several')
    .action(
      act(async ({ out, connect }, options: Options) => {
        const connection = await connect()
        const body = {
          partner_id: options.partner,
          user_id: options.user,
          purpose: options.purpose,
          ...(options.fields === undefined ? {} : { fields: options.fields }),
          ...(options.recordType === undefined ? {} : { record_type: options.recordType }),
        }
        const grant = must(await connection.as(options.key).POST('/v1/authorize', { body }))
        out.say(`Approved. The token works once, within ${grant.expires_in} s, at ${grant.exchange_host}:${grant.exchange_port}:`)
        out.say(grant.token)
        out.table(
          ['field', 'mask'],
          grant.fields.map(({ name, mask }) => [name, mask]),
        )
        if (grant.dropped.length > 0) out.say(`Left out: ${grant.dropped.map(({ name, reason }) => `${name} (${reason})`).join(', ')}`)
        out.say(`Release ${grant.release_id}. Next: gatehouse redeem TOKEN`)
        out.result(grant)
      }),
    )
}
