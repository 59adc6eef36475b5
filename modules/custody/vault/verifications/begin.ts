import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { verifyQueue } from '../schema.ts'
import { countBlocks } from '../store.ts'

export const beginVerification = operation({
  name: 'vault.begin_verification',
  summary: 'Begin a check of the whole vault',
  description:
    'A job walks every chain and goes on whoever leaves; GET /v1/vault/verifying tells how far it is. What it found is the newest of ' +
    'GET /v1/vault/verifications.',
  input: z.strictObject({}),
  output: z.strictObject({ blocks: z.number().int().describe('How many there are to walk.') }),
  access: { action: 'use', on: () => ({ type: 'vault' }) },
  audit: (_input, { blocks }) => ({ details: { blocks } }),
  http: { method: 'POST', path: '/v1/vault/verifications', status: 202 },
  example: { input: {} },
  async run(ctx) {
    await ctx.enqueue(verifyQueue, {})
    return { blocks: await countBlocks(ctx.tx) }
  },
})
