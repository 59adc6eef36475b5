import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { act } from './act.ts'
import { actAs, keyFile } from './as-whom.ts'

type Kind = 'record_type' | 'document' | 'table' | 'other'

/** `record_type/customer`, as it stands in addresses. */
function thingOf(text: string): { kind: Kind; reference: string } {
  const [, kind, reference] = /^(record_type|document|table|other)\/(.+)$/.exec(text) ?? []
  if (kind === undefined || reference === undefined)
    throw new Error(`a thing reads record_type/customer, document/ID, table/SOURCE.TABLE or other/NAME, not ${text}`)
  return { kind: kind as Kind, reference }
}

export function addHolder(project: Command): void {
  const holder = project.command('holder').description('the teams that answer for what is kept, and approve each project and member that works with it')

  holder
    .command('list')
    .description('which team answers for what')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const { data } = must(await client.GET('/v1/data-holders'))
        out.table(
          ['thing', 'team', 'named'],
          data.map((row) => [`${row.kind}/${row.reference}`, row.team, row.named_at]),
        )
        out.result(data)
      }),
    )

  holder
    .command('name')
    .description('name the team that answers for something; two people ask for the same')
    .argument('<thing>', 'record_type/customer, document/ID, table/SOURCE.TABLE or other/NAME')
    .argument('<team>', 'its id')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, thing: string, team: string) => {
        const answer = await client.PUT('/v1/data-holders/{kind}/{reference}', { params: { path: thingOf(thing) }, body: { team } })
        said(out, must(answer), answer.response.status, 'The team answers for it now.')
      }),
    )

  holder
    .command('dismiss')
    .description('say that nobody has to be asked any more; two people ask for the same')
    .argument('<thing>')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, thing: string) => {
        const answer = await client.DELETE('/v1/data-holders/{kind}/{reference}', { params: { path: thingOf(thing) } })
        said(out, must(answer), answer.response.status, 'Nobody has to be asked any more.')
      }),
    )
}

function said(out: { say(text: string): void; result(value: unknown): void }, outcome: unknown, status: number, done: string): void {
  out.say(status === 202 ? 'Asked for. Another person asks for the very same to do it.' : done)
  out.result(outcome)
}
