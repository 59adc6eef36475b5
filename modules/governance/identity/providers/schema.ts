/** Identity providers: where an institution's people sign in elsewhere. */
import { idSchema, instantSchema, sensitive } from '@gatehouse/core/schema'
import { z } from 'zod'
import { givenRoles } from '../schema.ts'
import { samlInput } from './saml/settings.ts'

export const providerLimits = {
  providersPerTenant: 20,
  domainsPerProvider: 20,
  teamsPerProvider: 200,
  factorsPerProvider: 10,
  /** How many groups are read from what a provider says of somebody. */
  groups: 1000,
  /** From being sent to the provider until coming back. */
  awayMinutes: 10,
  /** How old the provider's own proof may be where it stands in for the node's factor. */
  proofSeconds: 300,
  fetchTimeoutMs: 5_000,
  answerBytesMax: 262_144,
  /** How long what a provider publishes about itself is remembered. */
  metadataMinutes: 10,
} as const

export const providerId = idSchema('identity_provider')

export const domainSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^(?=.*\.)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*$/, 'a domain such as example.org')

const plain = (max: number) => z.string().trim().min(1).max(max)

const settings = {
  name: plain(100),
  /** Whose addresses end in these may be led here, once each is proven. */
  domains: z.array(domainSchema).max(providerLimits.domainsPerProvider),
  /** The claim, or attribute, that names somebody's groups; without one no team follows the provider. */
  groups_claim: plain(100).nullable(),
  teams: z.array(z.strictObject({ group: plain(200), team: idSchema('team') })).max(providerLimits.teamsPerProvider),
  /** Whether somebody unknown gets an account on coming in for the first time; with these roles, by default none. */
  creates_accounts: z.boolean(),
  roles: z.array(z.enum(givenRoles)).max(givenRoles.length),
  /** Whether people of its domains sign in by it and in no other way. */
  required: z.boolean(),
  /** Whether signing out here leads there, to sign out there too. */
  signs_out: z.boolean(),
  /** Whether its addresses count though it does not say that it verified them. */
  trusts_email: z.boolean(),
  /** The values of `acr` or `amr`, or of `AuthnContextClassRef`, by which its word counts as a second factor, for whoever has none here. */
  factors: z.array(plain(200)).max(providerLimits.factorsPerProvider),
}

/** The client's id at the provider. */
const clientId = plain(200)
export const clientSecret = sensitive(z.string().min(1).max(1000))

export const addProviderInput = z.strictObject({
  name: settings.name,
  /** As the provider spells it: its issuer, or its entity id; it never changes. */
  issuer: z
    .string()
    .trim()
    .max(300)
    .regex(/^[a-zA-Z][a-zA-Z0-9+.-]*:\S+$/, 'an address, or a URN'),
  /** By OpenID Connect: the client's id and secret at the provider. */
  client_id: clientId.optional(),
  client_secret: clientSecret.optional(),
  /** By SAML 2.0. */
  saml: samlInput.optional(),
  domains: settings.domains.default([]),
  groups_claim: settings.groups_claim.default(null),
  teams: settings.teams.default([]),
  creates_accounts: settings.creates_accounts.default(false),
  roles: settings.roles.default([]),
  required: settings.required.default(false),
  signs_out: settings.signs_out.default(false),
  trusts_email: settings.trusts_email.default(false),
  factors: settings.factors.default([]),
})

export const changeProviderInput = z.strictObject({
  provider: providerId,
  ...z.strictObject(settings).partial().shape,
  client_id: clientId.optional(),
  client_secret: clientSecret.optional(),
  /** All of it anew. */
  saml: samlInput.optional(),
})

export const providerSchema = z.strictObject({
  id: providerId,
  issuer: z.string(),
  protocol: z.enum(['oidc', 'saml']),
  ...settings,
  client_id: z.string().nullable(),
  saml: z
    .strictObject({
      ...samlInput.shape,
      logout_url: z.string().nullable(),
      certificates: z.array(z.strictObject({ pem: z.string(), fingerprint: z.string(), ends_at: instantSchema })),
      signed: samlInput.shape.signed.unwrap(),
      signs_requests: z.boolean(),
      subject_attribute: z.string().nullable(),
      /** What the provider is told of this node; its metadata names them. */
      entity_id: z.string(),
      acs_uri: z.string(),
      metadata_uri: z.string(),
      logout_uri: z.string(),
    })
    .nullable(),
  domains: z.array(
    z.strictObject({
      domain: z.string(),
      /** The TXT record that proves it: its name and what it is to say. */
      record: z.string(),
      value: z.string(),
      verified_at: instantSchema.nullable(),
    }),
  ),
  /** Where the browser comes back to. With OpenID Connect it is registered with the provider, letter by letter. */
  redirect_uri: z.string(),
  /** Where the browser comes back to from signing out there. With OpenID Connect it is registered as `post_logout_redirect_uri`. */
  signed_out_uri: z.string(),
  /** Where an OpenID provider says that somebody has signed out there. */
  backchannel_logout_uri: z.string().nullable(),
  /** Begins a sign-in there without asking for an address. */
  sign_in_uri: z.string(),
  /** Whether its directory has a token to keep people and teams by (SCIM). */
  provisioned: z.boolean(),
  revision: z.int().min(1),
  created_at: instantSchema,
})
export type Provider = z.output<typeof providerSchema>
