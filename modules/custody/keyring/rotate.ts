import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { rewrapQueue } from './schema.ts'

export const rotate = operation({
  name: 'keyring.rotate',
  summary: 'Give the institution a new key',
  description:
    'From now on the new version wraps. A job moves every data key, commitment key and secret under it, nobody who reads notices, and the ' +
    'old versions are destroyed once nothing lies under them. The node does the same by itself at the beginning of each epoch.',
  stepUp: true,
  input: z.strictObject({}),
  output: z.strictObject({ version: z.number().int() }),
  access: { action: 'update', on: () => ({ type: 'key' }) },
  audit: (_input, { version }) => ({ details: { version } }),
  http: { method: 'POST', path: '/v1/keys/rotate', status: 202 },
  example: { input: {} },
  async run(ctx) {
    const { version } = await ctx.node.keys.advance(ctx.tenant)
    await ctx.enqueue(rewrapQueue, {})
    return { version }
  },
})
