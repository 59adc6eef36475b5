import { must } from '@gatehouse/sdk/client'
import { type Command, InvalidArgumentError } from 'commander'
import type { Connection } from '../node/connection.ts'
import { act, collect } from './act.ts'

const doors = ['portal', 'api', 'exchange'] as const
type Door = (typeof doors)[number]

export function addBoundary(program: Command): void {
  const boundary = program.command('boundary').description('from where the institution can be reached')

  boundary
    .command('list')
    .description('the boundaries of portal, api and exchange')
    .action(
      act(async ({ out, connect }) => {
        const { boundaries } = await read(await connect())
        out.table(
          ['door', 'networks', 'certificates'],
          doors.map((door) => {
            const drawn = boundaries[door]
            return [door, drawn === null ? 'everywhere' : (drawn.networks ?? []).join(', '), (drawn?.certificates ?? []).join(', ')]
          }),
        )
        out.result(boundaries)
      }),
    )

  boundary
    .command('set')
    .description('let a door be reached from certain networks, or with certain client certificates, only')
    .argument('<door>', doors.join(', '), doorFrom)
    .option('--network <cidrs>', 'such as 192.0.2.0/24; several with commas', collect)
    .option('--certificate <thumbprints>', 'SHA-256 in base64url; several with commas', collect)
    .action(
      act(async ({ out, connect }, door: Door, { network = [], certificate = [] }: { network?: string[]; certificate?: string[] }) => {
        const changed = await change(await connect(), door, { networks: network, certificates: certificate })
        out.say(`${door}: only from there. Whoever stands outside is put out within a second.`)
        out.result(changed)
      }),
    )

  boundary
    .command('open')
    .description('let a door be reached from everywhere')
    .argument('<door>', doors.join(', '), doorFrom)
    .action(
      act(async ({ out, connect }, door: Door) => {
        const changed = await change(await connect(), door, null)
        out.say(`${door}: from everywhere.`)
        out.result(changed)
      }),
    )
}

interface Drawn {
  readonly networks?: string[]
  readonly certificates?: string[]
}

async function read({ client }: Connection) {
  const { settings, revision } = must(await client.GET('/v1/tenant'))
  const { portal = null, api = null, exchange = null } = settings.boundaries ?? {}
  const boundaries: Record<Door, Drawn | null> = { portal, api, exchange }
  return { boundaries, revision }
}

async function change(connection: Connection, door: Door, drawn: Drawn | null) {
  const { boundaries, revision } = await read(connection)
  const body = { settings: { boundaries: { ...boundaries, [door]: drawn } }, if_revision: revision }
  return must(await connection.client.PATCH('/v1/tenant', { body })).settings.boundaries
}

function doorFrom(text: string): Door {
  const door = doors.find((one) => one === text)
  if (door === undefined) throw new InvalidArgumentError(`It is one of ${doors.join(', ')}.`)
  return door
}
