import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { exampleDocument } from './example.ts'
import { policiesProblems } from './problems.ts'
import { purposeTree } from './purpose-tree.ts'
import { readDocument } from './read-document.ts'
import { documentSchema, explainedSchema } from './schema.ts'
import { explained } from './view.ts'

export const explainDocument = operation({
  name: 'policies.explain',
  summary: 'Read a policy document without saving it',
  description: 'Gives the document as it would be kept, with every default written out, and its rules in sentences; or every fault with its place.',
  input: z.strictObject({ document: documentSchema }),
  output: z.strictObject({ document: documentSchema, explained: explainedSchema }),
  access: { action: 'use', on: () => ({ type: 'policy' }) },
  audit: { none: 'reads a document and keeps nothing' },
  http: { method: 'POST', path: '/v1/policies/explain' },
  example: { input: { document: exampleDocument } },
  problems: [policiesProblems.document_invalid],
  async run({ node, tx }, input) {
    const purposes = await purposeTree(node, tx)
    const document = readDocument(input.document, purposes)
    return { document, explained: explained(document, purposes) }
  },
})
