import { type JsonValue, jsonValue } from '@gatehouse/core/schema'
import { planJsonSchema } from '@gatehouse/query/plan/json-schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'

export const planLanguage = operation({
  name: 'query.plan_schema',
  summary: 'The JSON schema of query plans',
  description: 'JSON Schema (draft 2020-12) of the document, for editors and programs that make plans.',
  input: z.strictObject({}),
  output: z.record(z.string(), jsonValue),
  access: { public: 'the language of plans is documentation' },
  audit: { none: 'the same for everybody' },
  http: { method: 'GET', path: '/v1/query-plan-schema', cached: true },
  example: { input: {} },
  run: async () => planJsonSchema() as Record<string, JsonValue>,
})
