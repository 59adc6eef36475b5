import { compilePolicy } from '@gatehouse/policy/compile'
import type { Policy } from '@gatehouse/policy/document'
import type { PurposeTree } from '@gatehouse/policy/purposes'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import type { z } from 'zod'
import { findPartner, standingOf } from '../partners/index.ts'
import { exampleDocument } from './example.ts'
import { previewKeys } from './mask-keys.ts'
import { previewInput, shownSchema } from './preview-schema.ts'
import { policiesProblems } from './problems.ts'
import { purposeTree } from './purpose-tree.ts'
import { documentDigestHex, readDocument } from './read-document.ts'
import { show } from './show.ts'
import { findPolicy, findVersion } from './store.ts'

export const previewPolicy = operation({
  name: 'policies.preview',
  summary: 'See what a policy would give of sample records',
  description: 'Field by field before and after, with what each mask promises and what is left out and why. The sample is neither kept nor logged.',
  input: previewInput,
  output: shownSchema,
  access: { action: 'use', on: () => ({ type: 'policy' }) },
  audit: (_input, shown) => ({ decision: shown.outcome }),
  http: { method: 'POST', path: '/v1/policies/preview' },
  example: {
    input: {
      document: exampleDocument,
      purpose: 'sector-finance:LoanServiceProvision',
      sample: [{ full_name: 'Ada Example', national_id: 'AB-12345678', annual_salary: 48_250, shoe_size: 38 }],
    },
  },
  problems: [doorProblems.not_found, policiesProblems.document_invalid, policiesProblems.record_type_needed],
  async run(ctx, input) {
    const { tx, node, tenant } = ctx
    const purposes = await purposeTree(node, tx)
    const document = await documentOf(tx, input, purposes)
    if (document === undefined) return refuse(doorProblems.not_found)
    const recordType = input.record_type ?? onlyTarget(document, input.action)
    if (recordType === undefined) return refuse(policiesProblems.record_type_needed)
    const recipient = input.partner ?? document.assignee
    const found = recipient === '*' ? undefined : await findPartner(tx, recipient)
    const partner = found?.reference === recipient ? found : undefined
    ctx.describe({ details: { records: input.sample.length, policy_digest: documentDigestHex(node.keys.primitives, document) } })
    return show({
      compiled: compilePolicy(document, purposes),
      question: {
        action: input.action,
        recipient,
        recordType,
        available: [...new Set(input.sample.flatMap((record) => Object.keys(record)))],
        purpose: input.purpose,
        at: input.at ?? ctx.now,
        ...(input.spatial === undefined ? {} : { spatial: input.spatial }),
        ...(partner === undefined ? {} : { standing: standingOf(partner, input.at ?? ctx.now) }),
      },
      sample: input.sample,
      context: await previewKeys(node, tenant, partner?.id),
      partnerKnown: partner !== undefined,
      randomBytes: ctx.randomBytes,
    })
  },
})

async function documentOf(tx: Tx, input: z.output<typeof previewInput>, purposes: PurposeTree): Promise<Policy | undefined> {
  if (input.policy === undefined || input.version === undefined) return readDocument(input.document, purposes)
  const policy = await findPolicy(tx, input.policy)
  return policy && (await findVersion(tx, policy.id, input.version))?.document
}

function onlyTarget({ permission }: Policy, action: string): string | undefined {
  const targets = new Set(permission.filter((rule) => rule.action === action).map((rule) => rule.target))
  return targets.size === 1 ? [...targets][0] : undefined
}
