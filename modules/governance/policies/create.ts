import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { exampleDocument } from './example.ts'
import { policiesProblems } from './problems.ts'
import { purposeTree } from './purpose-tree.ts'
import { readDocument } from './read-document.ts'
import { saveDraft } from './save-draft.ts'
import { documentSchema, versionFacts, versionSchema } from './schema.ts'
import { insertPolicy } from './store.ts'

export const createPolicy = operation({
  name: 'policies.create',
  summary: 'Create a policy with its first version',
  description: 'The version is a draft: nothing is permitted by it until two people have published it. The document names the policy by its uid.',
  input: z.strictObject({ document: documentSchema }),
  output: versionSchema,
  access: { action: 'create', on: () => ({ type: 'policy' }) },
  audit: (_input, version) => versionFacts(version.policy, version),
  http: { method: 'POST', path: '/v1/policies', status: 201 },
  example: { input: { document: exampleDocument } },
  problems: [policiesProblems.document_invalid, policiesProblems.uid_taken],
  async run(ctx, input) {
    const purposes = await purposeTree(ctx.node, ctx.tx)
    const document = readDocument(input.document, purposes)
    const policy = { id: ctx.newId<'policy'>(), uid: document.uid, created_at: ctx.now, retired_at: null }
    if (!(await insertPolicy(ctx.tx, policy))) return refuse(policiesProblems.uid_taken, `the uid ${document.uid} is taken`)
    return saveDraft(ctx, policy, 1, document, purposes)
  },
})
