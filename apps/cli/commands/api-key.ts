import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { act, wholeNumber } from './act.ts'
import { allPages } from './all-pages.ts'
import { type KeyScope, keyScope, scopeWords } from './scope.ts'

const reach = (scopes: readonly KeyScope[] | null) => (scopes === null ? 'everything' : scopeWords(scopes))

export function addApiKey(program: Command): void {
  const key = program.command('api-key').description('keys by which programs sign in: master keys, and keys limited to scopes')

  key
    .command('issue')
    .description('issue a key for a partner, or for yourself; it is shown this once')
    .argument('[partner]', 'its reference, such as northwind-bank; without it the key is your own')
    .option('--label <label>', 'what the key is for', 'issued from the command line')
    .option('--days <number>', 'days until it ends', wholeNumber, 365)
    .option('--scope <scope>', 'what it is limited to, such as release:write or policy:read@project/ID; may be repeated', keyScope)
    .addHelpText('after', '\nA key with scopes does nothing else, and never more than its owner may. Without a scope it does whatever its owner may.')
    .action(
      act(async ({ out, connect }, partner: string | undefined, { label, days, scope }: { label: string; days: number; scope?: KeyScope[] }) => {
        const { client } = await connect()
        const issued = must(
          await client.POST('/v1/api-keys', {
            body: {
              label,
              expires_in_days: days,
              ...(partner === undefined ? {} : { partner }),
              ...(scope === undefined ? {} : { scopes: scope }),
            },
          }),
        )
        out.say(issued.key)
        out.say(`It ends ${issued.api_key.expires_at} and cannot be shown again. Reach: ${reach(issued.api_key.scopes)}. Hand it over by a safe way.`)
        out.result(issued)
      }),
    )

  key
    .command('list')
    .description('list keys with their reach and their last use')
    .argument('[partner]', 'only those of this partner')
    .action(
      act(async ({ out, connect }, partner: string | undefined) => {
        const { client } = await connect()
        const keys = await allPages((cursor) =>
          client.GET('/v1/api-keys', {
            params: { query: { ...(partner === undefined ? {} : { partner }), ...(cursor === undefined ? {} : { cursor }), limit: 100 } },
          }),
        )
        out.table(
          ['id', 'label', 'reach', 'last used', 'ends', 'standing'],
          keys.map((row) => [
            row.id,
            row.label,
            reach(row.scopes),
            row.last_used_at ?? 'never',
            row.expires_at,
            row.revoked_at !== null ? 'revoked' : Date.parse(row.expires_at) <= Date.now() ? 'ended' : row.replaced_by !== null ? 'replaced' : 'valid',
          ]),
        )
        out.result(keys)
      }),
    )

  key
    .command('rotate')
    .description('replace a key: the new one is shown this once, the old one goes on for the overlap')
    .argument('<key>', 'its id, as "gatehouse api-key list" shows it')
    .option('--overlap <hours>', 'hours in which both hold; 0 ends the old one at once', wholeNumber, 24)
    .action(
      act(async ({ out, connect }, id: string, { overlap }: { overlap: number }) => {
        const { client } = await connect()
        const rotated = must(await client.POST('/v1/api-keys/{key}/rotation', { params: { path: { key: id } }, body: { overlap_hours: overlap } }))
        out.say(rotated.key)
        out.say(`The old key ends ${rotated.replaced.expires_at}, the new one ${rotated.api_key.expires_at}. It cannot be shown again.`)
        out.result(rotated)
      }),
    )

  key
    .command('revoke')
    .description('end a key; within a second it is refused')
    .argument('<key>', 'its id')
    .action(
      act(async ({ out, connect }, id: string) => {
        const { client } = await connect()
        const revoked = must(await client.DELETE('/v1/api-keys/{key}', { params: { path: { key: id } } }))
        out.say(`${revoked.label} is revoked.`)
        out.result(revoked)
      }),
    )
}
