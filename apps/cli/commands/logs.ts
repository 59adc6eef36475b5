import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { readEvents } from '../node/read-events.ts'
import { act, wholeNumber } from './act.ts'

interface Options {
  readonly follow?: boolean
  readonly type?: string
  readonly decision?: 'permit' | 'deny' | 'pending' | 'error'
  readonly limit: number
}

interface Body {
  readonly at: string
  readonly type: string
  readonly actor: { readonly kind: string; readonly id: string }
  readonly decision?: string | undefined
  readonly object?: { readonly kind: string; readonly id: string } | undefined
}

export function addLogs(program: Command): void {
  program
    .command('logs')
    .description('what was decided and done, newest first')
    .option('-f, --follow', 'go on as the log grows, until Ctrl-C')
    .option('--type <type>', 'only entries of this type, such as release.redeem')
    .option('--decision <decision>', 'only these decisions: permit, deny, pending, error')
    .option('--limit <number>', 'how many', wholeNumber, 20)
    .action(
      act(async ({ out, connect }, { follow, type, decision, limit }: Options) => {
        const connection = await connect()
        const filter = { ...(type === undefined ? {} : { type }), ...(decision === undefined ? {} : { decision }) }
        if (follow !== true) {
          const { data } = must(await connection.client.GET('/v1/logs', { params: { query: { ...filter, limit, order: 'desc' } } }))
          out.table(
            ['index', 'at', 'act', 'decision', 'by', 'about'],
            data.map(({ index, body }) => [index, ...cells(body)]),
          )
          out.result(data)
          return
        }
        for await (const event of readEvents(connection, `/v1/logs/stream?${new URLSearchParams(filter)}`)) {
          const { index, body } = JSON.parse(event) as { index: number; body: Body }
          console.log(out.json ? event : [index, ...cells(body)].join('  '))
        }
      }),
    )
}

function cells({ at, type, decision, actor, object }: Body): (string | undefined)[] {
  return [at, type, decision ?? '–', `${actor.kind} ${actor.id}`, object === undefined ? undefined : `${object.kind} ${object.id}`]
}
