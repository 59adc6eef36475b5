import { actionNames, actions } from '@gatehouse/policy/actions'
import { legalBases } from '@gatehouse/policy/bases'
import { masks } from '@gatehouse/privacy/mask/catalogue'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { actionSchema } from './schema.ts'

const parameterSchema = z.strictObject({
  name: z.string(),
  required: z.boolean(),
  /** What the parameter takes, as JSON Schema; `default` is what holds where it is left out. */
  schema: z.record(z.string(), z.unknown()),
})

const vocabularySchema = z.strictObject({
  actions: z.array(z.strictObject({ action: actionSchema, verb: z.string() })),
  legal_bases: z.array(z.strictObject({ basis: z.string(), label: z.string(), /** Whether the person is asked. */ consent: z.boolean() })),
  masks: z.array(z.strictObject({ mask: z.string(), title: z.string(), parameters: z.array(parameterSchema) })),
})

export const listVocabulary = operation({
  name: 'policies.vocabulary',
  summary: 'List the words a policy is written in',
  description: 'Actions, legal bases, and masks with their parameters: what an editor of policies offers. Purposes stand in a list of their own.',
  input: z.strictObject({}),
  output: vocabularySchema,
  access: { action: 'read', on: () => ({ type: 'policy' }) },
  audit: { none: 'built in, the same for everyone' },
  http: { method: 'GET', path: '/v1/policy-vocabulary' },
  example: { input: {} },
  async run() {
    return {
      actions: actionNames.map((action) => ({ action, verb: actions[action].verb })),
      legal_bases: legalBases.map(({ term, label, consent }) => ({ basis: term, label, consent })),
      masks: masks.map(({ kind, title, schema }) => ({ mask: kind, title, parameters: parametersOf(schema) })),
    }
  },
})

function parametersOf(schema: z.ZodType): z.output<typeof parameterSchema>[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' })
  return Object.entries(properties).flatMap(([name, of]) =>
    name === 'mask' || typeof of === 'boolean' ? [] : [{ name, required: required.includes(name), schema: { ...of } }],
  )
}
