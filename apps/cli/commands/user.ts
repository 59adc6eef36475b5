import { must } from '@gatehouse/sdk/client'
import { isFault } from '@gatehouse/tabular/push-parser'
import type { Command } from 'commander'
import { bytesOf, readRows } from '../files/read-rows.ts'
import { act, collect } from './act.ts'
import { allPages } from './all-pages.ts'

type Role = 'administrator' | 'officer' | 'auditor'

export function addUser(program: Command): void {
  program
    .command('users')
    .description('the people who may sign in')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const users = await allPages((cursor) => client.GET('/v1/users', { params: { query: { ...(cursor === undefined ? {} : { cursor }), limit: 100 } } }))
        out.table(
          ['name', 'address', 'roles', 'status', 'since'],
          users.map((row) => [row.name, row.email, row.roles.join(', '), row.status, row.created_at]),
        )
        out.result(users)
      }),
    )

  const user = program.command('user').description('people who may sign in')
  user
    .command('invite')
    .description('invite a person; the link is shown this once')
    .argument('<email>')
    .requiredOption('--role <roles>', 'administrator, officer or auditor; several with commas', collect)
    .option('--name <name>', 'the person’s name; the address where it is absent')
    .action(
      act(async ({ out, connect }, email: string, { role, name }: { role: string[]; name?: string }) => {
        const { client } = await connect()
        const invited = must(await client.POST('/v1/users', { body: { email, name: name ?? email, roles: role as Role[] } }))
        out.say(invited.link)
        out.say(`Hand the link to ${invited.user.name}. It sets the first password, and works until ${invited.expires_at}.`)
        out.result(invited)
      }),
    )

  user
    .command('import')
    .description('carry staff over from an earlier system, with the SHA-512 hashes of their passwords')
    .argument('<file>', 'CSV with a header or one JSON object per line: email, name, roles with commas, password_hash as sha512$SALT$HEX')
    .action(
      act(async ({ out, connect }, path: string) => {
        const users = await readUsers(path)
        const { client } = await connect()
        const taken: number[] = []
        for (let from = 0; from < users.length; from += usersPerRequest) {
          const part = users.slice(from, from + usersPerRequest)
          const carried = must(await client.POST('/v1/users/imports', { body: { users: part.map(({ account }) => account) } }))
          taken.push(...carried.taken.flatMap((place) => part[place]?.line ?? []))
        }
        out.say(`${users.length - taken.length} of ${users.length} are carried over and sign in with the password that they have.`)
        if (taken.length > 0) out.say(`The address is somebody’s already on line ${taken.join(', ')}; these were left as they are.`)
        out.result({ imported: users.length - taken.length, taken_lines: taken })
      }),
    )
}

/** As many as the node takes at once. */
const usersPerRequest = 100

/** @throws Error naming file and line of a row that cannot be read */
async function readUsers(path: string) {
  await bytesOf(path)
  const users = []
  for await (const row of readRows(path)) {
    if (isFault(row)) throw new Error(`${path}, line ${row.line}: ${row.message}`)
    const text = (column: string) => String(row.record[column] ?? '')
    const account = {
      email: text('email'),
      name: text('name'),
      roles: collect(text('roles').replaceAll(' ', ''), []) as Role[],
      password_hash: text('password_hash'),
    }
    users.push({ line: row.line, account })
  }
  return users
}
