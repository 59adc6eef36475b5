import { writeFile } from 'node:fs/promises'
import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { act, wholeNumber } from './act.ts'
import { type AsWhom, actAs, keyFile } from './as-whom.ts'

export function addTenant(program: Command): void {
  const tenant = program.command('tenant').description('institutions of this node, for its operators')

  tenant
    .command('add')
    .description('add an institution; the link for its first administrator is shown this once')
    .argument('<slug>', 'its name in addresses, such as lakeside-clinic; it never changes')
    .requiredOption('--name <name>', 'its name')
    .requiredOption('--administrator <email>', 'the address of its first administrator')
    .option('--administrator-name <name>', 'the administrator’s name; the address where it is absent')
    .action(
      act(async ({ out, connect }, slug: string, options: { name: string; administrator: string; administratorName?: string }) => {
        const { client } = await connect()
        const administrator = { email: options.administrator, name: options.administratorName ?? options.administrator }
        const added = must(await client.POST('/v1/institutions', { body: { slug, name: options.name, administrator } }))
        out.say(added.invitation.link)
        out.say(
          `${added.institution.name} is institution ${added.institution.id}. Hand the link to its first administrator; it works until ${added.invitation.expires_at}.`,
        )
        out.result(added)
      }),
    )

  tenant
    .command('list')
    .description('the institutions of this node')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const { data } = must(await client.GET('/v1/institutions'))
        out.table(
          ['slug', 'name', 'institution', 'standing', 'staff', 'since'],
          data.map((row) => [row.slug, row.name, row.id, row.standing, String(row.staff), row.created_at]),
        )
        out.result(data)
      }),
    )

  tenant
    .command('erase')
    .description('erase a whole institution on its own request; two operators ask for the same')
    .argument('<institution>', 'its id')
    .requiredOption('--reference <text>', 'what the institution’s request is filed under')
    .option('--wait-days <n>', 'how long it can be cancelled before it begins, 1 to 25', wholeNumber, 14)
    .option(...keyFile)
    .addHelpText(
      'after',
      '\nThe first operator asks with the credential of this machine, the second sends the very same with a key of their own (gatehouse operator add).\nAfter the wait everything of the institution is removed: records, keys, people, its own log with tiles and checkpoints. Its last signed head and the\ncertificate stay in the log of the node. A legal hold in the institution stops it.',
    )
    .action(
      actAs(async ({ out, client }, institution: string, options: AsWhom & { reference: string; waitDays: number }) => {
        const { reference, waitDays: wait_days } = options
        const answer = must(await client.POST('/v1/institution-erasures', { body: { institution, reference, wait_days } })) as {
          have?: number
          need?: number
          id: string
          due_at?: string
        }
        out.say(
          answer.have === undefined
            ? `It begins at ${answer.due_at}. "gatehouse tenant cancel ${answer.id}" stops it before.`
            : `Asked for: ${answer.have} of ${answer.need} operators have. Nothing happens before the other one asks for exactly the same.`,
        )
        out.result(answer)
      }),
    )

  tenant
    .command('erasures')
    .description('erasures of institutions')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const { data } = must(await client.GET('/v1/institution-erasures'))
        out.table(
          ['erasure', 'institution', 'state', 'begins', 'ended'],
          data.map((row) => [row.id, row.institution, row.state, row.due_at, row.ended_at ?? '']),
        )
        out.result(data)
      }),
    )

  tenant
    .command('cancel')
    .description('cancel the erasure of an institution before it begins')
    .argument('<erasure>')
    .action(
      act(async ({ out, connect }, erasure: string) => {
        const { client } = await connect()
        out.result(must(await client.DELETE('/v1/institution-erasures/{erasure}', { params: { path: { erasure } } })))
        out.say('Cancelled.')
      }),
    )

  tenant
    .command('certificate')
    .description('download the certificate of the erasure of an institution')
    .argument('<erasure>')
    .option('--out <file>', 'where to write it', 'erasure.json')
    .action(
      act(async ({ out, connect }, erasure: string, { out: file }: { out: string }) => {
        const { client } = await connect()
        const certificate = must(await client.GET('/v1/institution-erasures/{erasure}/certificate', { params: { path: { erasure } } }))
        await writeFile(file, `${JSON.stringify(certificate, null, 2)}\n`)
        out.say(`${file} written. "gatehouse-verify erasure ${file} --key FILE" checks it on any machine.`)
        out.result({ file })
      }),
    )

  const operator = program.command('operator').description('operators of this node')
  operator
    .command('add')
    .description('make a key for another operator; it is shown this once')
    .argument('<name>')
    .action(
      act(async ({ out, connect }, name: string) => {
        const { client } = await connect()
        const made = must(await client.POST('/v1/operators', { body: { label: name } }))
        out.say(made.key)
        out.say('Hand it to the other operator. Where two operators must agree, this key is one and the credential of this machine the other.')
        out.result(made)
      }),
    )
  for (const [verb, words, method] of [
    ['appoint', 'make somebody of the staff an operator who signs in to the portal', 'PUT'],
    ['dismiss', 'end that somebody of the staff is an operator', 'DELETE'],
  ] as const) {
    operator
      .command(verb)
      .description(words)
      .argument('<user>', 'the id of the account (gatehouse users)')
      .action(
        act(async ({ out, connect }, user: string) => {
          const { client } = await connect()
          const of = { params: { path: { user } } }
          const changed = must(method === 'PUT' ? await client.PUT('/v1/operators/{user}', of) : await client.DELETE('/v1/operators/{user}', of))
          out.say(`${changed.name}: ${changed.roles.join(', ')}. It counts from the next sign-in.`)
          out.result(changed)
        }),
      )
  }
}
