import { must } from '@gatehouse/sdk/client'
import { type Command, Option } from 'commander'
import { act, collect } from './act.ts'
import { allPages } from './all-pages.ts'
import { type AsWhom, actAs, keyFile } from './as-whom.ts'
import { type KeyScope, keyScope, scopeWords } from './scope.ts'

interface Registration extends AsWhom {
  readonly purpose: string
  readonly partner?: string
  readonly redirect?: string[]
  readonly scope?: KeyScope[]
  readonly claim?: ('profile' | 'email')[]
  readonly public?: true
  readonly byItself?: true
  readonly provesKey?: true
}

export function addApplication(program: Command): void {
  const application = program.command('application').description('programs that act for people who allow it, or by themselves for their owner')

  application
    .command('register')
    .description('register an application in the sandbox; its secret is shown this once')
    .argument('<name>', 'what people who are asked see')
    .requiredOption('--purpose <words>', 'what it is for, in words for the people who are asked')
    .option('--partner <partner>', 'the partner that owns it; without one it is your own')
    .option('--redirect <uri>', 'where answers go, to the letter; may be repeated', collect)
    .option('--scope <scope>', 'what it asks for, such as own_disclosure:read; may be repeated', keyScope)
    .addOption(new Option('--claim <claim>', 'what it may be told of people: profile, email; may be repeated').argParser(collect))
    .option('--public', 'it runs on somebody’s own machine and keeps no secret')
    .option('--by-itself', 'it also comes without a person, in its owner’s name')
    .option('--proves-key', 'its tokens hold only together with a key that it proves (DPoP)')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, name: string, given: Registration) => {
        const made = must(
          await client.POST('/v1/applications', {
            body: {
              name,
              purpose: given.purpose,
              ...(given.partner === undefined ? {} : { partner: given.partner }),
              redirect_uris: given.redirect ?? [],
              scopes: given.scope ?? [],
              claims: given.claim ?? [],
              confidential: given.public !== true,
              acts_by_itself: given.byItself === true,
              proves_key: given.provesKey === true,
            },
          }),
        )
        out.say(`client_id ${made.application.id}`)
        if (made.secret !== null) out.say(`secret ${made.secret}`)
        out.say('It is in the sandbox. Submit it to have it judged. A secret cannot be shown again.')
        out.result(made)
      }),
    )

  application
    .command('list')
    .description('list applications with their state and what they ask for')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const all = await allPages((cursor) =>
          client.GET('/v1/applications', { params: { query: { ...(cursor === undefined ? {} : { cursor }), limit: 100 } } }),
        )
        out.table(
          ['id', 'name', 'state', 'asks for', 'revision'],
          all.map(({ id, name, state, scopes, revision }) => [id, name, state, scopeWords(scopes), String(revision)]),
        )
        out.result(all)
      }),
    )

  const moves = [
    ['submit', 'have it judged'],
    ['return', 'give a submitted one back to its developers'],
    ['suspend', 'within a second none of its tokens opens anything'],
    ['resume', 'let a suspended one go on'],
  ] as const
  for (const [name, description] of moves)
    application
      .command(name)
      .description(description)
      .argument('<application>', 'its id')
      .option(...keyFile)
      .action(
        actAs(async ({ out, client }, id: string) => {
          const moved = must(await client.POST(`/v1/applications/{application}/${name}`, { params: { path: { application: id } } }))
          out.say(`${moved.name} is ${moved.state}.`)
          out.result(moved)
        }),
      )

  application
    .command('admit')
    .description('let a submitted application go live, as it was judged')
    .argument('<application>', 'its id')
    .argument('<revision>', 'the one that was judged, as "gatehouse application list" shows it')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, id: string, revision: string) => {
        const admitted = must(
          await client.POST('/v1/applications/{application}/admit', { params: { path: { application: id } }, body: { revision: Number(revision) } }),
        )
        out.say(`${admitted.name} is ${admitted.state}.`)
        out.result(admitted)
      }),
    )

  application
    .command('renew-secret')
    .description('give it a new secret, shown this once; the one before ends at once')
    .argument('<application>', 'its id')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, id: string) => {
        const renewed = must(await client.POST('/v1/applications/{application}/secret', { params: { path: { application: id } } }))
        out.say(`secret ${renewed.secret}`)
        out.result(renewed)
      }),
    )

  application
    .command('retire')
    .description('end an application with all connections to it')
    .argument('<application>', 'its id')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, id: string) => {
        const retired = must(await client.DELETE('/v1/applications/{application}', { params: { path: { application: id } } }))
        out.say(`${retired.name} is ${retired.state}.`)
        out.result(retired)
      }),
    )
}
