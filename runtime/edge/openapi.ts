/** OpenAPI 3.1 from the operations themselves: what is described is what is checked. */
import type { ProblemKind } from '@gatehouse/core/problem'
import { z } from 'zod'
import type { AnyOperation, Standard } from '../door/operation.ts'
import { doorProblems } from '../door/problems.ts'

type Schema = Record<string, unknown> & { properties?: Record<string, Schema>; required?: string[] }

export interface ApiInfo {
  readonly version: string
  readonly description: string
}

/** Inputs and outputs carry the same JSON in both directions (ids and times stay text), so the input side describes both. */
function schemaOf(type: z.ZodType): Schema {
  const { $schema: _, $defs: __, ...schema } = pointed(z.toJSONSchema(type, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' }))
  return schema
}

/** Schemas with a name (`meta({ id })`): those that mention themselves must have one. They stand once, beside the paths. */
function namedIn(operations: readonly AnyOperation[]): Record<string, Schema> {
  const named = new Map<string, Schema>()
  for (const type of operations.flatMap(({ input, output }) => [input, output])) {
    const { $defs = {} } = pointed(z.toJSONSchema(type, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' }))
    for (const [name, schema] of Object.entries($defs as Record<string, Schema>)) {
      if (name.startsWith('__')) throw new TypeError('a schema that mentions itself has a name: meta({ id })')
      named.set(name, schema)
    }
  }
  return Object.fromEntries([...named].sort(([a], [b]) => a.localeCompare(b)))
}

const pointed = (schema: object): Schema => JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as Schema

const problemSchema: Schema = {
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    mend: { type: 'string', description: 'What the reader can do about it' },
    instance: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', required: ['pointer', 'detail'], properties: { pointer: { type: 'string' }, detail: { type: 'string' } } },
    },
  },
}

export function openApi(operations: readonly AnyOperation[], info: ApiInfo): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of [...operations].sort((a, b) => a.name.localeCompare(b.name))) {
    if (operation.http === undefined) continue
    for (const [index, path] of [operation.http.path, ...(operation.http.aliases ?? [])].entries()) {
      const place = path.replaceAll(/[:*]([a-z_]+)/g, '{$1}')
      paths[place] ??= {}
      paths[place][operation.http.method.toLowerCase()] = describe(operation, path, index > 0)
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Gatehouse', version: info.version, description: info.description, license: { name: 'GPL-3.0-or-later', identifier: 'GPL-3.0-or-later' } },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }, { session: [] }],
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => a.localeCompare(b))),
    components: {
      schemas: { Problem: problemSchema, ...namedIn(operations.filter(({ http }) => http !== undefined)) },
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key (ghk_…) of a partner or a user.' },
        session: { type: 'apiKey', in: 'cookie', name: 'gatehouse_session' },
      },
    },
  }
}

function describe(operation: AnyOperation, path: string, alias: boolean): Record<string, unknown> {
  const http = operation.http
  const input = schemaOf(operation.input)
  const inPath = [...path.matchAll(/[:*]([a-z_]+)/g)].map((match) => match[1] as string)
  const required = new Set(input.required ?? [])
  const where = inputPlace(operation)
  const parameters = membersOf(input)
    .filter(([name]) => inPath.includes(name) || where !== 'body')
    .map(([name, schema]) => ({ name, in: inPath.includes(name) ? 'path' : 'query', required: inPath.includes(name) || required.has(name), schema }))
  return {
    operationId: alias ? `${operation.name}.unversioned` : operation.name,
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    tags: [operation.name.split('.')[0]],
    ...(alias ? { deprecated: true } : {}),
    ...('public' in operation.access ? { security: [{}] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBody(operation, input, inPath),
    responses: {
      [String(http?.status ?? 200)]: success(operation),
      ...(operation.kind === 'steps' && operation.ranges === true ? { 206: { ...success(operation), description: 'A part of the file' } } : {}),
      ...(operation.approvals === undefined
        ? {}
        : { 202: { description: 'Waits for another person: nothing has been changed yet.', content: { 'application/json': { schema: pendingSchema } } } }),
      ...problemResponses(operation, http?.speaks),
    },
  }
}

/** Members that are not the file itself. */
const membersOf = (input: Schema) => Object.entries(input.properties ?? {}).filter(([name]) => name !== 'body' && name !== 'media_type')

function inputPlace(operation: AnyOperation): 'query' | 'body' | 'stream' {
  if (operation.kind === 'steps' && operation.streams === true) return 'stream'
  return ['POST', 'PUT', 'PATCH'].includes(operation.http?.method ?? '') ? 'body' : 'query'
}

function requestBody(operation: AnyOperation, input: Schema, inPath: readonly string[]): { requestBody?: object } {
  const where = inputPlace(operation)
  if (where === 'query') return {}
  if (where === 'stream') return { requestBody: { required: true, content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } } }
  const given = operation.example?.input as Record<string, unknown> | undefined
  const members = membersOf(input).filter(([name]) => !inPath.includes(name))
  if (members.length > 0) {
    const required = (input.required ?? []).filter((name) => members.some(([member]) => member === name))
    const schema = { type: 'object', properties: Object.fromEntries(members), required, additionalProperties: false }
    const example = given && Object.fromEntries(Object.entries(given).filter(([name]) => !inPath.includes(name)))
    const mediaType = operation.http?.form === true ? 'application/x-www-form-urlencoded' : 'application/json'
    return { requestBody: { required: required.length > 0, content: { [mediaType]: { schema, ...(example && { example }) } } } }
  }
  // An input of several shapes has no members of its own: it is the body as a whole.
  if ((input.oneOf ?? input.anyOf) === undefined) return {}
  return { requestBody: { required: true, content: { 'application/json': { schema: input, ...(given && { example: given }) } } } }
}

const pendingSchema: Schema = {
  type: 'object',
  required: ['status', 'approval_id', 'have', 'need'],
  properties: { status: { const: 'pending_approval' }, approval_id: { type: 'string', format: 'uuid' }, have: { type: 'integer' }, need: { type: 'integer' } },
}

function success(operation: AnyOperation): Record<string, unknown> {
  const answers = operation.kind === 'steps' ? (operation.answers ?? 'json') : 'json'
  if (answers === 'events') return { description: 'Server-sent events', content: { 'text/event-stream': { schema: { type: 'string' } } } }
  if (answers === 'rows') {
    return { description: 'Rows', content: { 'application/x-ndjson': { schema: { type: 'string' } }, 'text/csv': { schema: { type: 'string' } } } }
  }
  if (answers === 'file') {
    const types = (operation.kind === 'steps' ? operation.mediaTypes : undefined) ?? ['application/octet-stream']
    return { description: 'A file', content: Object.fromEntries(types.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])) }
  }
  const schema = schemaOf(operation.output)
  if (operation.http?.leads) return { description: 'Go on there', headers: { location: { schema: { type: 'string' } } } }
  if (operation.session === 'begins' && schema.properties !== undefined) {
    // The tokens leave as cookies and never in the body.
    const { session_token: _, entrance_token: __, ...properties } = schema.properties
    return {
      description: 'Done',
      content: { 'application/json': { schema: { ...schema, properties, required: schema.required?.filter((name) => name in properties) } } },
    }
  }
  return {
    description: 'Done',
    content: { 'application/json': { schema, ...(operation.example?.output === undefined ? {} : { example: operation.example.output }) } },
  }
}

function problemResponses(operation: AnyOperation, standard: Standard | undefined): Record<string, unknown> {
  const own: ProblemKind[] = [
    doorProblems.input_invalid,
    ...('public' in operation.access ? [] : [doorProblems.not_authenticated, doorProblems.not_allowed]),
    ...(operation.problems ?? []),
  ]
  const byStatus = new Map<number, ProblemKind[]>()
  for (const kind of own) byStatus.set(kind.status, [...(byStatus.get(kind.status) ?? []), kind])
  return Object.fromEntries(
    [...byStatus].map(([status, kinds]) => [
      String(status),
      {
        description: kinds.map((kind) => `${kind.title} (${kind.type})`).join('; '),
        content: { [standard === 'oauth' ? 'application/json' : 'application/problem+json']: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}
