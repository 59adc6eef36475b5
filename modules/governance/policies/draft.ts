import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { exampleDocument } from './example.ts'
import { policiesProblems } from './problems.ts'
import { purposeTree } from './purpose-tree.ts'
import { invalid, readDocument } from './read-document.ts'
import { saveDraft } from './save-draft.ts'
import { documentSchema, policyKeySchema, versionFacts, versionNumberSchema, versionSchema, versionsMax } from './schema.ts'
import { listVersions, lockPolicy } from './store.ts'

export const draftVersion = operation({
  name: 'policies.draft',
  summary: 'Save a new version of a policy',
  description: 'Give "if_version", the newest version you have seen, to be told when somebody has saved another one meanwhile.',
  input: z.strictObject({ policy: policyKeySchema, document: documentSchema, if_version: versionNumberSchema.optional() }),
  output: versionSchema,
  access: { action: 'update', on: () => ({ type: 'policy' }) },
  audit: (_input, version) => versionFacts(version.policy, version),
  http: { method: 'POST', path: '/v1/policies/:policy/versions', status: 201 },
  example: { input: { policy: exampleDocument.uid, document: { ...exampleDocument, title: 'Loans and mortgages at Harbour Bank' }, if_version: 1 } },
  problems: [
    doorProblems.not_found,
    policiesProblems.document_invalid,
    policiesProblems.version_stale,
    policiesProblems.retired,
    policiesProblems.versions_full,
  ],
  async run(ctx, input) {
    const policy = await lockPolicy(ctx.tx, input.policy)
    if (policy === undefined) return refuse(doorProblems.not_found)
    if (policy.retired_at !== null) return refuse(policiesProblems.retired)
    const [purposes, versions] = await Promise.all([purposeTree(ctx.node, ctx.tx), listVersions(ctx.tx, policy.id)])
    const newest = versions[0]?.version ?? 0
    if (input.if_version !== undefined && input.if_version !== newest)
      return refuse(policiesProblems.version_stale, `the newest version is ${newest}, not ${input.if_version}`, {}, { newest_version: newest })
    if (newest >= versionsMax) return refuse(policiesProblems.versions_full)
    const document = readDocument(input.document, purposes)
    if (document.uid !== policy.uid) throw invalid([{ pointer: '/uid', detail: `this is the policy ${policy.uid}; its versions bear its uid` }])
    return saveDraft(ctx, policy, newest + 1, document, purposes)
  },
})
