import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { act, wholeNumber } from './act.ts'
import { allPages } from './all-pages.ts'

/** What each word does, and whether the person has to be told something with it. */
const steps = {
  identify: { step: 'identify', description: 'record that whoever asked is the person' },
  begin: { step: 'begin', description: 'record that it is worked at' },
  extend: { step: 'extend', description: 'take the further time that the law allows, once and with a reason' },
  complete: { step: 'complete', description: 'record that it is done, with the answer that the person reads' },
  refuse: { step: 'refuse', description: 'refuse it, with the reason that the person reads' },
} as const

export function addRequest(program: Command): void {
  const request = program.command('request').description('what people ask for under the law, with its statutory clock')

  request
    .command('list')
    .description('what is open, the next to be answered first')
    .option('--closed', 'what is closed instead, the latest first')
    .option('--overdue', 'only what was not answered in time')
    .action(
      act(async ({ out, connect }, { closed, overdue }: { closed?: true; overdue?: true }) => {
        const { client } = await connect()
        const all = await allPages((cursor) =>
          client.GET('/v1/requests', {
            params: { query: { limit: 200, ...(closed === true ? { closed: 'true' as never } : {}), ...(cursor === undefined ? {} : { cursor }) } },
          }),
        )
        const found = overdue === true ? all.filter((row) => row.overdue) : all
        out.table(
          ['request', 'kind', 'state', 'person', 'received', 'due', ''],
          found.map((row) => [row.id, row.kind, row.state, row.subject, row.received_at, row.due_at, row.overdue ? 'overdue' : '']),
        )
        out.result(found)
      }),
    )

  for (const [name, { step, description }] of Object.entries(steps)) {
    const told = step !== 'identify' && step !== 'begin'
    const command = request.command(name).description(description).argument('<request>')
    if (told) command.requiredOption('--say <text>', 'what the person reads; it is kept with the request and never logged')
    command.action(
      act(async ({ out, connect }, id: string, { say: reason }: { say?: string }) => {
        const { client } = await connect()
        const body = { step, ...(reason === undefined ? {} : { reason }) }
        const after = must(await client.POST('/v1/requests/{request}/advance', { params: { path: { request: id } }, body }))
        out.say(`The request is ${after.state}; its time ends ${after.due_at}.`)
        out.result(after)
      }),
    )
  }

  request
    .command('lift')
    .description('lift a restriction that was granted')
    .argument('<request>')
    .requiredOption('--say <text>', 'what the person reads; the law wants them told before')
    .action(
      act(async ({ out, connect }, id: string, { say: reason }: { say: string }) => {
        const { client } = await connect()
        const after = must(await client.POST('/v1/requests/{request}/lift', { params: { path: { request: id } }, body: { reason } }))
        out.say('The restriction is lifted.')
        out.result(after)
      }),
    )

  request
    .command('clock')
    .description('in how many months people are answered; with options it is set for what comes in from now on')
    .option('--months <n>', 'to answer', wholeNumber)
    .option('--extension <n>', 'further ones where that is necessary', wholeNumber)
    .action(
      act(async ({ out, connect }, { months, extension }: { months?: number; extension?: number }) => {
        const { client } = await connect()
        const now = must(await client.GET('/v1/request-settings'))
        const wanted = { answer_months: months ?? now.answer_months, extension_months: extension ?? now.extension_months }
        const clock = months === undefined && extension === undefined ? now : must(await client.PUT('/v1/request-settings', { body: wanted }))
        out.say(`Months to answer in: ${clock.answer_months}; more where that is necessary: ${clock.extension_months}.`)
        out.result(clock)
      }),
    )
}
