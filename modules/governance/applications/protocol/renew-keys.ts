import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { nextSigningGeneration } from '../store.ts'
import { rereadSigningKeys } from './keys.ts'

export const renewSigningKeys = operation({
  name: 'applications.renew_signing_keys',
  kind: 'steps',
  summary: 'Replace the keys that tokens are signed with, at once',
  description:
    'They turn by themselves every thirty days, with an overlap. This is for keys that somebody may have seen: every token signed so far ends within a second, and applications refresh.',
  input: z.strictObject({}),
  output: z.strictObject({ generation: z.int() }),
  access: { action: 'update', on: () => ({ type: 'node_key' }) },
  audit: (_input, { generation }) => ({ details: { generation } }),
  stepUp: true,
  http: { method: 'POST', path: '/v1/oauth/signing-keys/renewal' },
  example: { input: {} },
  async run({ node }) {
    const generation = await node.database.transaction('node', nextSigningGeneration)
    rereadSigningKeys(node)
    return { generation }
  },
})
