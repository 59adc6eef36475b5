import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { act } from './act.ts'

const bases = ['parental_responsibility', 'court_order', 'power_of_attorney'] as const

interface Recorded {
  readonly basis: (typeof bases)[number]
  readonly born?: string
  readonly from?: string
  readonly until?: string
  readonly jointly?: true
  readonly label?: string
  readonly evidence?: string
}

export function addGuardian(program: Command): void {
  const guardian = program.command('guardian').description('who may act for people who cannot decide alone')

  guardian
    .command('record')
    .description('record that one person may act for another')
    .argument('<user>', 'the id of the person who cannot act alone')
    .argument('<guardian>', 'the id of the person who acts for them')
    .requiredOption('--basis <basis>', bases.join(', '))
    .option('--born <day>', 'the date of birth (YYYY-MM-DD); needed for parental responsibility, which ends with majority')
    .option('--from <instant>')
    .option('--until <instant>')
    .option('--jointly', 'two guardians have to agree to a consent')
    .option('--label <text>', 'what the guardian calls the person, on the guardian’s own page')
    .option('--evidence <text>', 'where the proof lies: a file number, a deed')
    .action(
      act(async ({ out, connect }, user: string, by: string, { basis, born, from, until, jointly, label, evidence }: Recorded) => {
        if (!bases.includes(basis)) throw new Error(`--basis is one of ${bases.join(', ')}.`)
        const { client } = await connect()
        const body = {
          user_id: user,
          guardian_user_id: by,
          basis,
          ...(born === undefined ? {} : { born }),
          ...(from === undefined ? {} : { from }),
          ...(until === undefined ? {} : { until }),
          ...(jointly === undefined ? {} : { jointly }),
          ...(label === undefined ? {} : { label }),
          ...(evidence === undefined ? {} : { evidence_reference: evidence }),
        }
        const recorded = must(await client.POST('/v1/guardians', { body }))
        const end = recorded.of_age_on ?? recorded.until
        out.say(`Recorded as ${recorded.id}${end === null ? '' : `; it ends by itself on ${end}`}.`)
        out.result(recorded)
      }),
    )

  guardian
    .command('list')
    .description('who may act for a person, and who might once')
    .argument('<user>')
    .action(
      act(async ({ out, connect }, user: string) => {
        const { client } = await connect()
        const { guardians } = must(await client.POST('/v1/guardians/search', { body: { user_id: user } }))
        out.table(
          ['guardianship', 'state', 'basis', 'guardian', 'until', 'jointly'],
          guardians.map((row) => [row.id, row.state, row.basis, row.guardian, row.of_age_on ?? row.until ?? '', row.jointly ? 'yes' : 'no']),
        )
        out.result(guardians)
      }),
    )

  guardian
    .command('revoke')
    .description('end what a guardian may do, at once')
    .argument('<user>')
    .argument('<guardianship>', 'its id, as "guardian list" shows it')
    .option('--reason <text>', 'kept and not logged')
    .action(
      act(async ({ out, connect }, user: string, guardianship: string, { reason }: { reason?: string }) => {
        const { client } = await connect()
        const body = { user_id: user, ...(reason === undefined ? {} : { reason }) }
        const revoked = must(await client.POST('/v1/guardians/{guardianship}/revoke', { params: { path: { guardianship } }, body }))
        out.say('Revoked. What the guardian agreed to stays until it is withdrawn.')
        out.result(revoked)
      }),
    )
}
