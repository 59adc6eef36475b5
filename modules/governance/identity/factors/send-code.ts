import { addSeconds } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { languageFor, letters } from '../letters/letters.ts'
import { limits } from '../schema.ts'
import { sessionById } from '../sessions/store.ts'
import { userById } from '../store.ts'
import { codeDigest } from './codes.ts'
import { factorKey } from './keys.ts'
import { replaceMailedCode } from './store.ts'

export const codeQueue = 'identity-code'

/** The code is made where it is sent, so that no queue and no table ever holds it. */
export const sendCode = operation({
  name: 'identity.send_code',
  summary: 'Send a code that finishes signing in',
  kind: 'steps',
  input: z.strictObject({ user: idSchema('user'), session: idSchema('session') }),
  output: z.strictObject({ sent: z.boolean() }),
  access: { action: 'update', on: () => ({ type: 'session' }) },
  audit: ({ user }, { sent }) => ({ object: { kind: 'user', id: user }, details: { sent } }),
  example: { input: { user: '01980000-0000-7000-8000-0000000000aa', session: '01980000-0000-7000-8000-0000000000ab' } },
  async run({ node, tenant, now, step }, { user: id, session }) {
    const code = newCode(node.keys.primitives)
    const digest = codeDigest(node.keys.primitives, await factorKey(node, tenant), session, code)
    const user = await step(async (tx) => {
      const found = await userById(tx, tenant, id)
      if (found === undefined || found.disabled_at !== null || (await sessionById(tx, tenant, session)) === undefined) return undefined
      await replaceMailedCode(tx, tenant, session, digest, addSeconds(now, limits.codeMinutes * 60))
      return { ...found, language: await languageFor(tx, tenant, id) }
    })
    if (user === undefined) return { sent: false }
    const letter = letters[user.language].code(`${code.slice(0, 4)} ${code.slice(4)}`, node.addresses.origin, limits.codeMinutes)
    await node.mail.send({ to: user.email, ...letter })
    return { sent: true }
  },
})

/** Eight digits; what 48 bits leave over when they are divided makes some likelier by less than one in a million. */
function newCode({ randomBytes }: Primitives): string {
  const number = randomBytes(6).reduce((sum, byte) => sum * 256 + byte, 0)
  return String(number % 100_000_000).padStart(8, '0')
}
