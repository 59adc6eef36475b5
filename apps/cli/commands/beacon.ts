import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { readText } from '../files/read-text.ts'
import { act } from './act.ts'

export function addBeacon(program: Command): void {
  const beacon = program.command('beacon').description('the GA4GH beacon of the institution')

  beacon
    .command('show')
    .description('its address, what may be asked, and who is answered how')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const shown = must(await client.GET('/v1/beacon'))
        out.say(shown.setting?.enabled === true ? `It answers at ${shown.address}` : 'The beacon is off.')
        out.table(
          ['term', 'label', 'kind', 'table', 'column'],
          (shown.setting?.terms ?? []).map(({ id, label, kind, table, column }) => [id, label, kind, table, column]),
        )
        out.result(shown)
      }),
    )

  beacon
    .command('set')
    .description('switch it on or change it, as the file says')
    .argument('<file>', 'a setting as JSON')
    .action(
      act(async ({ out, connect }, file: string) => {
        const { client } = await connect()
        const set = must(await client.PUT('/v1/beacon', { body: JSON.parse(await readText(file)) }))
        out.say(set.setting?.enabled === true ? `It answers at ${set.address}` : 'The beacon is off.')
        out.result(set)
      }),
    )

  beacon
    .command('off')
    .description('switch it off; its setting is kept')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const { setting } = must(await client.GET('/v1/beacon'))
        if (setting === null) throw new Error('There is no beacon to switch off.')
        out.result(must(await client.PUT('/v1/beacon', { body: { ...setting, enabled: false } })))
        out.say('The beacon is off.')
      }),
    )
}
