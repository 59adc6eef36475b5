import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { act } from './act.ts'
import { type AsWhom, actAs, keyFile } from './as-whom.ts'

interface Named extends AsWhom {
  readonly issuer?: string
  readonly jwks?: string
  readonly audience?: string
}

interface Changed extends Omit<Named, 'issuer'> {
  readonly name?: string
}

export function addDeployment(program: Command): void {
  const deployment = program.command('deployment').description('other deployments and authorization servers that are trusted by name, and nobody else')

  deployment
    .command('list')
    .description('whose tokens are believed here, and for whom tokens are made')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const { deployments } = must(await client.GET('/v1/deployments'))
        out.table(
          ['id', 'name', 'issuer', 'audience', 'its tokens must name'],
          deployments.map(({ id, name, issuer, audience, expects }) => [id, name, issuer ?? '', audience ?? '', issuer === null ? '' : expects]),
        )
        out.result(deployments)
      }),
    )

  deployment
    .command('name')
    .description('trust one: believe its tokens (--issuer, --jwks), make tokens for it (--audience), or both')
    .argument('<name>', 'what your people call it')
    .option('--issuer <address>', 'whose tokens are believed, letter by letter as it calls itself in them')
    .option('--jwks <address>', 'where its keys are')
    .option('--audience <address>', 'for whom applications may ask tokens')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, name: string, given: Named) => {
        const named = must(
          await client.POST('/v1/deployments', {
            body: {
              name,
              ...(given.issuer === undefined ? {} : { issuer: given.issuer }),
              ...(given.jwks === undefined ? {} : { jwks_uri: given.jwks }),
              ...(given.audience === undefined ? {} : { audience: given.audience }),
            },
          }),
        )
        out.say(
          named.issuer === null
            ? `${named.name} is trusted: ${named.id}.`
            : `${named.name} is trusted: ${named.id}. Its tokens must name the audience ${named.expects}`,
        )
        out.result(named)
      }),
    )

  deployment
    .command('change')
    .description('change what it is called, where its keys are, or for whom tokens are made; an issuer never changes')
    .argument('<deployment>', 'its id')
    .option('--name <name>')
    .option('--jwks <address>')
    .option('--audience <address>', '"none" for none')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, id: string, given: Changed) => {
        const changed = must(
          await client.PATCH('/v1/deployments/{deployment}', {
            params: { path: { deployment: id } },
            body: {
              ...(given.name === undefined ? {} : { name: given.name }),
              ...(given.jwks === undefined ? {} : { jwks_uri: given.jwks }),
              ...(given.audience === undefined ? {} : { audience: given.audience === 'none' ? null : given.audience }),
            },
          }),
        )
        out.say(`${changed.name} is changed.`)
        out.result(changed)
      }),
    )

  deployment
    .command('drop')
    .description('end the trust; applications that come in by it are retired first')
    .argument('<deployment>', 'its id')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, id: string) => {
        const dropped = must(await client.DELETE('/v1/deployments/{deployment}', { params: { path: { deployment: id } } }))
        out.say('None of its tokens is believed any more, and none is made for it.')
        out.result(dropped)
      }),
    )
}
