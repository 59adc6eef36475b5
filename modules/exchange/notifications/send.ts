/**
 * One attempt at one letter: counted first, sent outside any transaction, its outcome kept; a failure is thrown, so that the queue tries
 * again. Nothing is sent about what has been read meanwhile. A process that dies between sending and keeping sends once more.
 */
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { EgressError } from '@gatehouse/runtime/data/egress'
import { MailError } from '@gatehouse/runtime/data/mail/mail'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { letterTo } from '../../governance/identity/index.ts'
import { kinds } from './kinds.ts'
import { problems } from './problems.ts'
import type { Said, Words } from './saying.ts'
import { attemptsMax } from './schema.ts'
import { beginLetter, endDigest, endLetter, waitingInDigest } from './store.ts'
import { words } from './words.ts'

export const sendNotification = operation({
  name: 'notifications.send',
  summary: 'Try to send one letter about what stands in an inbox',
  kind: 'steps',
  input: z.strictObject({
    user: idSchema('user'),
    /** Without it a digest of all that waits for one. */
    notification: idSchema('notification').optional(),
  }),
  output: z.strictObject({ sent: z.boolean() }),
  access: { action: 'use', on: () => ({ type: 'notification' }) },
  audit: { none: 'it tells of events whose acts are in the log; the notification keeps its attempts' },
  problems: [problems.letter_failed],
  async run({ node, tenant, step }, { user, notification: id }) {
    const { origin } = node.addresses
    const post = async (saying: (said: Words) => Said, path: string): Promise<boolean> => {
      const letter = await step((tx) => letterTo(tx, tenant, user))
      if (letter === undefined) return false
      const said = words[letter.language]
      const { subject, says } = saying(said)
      const text = `${says}\n\n${origin}${path}\n\n${said.choose(`${origin}/me/inbox/preferences`)}\n`
      await node.mail.send({ to: letter.to, subject, text }).catch((error: unknown) => {
        throw error instanceof MailError || error instanceof EgressError ? new Problem(problems.letter_failed, error.message) : error
      })
      return true
    }
    if (id === undefined) {
      const waiting = (await step((tx) => waitingInDigest(tx, user))).map((row) => row.id)
      if (waiting.length === 0) return { sent: false }
      const sent = await post((said) => said.digest(waiting.length), '/me/inbox')
      await step((tx) => endDigest(tx, user, waiting))
      return { sent }
    }
    const letter = await step((tx) => beginLetter(tx, user, id, attemptsMax))
    if (letter === undefined) return { sent: false }
    const { path, fixed } = kinds[letter.kind]
    try {
      const sent = letter.read_at !== null && fixed !== true ? false : await post((said) => said.kinds[letter.kind], path(letter.object))
      await step((tx) => endLetter(tx, user, id, sent ? 'sent' : 'unneeded'))
      return { sent }
    } catch (error) {
      if (letter.attempts >= attemptsMax) await step((tx) => endLetter(tx, user, id, 'dead'))
      throw error
    }
  },
})
