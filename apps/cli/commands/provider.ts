import { must } from '@gatehouse/sdk/client'
import { type Command, InvalidArgumentError } from 'commander'
import { readText } from '../files/read-text.ts'
import type { Connection } from '../node/connection.ts'
import { act, collect } from './act.ts'

type Role = 'administrator' | 'officer' | 'auditor'
type Part = 'either' | 'assertion' | 'response' | 'both'

interface Given {
  readonly name?: string
  readonly issuer?: string
  readonly clientId?: string
  readonly secret?: string
  readonly metadata?: string
  readonly signed?: Part
  readonly signRequests?: boolean
  readonly subjectAttribute?: string
  readonly domain?: string[]
  readonly groups?: string
  readonly team?: string[]
  readonly createAccounts?: boolean
  readonly role?: string[]
  readonly required?: boolean
  readonly signOut?: boolean
  readonly trustAddresses?: boolean
  readonly factor?: string[]
}

export function addProvider(program: Command): void {
  const provider = program.command('provider').description('where people of the institution sign in elsewhere: OpenID Connect or SAML 2.0')

  provider
    .command('list')
    .description('list the identity providers')
    .action(
      act(async ({ out, connect }) => {
        const providers = must(await (await connect()).client.GET('/v1/identity-providers')).data
        out.table(
          ['id', 'name', 'protocol', 'issuer', 'domains', 'directory'],
          providers.map((row) => [
            row.id,
            row.name,
            row.protocol,
            row.issuer,
            row.domains.map(({ domain, verified_at }) => `${domain}${verified_at === null ? ' (not proven)' : ''}`).join(', '),
            row.provisioned ? 'has a token' : 'off',
          ]),
        )
        out.result(providers)
      }),
    )

  settings(provider.command('add').description('add a provider: with --metadata it speaks SAML, otherwise OpenID Connect'))
    .requiredOption('--name <name>', 'what your people call it')
    .option('--issuer <address>', 'OpenID Connect: as the provider spells it')
    .action(
      act(async ({ out, connect }, given: Given) => {
        const connection = await connect()
        const body = { ...wordsOf(given), ...(await spoken(connection, given)), name: given.name ?? '', issuer: await issuerOf(connection, given) }
        const added = must(await connection.client.POST('/v1/identity-providers', { body: { ...body, teams: await teamsOf(connection, given.team ?? []) } }))
        out.say(`${added.name} is added as ${added.id}.`)
        out.say(
          added.saml === null
            ? `Register this redirect URI with it, letter by letter: ${added.redirect_uri}`
            : `Hand it this node’s metadata: ${added.saml.metadata_uri}`,
        )
        for (const { domain, record, value } of added.domains)
          out.say(`To prove ${domain}, publish ${record} TXT "${value}", then: gatehouse provider prove-domain ${added.id} ${domain}`)
        out.result(added)
      }),
    )

  settings(provider.command('change').description('change a provider; what is not named stays as it is').argument('<id>'))
    .option('--name <name>', 'what your people call it')
    .action(
      act(async ({ out, connect }, id: string, given: Given) => {
        const connection = await connect()
        const teams = given.team === undefined ? {} : { teams: await teamsOf(connection, given.team) }
        const body = { ...wordsOf(given), ...teams, ...(await spoken(connection, given, id)) }
        const changed = must(await connection.client.PATCH('/v1/identity-providers/{provider}', { params: { path: { provider: id } }, body }))
        out.say(`${changed.name} is changed; revision ${changed.revision}.`)
        out.result(changed)
      }),
    )

  provider
    .command('try')
    .description('ask what a provider says of itself, without signing in anybody')
    .argument('<id>')
    .action(
      act(async ({ out, connect }, id: string) => {
        const tried = must(await (await connect()).client.POST('/v1/identity-providers/{provider}/trial', { params: { path: { provider: id } } }))
        out.say(tried.usable ? `It can be used; people are sent to ${tried.authorization_endpoint}.` : `It cannot be used: ${tried.fault}`)
        out.result(tried)
        if (!tried.usable) process.exitCode = 1
      }),
    )

  provider
    .command('prove-domain')
    .description('prove that a domain is the institution’s, by its TXT record')
    .argument('<id>')
    .argument('<domain>')
    .action(
      act(async ({ out, connect }, id: string, domain: string) => {
        const params = { path: { provider: id, domain } }
        const proven = must(await (await connect()).client.POST('/v1/identity-providers/{provider}/domains/{domain}/proof', { params }))
        out.say(`${proven.domain} is proven: its addresses lead to the provider.`)
        out.result(proven)
      }),
    )

  provider
    .command('remove')
    .description('let nobody sign in there any more; sessions that began there end')
    .argument('<id>')
    .action(
      act(async ({ out, connect }, id: string) => {
        const removed = must(await (await connect()).client.DELETE('/v1/identity-providers/{provider}', { params: { path: { provider: id } } }))
        out.say(`Removed; ${removed.sessions_ended} sessions ended.`)
        out.result(removed)
      }),
    )

  const token = provider.command('token').description('the token by which its directory keeps people and teams (SCIM 2.0)')
  token
    .command('issue')
    .description('issue a token, shown this once; an earlier one ends')
    .argument('<id>')
    .action(
      act(async ({ out, connect }, id: string) => {
        const params = { path: { provider: id } }
        const issued = must(await (await connect()).client.POST('/v1/identity-providers/{provider}/provisioning-token', { params }))
        out.say(issued.token)
        out.say(`Give it to the directory as bearer token, with ${issued.base_uri} as the address.`)
        out.result(issued)
      }),
    )
  token
    .command('end')
    .description('end the token; people and teams stay as they are')
    .argument('<id>')
    .action(
      act(async ({ out, connect }, id: string) => {
        const ended = must(
          await (await connect()).client.DELETE('/v1/identity-providers/{provider}/provisioning-token', { params: { path: { provider: id } } }),
        )
        out.say('The directory changes nothing here any more.')
        out.result(ended)
      }),
    )
}

const settings = (command: Command): Command =>
  command
    .option('--client-id <id>', 'OpenID Connect: the client’s id there')
    .option('--secret <file>', 'OpenID Connect: a file with the client’s secret')
    .option('--metadata <file>', 'SAML: the provider’s metadata, as XML')
    .option('--signed <part>', 'SAML: what must be signed: either, assertion, response or both', partFrom)
    .option('--sign-requests', 'SAML: sign requests')
    .option('--subject-attribute <name>', 'SAML: the attribute that names somebody for good, instead of the NameID')
    .option('--domain <domains>', 'domains of addresses that lead there; several with commas', collect)
    .option('--groups <name>', 'the claim or attribute that names groups')
    .option('--team <pairs>', 'GROUP=TEAM, a group there and a team here that follows it; several with commas', collect)
    .option('--create-accounts', 'make an account for whoever comes for the first time')
    .option('--no-create-accounts', 'let in only people who were invited')
    .option('--role <roles>', 'roles of a new account; several with commas', collect)
    .option('--required', 'the only way in for its domains')
    .option('--no-required', 'one of several ways in')
    .option('--sign-out', 'signing out here leads there, to sign out there too')
    .option('--no-sign-out', 'signing out here does not sign out there')
    .option('--trust-addresses', 'its addresses count though it does not say that it verified them')
    .option('--no-trust-addresses', 'only addresses count that it says it verified')
    .option('--factor <words>', 'its words for a second factor; several with commas', collect)

/** What is said of it in both protocols, as far as it was named. */
function wordsOf({ name, domain, groups, createAccounts, role, required, signOut, trustAddresses, factor }: Given) {
  const said = {
    name,
    domains: domain,
    groups_claim: groups,
    creates_accounts: createAccounts,
    roles: role as Role[] | undefined,
    required,
    signs_out: signOut,
    trusts_email: trustAddresses,
    factors: factor,
  }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as {
    [Name in keyof typeof said]?: NonNullable<(typeof said)[Name]>
  }
}

/** What is said in the protocol; of SAML all of it anew, from the metadata and from what is known. */
async function spoken({ client }: Connection, given: Given, id?: string) {
  const { clientId, secret, metadata, signed, signRequests, subjectAttribute } = given
  const asked = [metadata, signed, signRequests, subjectAttribute].some((one) => one !== undefined)
  if (!asked)
    return { ...(clientId === undefined ? {} : { client_id: clientId }), ...(secret === undefined ? {} : { client_secret: (await readText(secret)).trim() }) }
  const known = id === undefined ? undefined : must(await client.GET('/v1/identity-providers')).data.find((row) => row.id === id)?.saml
  const read = metadata === undefined ? undefined : await described(client, metadata)
  if (read === undefined && (known === undefined || known === null)) throw new Error('A provider that speaks SAML is added with its metadata: --metadata FILE.')
  const before = known ?? { entry_point: '', logout_url: null, certificates: [], signed: 'either' as const, signs_requests: false, subject_attribute: null }
  return {
    saml: {
      entry_point: read?.entry_point ?? before.entry_point,
      logout_url: read === undefined ? before.logout_url : read.logout_url,
      certificates: read?.certificates ?? before.certificates.map(({ pem }) => pem),
      signed: signed ?? before.signed,
      signs_requests: signRequests ?? before.signs_requests,
      subject_attribute: subjectAttribute ?? before.subject_attribute,
    },
  }
}

async function described(client: Connection['client'], path: string) {
  return must(await client.POST('/v1/identity-providers/saml-metadata', { body: { metadata: await readText(path) } }))
}

async function issuerOf({ client }: Connection, { issuer, metadata }: Given): Promise<string> {
  if (issuer !== undefined) return issuer
  if (metadata === undefined) throw new Error('Name the provider by --issuer ADDRESS, or by --metadata FILE where it speaks SAML.')
  return (await described(client, metadata)).issuer
}

async function teamsOf({ client }: Connection, pairs: readonly string[]) {
  if (pairs.length === 0) return []
  const teams = must(await client.GET('/v1/teams', { params: { query: { limit: 100 } } })).data
  return pairs.map((pair) => {
    const [group = '', name = ''] = pair.split('=')
    const team = teams.find((one) => one.name === name || one.id === name)
    if (group === '' || team === undefined) throw new Error(`${pair}: it is to be GROUP=TEAM, with a team that there is.`)
    return { group, team: team.id }
  })
}

function partFrom(text: string): Part {
  const part = (['either', 'assertion', 'response', 'both'] as const).find((one) => one === text)
  if (part === undefined) throw new InvalidArgumentError('It is either, assertion, response or both.')
  return part
}
