/** The identity provider of the mesh: whose word on a person this institution takes besides that of the sending node. */
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { deleteProvider, providerOf, putProvider } from './store.ts'

const address = z.url({ protocol: /^https?$/ }).max(300)
const provider = z.strictObject({
  issuer: address.describe('As its tokens name it, such as the origin of the coordinator'),
  jwks_uri: address.describe('Where its public keys are'),
  audience: address.describe('Whom its tokens have to be for: the name under which the provider knows this institution'),
})
const example = {
  issuer: 'https://coordinator.example.org',
  jwks_uri: 'https://coordinator.example.org/oauth/jwks',
  audience: 'https://hillside.example.org',
}
const facts = (_input: unknown, { issuer, audience }: z.output<typeof provider>) => ({
  object: { kind: 'identity_provider', id: issuer },
  details: { audience },
})

export const readProvider = operation({
  name: 'federation.provider',
  summary: 'The identity provider of the mesh that this institution believes',
  input: z.strictObject({}),
  output: provider,
  access: { action: 'read', on: () => ({ type: 'mesh' }) },
  audit: { none: 'it reads addresses' },
  http: { method: 'GET', path: '/v1/mesh/provider' },
  example: { input: {} },
  problems: [doorProblems.not_found],
  async run({ tx }) {
    const row = await providerOf(tx)
    return row === undefined ? refuse(doorProblems.not_found) : { issuer: row.issuer, jwks_uri: row.jwks_uri, audience: row.audience }
  },
})

export const nameProvider = operation({
  name: 'federation.name_provider',
  summary: 'Believe an identity provider of the mesh',
  description:
    'Messages may then carry its tokens, for the audience that names this institution. It says who somebody is; whether they may do anything here is decided here, person by person, as before.',
  input: provider,
  output: provider,
  access: { action: 'update', on: () => ({ type: 'mesh' }) },
  audit: facts,
  stepUp: true,
  http: { method: 'PUT', path: '/v1/mesh/provider' },
  example: { input: example },
  async run({ tx }, named) {
    await putProvider(tx, named)
    return named
  },
})

export const forgetProvider = operation({
  name: 'federation.forget_provider',
  summary: 'Believe no identity provider of the mesh any more',
  input: z.strictObject({}),
  output: z.strictObject({ forgotten: z.boolean() }),
  access: { action: 'delete', on: () => ({ type: 'mesh' }) },
  audit: (_input, { forgotten }) => ({ details: { forgotten } }),
  http: { method: 'DELETE', path: '/v1/mesh/provider' },
  example: { input: {} },
  run: async ({ tx }) => ({ forgotten: await deleteProvider(tx) }),
})
