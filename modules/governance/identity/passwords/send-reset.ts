import { addSeconds } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { issueToken } from '@gatehouse/crypto/token'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { languageFor, letters } from '../letters/letters.ts'
import { limits } from '../schema.ts'
import { userById } from '../store.ts'
import { replaceReset } from './store.ts'

export const resetQueue = 'identity-reset'

/** The link is made where it is sent, so that no queue and no table ever holds it. */
export const sendReset = operation({
  name: 'identity.send_reset',
  summary: 'Send a link that sets a new password',
  kind: 'steps',
  input: z.strictObject({ user: idSchema('user').nullable() }),
  output: z.strictObject({ sent: z.boolean() }),
  access: { action: 'update', on: () => ({ type: 'session' }) },
  audit: ({ user }, { sent }) => ({ ...(user === null ? {} : { object: { kind: 'user', id: user } }), details: { sent } }),
  example: { input: { user: '01980000-0000-7000-8000-0000000000aa' } },
  async run({ node, tenant, now, newId, step }, { user: id }) {
    if (id === null) return { sent: false }
    const { token, hash } = issueToken(node.keys.primitives, 'ghr_')
    const user = await step(async (tx) => {
      const found = await userById(tx, tenant, id)
      if (found === undefined || found.disabled_at !== null || !found.active) return undefined
      await replaceReset(tx, { tenant_id: tenant, id: newId<'request'>(), user_id: id }, hash, now, addSeconds(now, limits.resetMinutes * 60))
      return { ...found, language: await languageFor(tx, tenant, id) }
    })
    if (user === undefined) return { sent: false }
    const link = `${node.addresses.origin}/reset-password#${token}`
    await node.mail.send({ to: user.email, ...letters[user.language].reset(link, limits.resetMinutes) })
    return { sent: true }
  },
})
