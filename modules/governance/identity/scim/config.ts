/** What the node says of its own SCIM (RFC 7644 section 4, RFC 7643 sections 5 to 7). */
import type { Node } from '@gatehouse/runtime/door/node'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { scimBase } from './directory.ts'
import { type Resource, schemas } from './resources.ts'
import { scimLimits, scimOutput } from './schema.ts'

const access = { public: 'It tells what the software can do, and nothing of anybody.' }
const audit = { none: 'It is the same for everybody.' }
const input = z.looseObject({})
const example = { input: {} }

const core = 'urn:ietf:params:scim:schemas:core:2.0'
const no = { supported: false }

export const serviceProviderConfig = operation({
  name: 'identity.scim_config',
  summary: 'SCIM: what is supported',
  input,
  output: scimOutput,
  access,
  audit,
  http: { method: 'GET', path: `${scimBase}/ServiceProviderConfig`, speaks: 'scim' },
  example,
  async run({ node }) {
    return {
      schemas: [`${core}:ServiceProviderConfig`],
      patch: { supported: true },
      bulk: { ...no, maxOperations: 0, maxPayloadSize: 0 },
      filter: { supported: true, maxResults: scimLimits.pageMax },
      changePassword: no,
      sort: no,
      etag: no,
      authenticationSchemes: [
        { type: 'oauthbearertoken', name: 'Bearer token', description: 'Issued with the identity provider, shown once, replaced at will.', primary: true },
      ],
      meta: { resourceType: 'ServiceProviderConfig', location: `${node.addresses.origin}${scimBase}/ServiceProviderConfig` },
    }
  },
})

const types = [
  { name: 'User', schema: schemas.user, description: 'Somebody of the staff' },
  { name: 'Group', schema: schemas.group, description: 'A team' },
] as const

const listOf = (Resources: readonly Resource[]): Resource => ({
  schemas: [schemas.list],
  totalResults: Resources.length,
  startIndex: 1,
  itemsPerPage: Resources.length,
  Resources,
})

export const resourceTypes = operation({
  name: 'identity.scim_resource_types',
  summary: 'SCIM: the kinds of resources',
  input,
  output: scimOutput,
  access,
  audit,
  http: { method: 'GET', path: `${scimBase}/ResourceTypes`, speaks: 'scim' },
  example,
  run: async ({ node }) => listOf(typesOf(node)),
})

export const resourceType = operation({
  name: 'identity.scim_resource_type',
  summary: 'SCIM: one kind of resources',
  input: z.looseObject({ type: z.string().max(200) }),
  output: scimOutput,
  access,
  audit,
  http: { method: 'GET', path: `${scimBase}/ResourceTypes/:type`, speaks: 'scim' },
  example: { input: { type: 'User' } },
  problems: [doorProblems.not_found],
  run: async ({ node }, { type }) => typesOf(node).find(({ id }) => id === type) ?? refuse(doorProblems.not_found),
})

const typesOf = ({ addresses }: Pick<Node, 'addresses'>): Resource[] =>
  types.map(({ name, schema, description }) => ({
    schemas: [`${core}:ResourceType`],
    id: name,
    name,
    endpoint: `/${name}s`,
    description,
    schema,
    schemaExtensions: [],
    meta: { resourceType: 'ResourceType', location: `${addresses.origin}${scimBase}/ResourceTypes/${name}` },
  }))

interface Attribute {
  readonly name: string
  readonly type?: 'string' | 'boolean' | 'complex' | 'reference'
  readonly required?: boolean
  readonly multiValued?: boolean
  readonly unique?: boolean
  readonly parts?: readonly Attribute[]
}

/** Only what is kept; everything else that the standard knows is passed over. */
const attributes: Readonly<Record<'User' | 'Group', readonly Attribute[]>> = {
  User: [
    { name: 'userName', required: true, unique: true },
    { name: 'displayName' },
    { name: 'name', type: 'complex', parts: [{ name: 'formatted' }, { name: 'givenName' }, { name: 'familyName' }] },
    { name: 'active', type: 'boolean' },
    { name: 'emails', type: 'complex', multiValued: true, parts: [{ name: 'value' }, { name: 'type' }, { name: 'primary', type: 'boolean' }] },
  ],
  Group: [
    { name: 'displayName', required: true, unique: true },
    { name: 'members', type: 'complex', multiValued: true, parts: [{ name: 'value' }, { name: '$ref', type: 'reference' }, { name: 'type' }] },
  ],
}

function described({ name, type = 'string', required = false, multiValued = false, unique = false, parts }: Attribute): Resource {
  return {
    name,
    type,
    multiValued,
    required,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: unique ? 'server' : 'none',
    ...(parts === undefined ? {} : { subAttributes: parts.map(described) }),
  }
}

export const scimSchemas = operation({
  name: 'identity.scim_schemas',
  summary: 'SCIM: the attributes that are kept',
  input,
  output: scimOutput,
  access,
  audit,
  http: { method: 'GET', path: `${scimBase}/Schemas`, speaks: 'scim' },
  example,
  run: async ({ node }) => listOf(schemasOf(node)),
})

export const scimSchema = operation({
  name: 'identity.scim_schema',
  summary: 'SCIM: the attributes of one kind of resources that are kept',
  input: z.looseObject({ schema: z.string().max(200) }),
  output: scimOutput,
  access,
  audit,
  http: { method: 'GET', path: `${scimBase}/Schemas/:schema`, speaks: 'scim' },
  example: { input: { schema: schemas.user } },
  problems: [doorProblems.not_found],
  run: async ({ node }, { schema }) => schemasOf(node).find(({ id }) => id === schema) ?? refuse(doorProblems.not_found),
})

const schemasOf = ({ addresses }: Pick<Node, 'addresses'>): Resource[] =>
  types.map(({ name, schema, description }) => ({
    schemas: [`${core}:Schema`],
    id: schema,
    name,
    description,
    attributes: attributes[name].map(described),
    meta: { resourceType: 'Schema', location: `${addresses.origin}${scimBase}/Schemas/${schema}` },
  }))
