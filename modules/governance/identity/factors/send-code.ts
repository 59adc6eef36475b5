import type { Id } from '@gatehouse/core/id'
import { addSeconds } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { languageFor, letters } from '../letters/letters.ts'
import { limits } from '../schema.ts'
import { sessionById } from '../sessions/store.ts'
import { userById } from '../store.ts'
import { openNumber } from './phone.ts'
import { sentCodeDigest } from './sent-code.ts'
import { countMessage, phoneById, replaceSentCode } from './store.ts'

export const codeQueue = 'identity-code'

/** The code is made where it is sent, so that no queue and no table ever holds it. */
export const sendCode = operation({
  name: 'identity.send_code',
  summary: 'Send a code that finishes signing in, or confirms a telephone',
  kind: 'steps',
  input: z.strictObject({
    user: idSchema('user'),
    session: idSchema('session'),
    /** Where it goes by SMS. */
    phone: idSchema('phone').optional(),
  }),
  output: z.strictObject({ sent: z.boolean() }),
  access: { action: 'update', on: () => ({ type: 'session' }) },
  audit: ({ user, phone }, { sent }) => ({ object: { kind: 'user', id: user }, details: { by: phone === undefined ? 'mail' : 'sms', sent } }),
  example: { input: { user: '01980000-0000-7000-8000-0000000000aa', session: '01980000-0000-7000-8000-0000000000ab' } },
  async run(ctx, { user: id, session, phone: phoneId }) {
    const { node, tenant, now, step } = ctx
    const found = await step(async (tx) => {
      const user = await userById(tx, tenant, id)
      if (user === undefined || user.disabled_at !== null || (await sessionById(tx, tenant, session)) === undefined) return undefined
      const phone = phoneId === undefined ? undefined : await phoneById(tx, tenant, id, phoneId)
      return { user, phone, words: letters[await languageFor(tx, tenant, id)] }
    })
    if (found === undefined || found.phone?.id !== phoneId) return { sent: false }
    const { user, phone, words } = found
    // Before the code before it ends: where nothing is sent, that one still serves.
    if (phone !== undefined && !(await mayText(ctx, id))) return { sent: false }
    const code = newCode(node.keys.primitives)
    const digest = await sentCodeDigest(node, tenant, session, phone?.id, code)
    await step((tx) => replaceSentCode(tx, tenant, session, digest, addSeconds(now, limits.codeMinutes * 60)))
    const readable = `${code.slice(0, 4)} ${code.slice(4)}`
    const { origin } = node.addresses
    if (phone === undefined) await node.mail.send({ to: user.email, ...words.code(readable, origin, limits.codeMinutes) })
    else await node.sms?.send({ to: await openNumber(node, phone), text: words.texted(readable, new URL(origin).host, limits.codeMinutes) })
    return { sent: true }
  },
})

/** Counted over all institutions before it leaves, an attempt that fails too: it may be paid for all the same. */
async function mayText({ node, tenant, now, newId }: StepsContext, user: Id<'user'>): Promise<boolean> {
  if (node.sms === undefined) return false
  const max = { account: limits.messagesPerHour, node: node.sms.perHour }
  const message = { tenant_id: tenant, id: newId(), user_id: user, sent_at: now }
  const counted = await node.database.transaction('node', (tx) => countMessage(tx, message, max))
  if (!counted) node.log.warn('a text message was not sent: there are as many in the last hour as may be')
  return counted
}

/** Eight digits; what 48 bits leave over when they are divided makes some likelier by less than one in a million. */
function newCode({ randomBytes }: Primitives): string {
  const number = randomBytes(6).reduce((sum, byte) => sum * 256 + byte, 0)
  return String(number % 100_000_000).padStart(8, '0')
}
