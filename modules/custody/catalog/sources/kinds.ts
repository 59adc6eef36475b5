import { type JsonValue, jsonValue } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import type { Connector } from '../connectors/connector.ts'
import { connectorsOf, fileKind } from '../connectors/kinds.ts'

const kindSchema = z.strictObject({
  kind: z.string(),
  title: z.string(),
  live: z.boolean().describe('false: its tables are sent to it'),
  settings: jsonValue.describe('JSON schema of `settings`'),
  secret: jsonValue.nullable().describe('JSON schema of `secret`; null where none is needed'),
  resumes: z.boolean().describe('reading goes on where it broke off'),
  install: z.string().nullable().describe('the line that installs the package it needs and this node lacks'),
})

export const listKinds = operation({
  name: 'catalog.kinds',
  kind: 'steps',
  summary: 'List the kinds of sources that this node knows',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(kindSchema) }),
  access: { action: 'read', on: () => ({ type: 'data_source' }) },
  audit: { none: 'it tells what the node is made of' },
  http: { method: 'GET', path: '/v1/source-kinds' },
  example: { input: {} },
  async run({ node }) {
    const file = { kind: fileKind, title: 'Uploaded files', live: false, settings: {}, secret: null, resumes: false, install: null }
    return { data: [file, ...(await Promise.all([...connectorsOf(node).values()].map(toldOf)))] }
  },
})

async function toldOf({ kind, title, settings, secret, resumes, install }: Connector): Promise<z.output<typeof kindSchema>> {
  return {
    kind,
    title,
    live: true,
    settings: schemaOf(settings),
    secret: secret === undefined ? null : schemaOf(secret),
    resumes,
    install: (await install?.missing()) === true ? (install?.line ?? null) : null,
  }
}

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonValue
