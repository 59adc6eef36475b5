/** The nouns of applications, and their limits. */
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { keyScopeSchema } from '../access/index.ts'
import { applicationStates } from './states.ts'

export const limits = {
  nameCharacters: 100,
  purposeCharacters: 500,
  redirects: 10,
  scopes: 50,
  deployments: 50,
  /** How long an access token holds; it is looked at again within a second all the same. */
  accessTokenSeconds: 300,
  codeSeconds: 60,
  idTokenSeconds: 300,
  /** A refresh token serves once; its successor holds as long again. */
  refreshTokenSeconds: 30 * 86_400,
  /** How long the node signs with one key. The one before and the next are published beside it. */
  signingKeyDays: 30,
  connectionsShown: 500,
  parameterCharacters: 2_000,
  tokenCharacters: 8_192,
  jwksTimeoutMs: 5_000,
  jwksBytes: 262_144,
} as const

export const claimNames = ['profile', 'email'] as const

const uri = z.url().max(500)
const plain = (max: number) => z.string().trim().min(1).max(max)

const settings = {
  name: plain(limits.nameCharacters),
  purpose: plain(limits.purposeCharacters).describe('What it is for, in words for the people who are asked'),
  redirect_uris: z.array(uri).max(limits.redirects),
  scopes: z.array(keyScopeSchema).max(limits.scopes),
  claims: z.array(z.enum(claimNames)),
  acts_by_itself: z.boolean(),
  proves_key: z.boolean(),
}

export const registerInput = z.strictObject({
  name: settings.name,
  purpose: settings.purpose,
  partner: z.string().min(1).max(64).optional().describe('The partner that owns it, by id or reference; without one, whoever registers it'),
  confidential: z.boolean().default(true).describe('Whether it can keep a secret: a program on a server can, one on somebody’s own machine cannot'),
  redirect_uris: settings.redirect_uris.default([]),
  scopes: settings.scopes.default([]),
  claims: settings.claims.default([]),
  acts_by_itself: settings.acts_by_itself.default(false).describe('Whether it gets tokens without a person (client credentials), in the name of its owner'),
  proves_key: settings.proves_key.default(false),
  elsewhere: z
    .strictObject({ deployment: idSchema('deployment'), client_id: plain(200) })
    .optional()
    .describe('Its tokens come from another authorization server that the institution has named, which knows it by this id'),
})

export const changeInput = z.strictObject({
  application: idSchema('application'),
  name: settings.name.optional(),
  purpose: settings.purpose.optional(),
  redirect_uris: settings.redirect_uris.optional(),
  scopes: settings.scopes.optional(),
  claims: settings.claims.optional(),
  acts_by_itself: settings.acts_by_itself.optional(),
  proves_key: settings.proves_key.optional(),
})

export const applicationSchema = z.strictObject({
  id: idSchema('application').describe('Also its client_id'),
  ...settings,
  owner_kind: z.enum(['partner', 'user']),
  owner: z.string(),
  registered_by: z.string(),
  confidential: z.boolean(),
  elsewhere: z.strictObject({ deployment: idSchema('deployment'), client_id: z.string() }).nullable(),
  state: z.enum(applicationStates),
  revision: z.int(),
  created_at: instantSchema,
  updated_at: instantSchema,
})
export type Application = z.output<typeof applicationSchema>

export const withSecret = z.strictObject({ application: applicationSchema, secret: z.string().nullable().describe('Shown once; null for one that keeps none') })

export const connectionSchema = z.strictObject({
  id: idSchema('connection'),
  application: z.strictObject({ id: idSchema('application'), name: z.string(), purpose: z.string(), owner: z.string().nullable() }),
  scopes: z.array(keyScopeSchema),
  claims: z.array(z.enum(claimNames)),
  audience: z.string(),
  created_at: instantSchema,
})

const web = (characters: number) => z.url({ protocol: /^https?$/ }).max(characters)

const deployment = {
  name: plain(limits.nameCharacters),
  jwks_uri: web(500),
  audience: web(500).describe('For whom tokens may be made: the audience that the other side expects'),
}

export const deploymentInput = z
  .strictObject({
    name: deployment.name,
    issuer: web(300).optional().describe('Whose tokens are believed, letter by letter as it calls itself in them'),
    jwks_uri: deployment.jwks_uri.optional(),
    audience: deployment.audience.optional(),
  })
  .refine(({ issuer, jwks_uri: keys }) => (issuer === undefined) === (keys === undefined), 'an issuer and where its keys are come together')
  .refine(({ issuer, audience }) => issuer !== undefined || audience !== undefined, 'an issuer to believe, an audience to make tokens for, or both')

export const deploymentChange = z.strictObject({
  deployment: idSchema('deployment'),
  name: deployment.name.optional(),
  jwks_uri: deployment.jwks_uri.optional(),
  audience: deployment.audience.nullable().optional(),
})

export const deploymentSchema = z.strictObject({
  id: idSchema('deployment'),
  name: z.string(),
  issuer: z.string().nullable(),
  jwks_uri: z.string().nullable(),
  audience: z.string().nullable(),
  expects: z.string().describe('The audience that tokens from there must name to be believed here'),
  created_at: instantSchema,
})

/** The claims among the words of a token's scope. */
export const claimsOf = (words: string): (typeof claimNames)[number][] => claimNames.filter((name) => words.split(' ').includes(name))
