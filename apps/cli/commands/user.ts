import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
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

  program
    .command('user')
    .description('people who may sign in')
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
}
