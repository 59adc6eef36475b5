import { policyTemplates } from '@gatehouse/policy/templates'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { actionSchema } from './schema.ts'

const templateSchema = z.strictObject({
  template: z.string(),
  title: z.string(),
  description: z.string(),
  purpose: z.string(),
  legal_basis: z.strictObject({ basis: z.string(), law: z.string().optional() }),
  action: actionSchema,
})

export const listTemplates = operation({
  name: 'policies.templates',
  summary: 'List the policy templates',
  description: 'Beginnings for common uses. What is made from one is read, changed, previewed and published like any policy.',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(templateSchema) }),
  access: { action: 'read', on: () => ({ type: 'policy' }) },
  audit: { none: 'built in, the same for everyone' },
  http: { method: 'GET', path: '/v1/policy-templates' },
  example: { input: {} },
  async run() {
    return {
      data: policyTemplates.map(({ name, title, description, purpose, legalBasis, action }) => ({
        template: name,
        title,
        description,
        purpose,
        legal_basis: { ...legalBasis },
        action,
      })),
    }
  },
})
