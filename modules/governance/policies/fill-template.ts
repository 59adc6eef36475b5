import { slugSchema } from '@gatehouse/core/schema'
import { fieldNameSchema } from '@gatehouse/policy/document'
import { policyFromTemplate, policyTemplates, sensitivities } from '@gatehouse/policy/templates'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { fieldTypes } from '@gatehouse/tabular/field'
import { z } from 'zod'
import { policiesProblems } from './problems.ts'
import { purposeTree } from './purpose-tree.ts'
import { readDocument } from './read-document.ts'
import { documentSchema, explainedSchema, sampleFieldsMax, uidSchema } from './schema.ts'
import { explained } from './view.ts'

export const fillTemplate = operation({
  name: 'policies.from_template',
  summary: 'Make a policy document from a template',
  description: 'The document is not saved: change it as needed and create a policy with it. Fields the use has no need of are left out.',
  input: z.strictObject({
    template: z.string().max(63),
    uid: uidSchema,
    partner: z.union([z.literal('*'), slugSchema]),
    record_type: slugSchema,
    /** The fields as the record type describes them. */
    fields: z
      .array(z.strictObject({ name: fieldNameSchema, type: z.enum(fieldTypes), sensitivity: z.enum(sensitivities) }))
      .min(1)
      .max(sampleFieldsMax),
  }),
  output: z.strictObject({ document: documentSchema, explained: explainedSchema }),
  access: { action: 'create', on: () => ({ type: 'policy' }) },
  audit: { none: 'makes a document and keeps nothing' },
  http: { method: 'POST', path: '/v1/policy-templates/:template' },
  example: {
    input: {
      template: 'loan_application',
      uid: 'harbour-bank-loans',
      partner: 'harbour-bank',
      record_type: 'employee',
      fields: [
        { name: 'full_name', type: 'string', sensitivity: 'direct_identifier' },
        { name: 'annual_salary', type: 'number', sensitivity: 'quasi_identifier' },
        { name: 'diagnosis', type: 'string', sensitivity: 'sensitive' },
      ],
    },
  },
  problems: [doorProblems.not_found, policiesProblems.template_empty, policiesProblems.document_invalid],
  async run({ node, tx }, input) {
    const template = policyTemplates.find(({ name }) => name === input.template)
    if (template === undefined) return refuse(doorProblems.not_found)
    const filled = policyFromTemplate(template, { uid: input.uid, assignee: input.partner, recordType: { slug: input.record_type, fields: input.fields } })
    if (filled === undefined) return refuse(policiesProblems.template_empty)
    const purposes = await purposeTree(node, tx)
    const document = readDocument(filled, purposes)
    return { document, explained: explained(document, purposes) }
  },
})
