import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { readPurposeTree } from './purpose-tree.ts'
import { purposeSchema } from './schema.ts'
import { ownPurposes } from './store.ts'

export const listPurposes = operation({
  name: 'policies.purposes',
  summary: 'List the purposes',
  description: 'The whole tree in one answer: the terms of the Data Privacy Vocabulary and the institution’s own below them.',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(purposeSchema) }),
  access: { action: 'read', on: () => ({ type: 'purpose' }) },
  audit: { none: 'a vocabulary, nothing of a person' },
  http: { method: 'GET', path: '/v1/purposes' },
  example: { input: {} },
  async run({ node, tx }) {
    const [tree, own] = await Promise.all([readPurposeTree(node, tx), ownPurposes(tx)])
    const slugs = new Set(own.map(({ slug }) => slug))
    return { data: tree.all().map(({ term, label, parents }) => ({ term, label, parents: [...parents], own: slugs.has(term) })) }
  },
})
