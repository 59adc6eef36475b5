/** One attempt at one letter: counted first, posted outside any transaction, its outcome kept. A failure is thrown, so that the queue tries again. */
import { instantOf } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { EgressError } from '@gatehouse/runtime/data/egress'
import { MailError } from '@gatehouse/runtime/data/mail/mail'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { letterAttemptsMax } from '../schema.ts'
import { beginLetter, endLetter } from './store.ts'

export const sendLetter = operation({
  name: 'monitoring.send_letter',
  summary: 'Try to send one letter about alerts',
  kind: 'steps',
  input: z.strictObject({ letter: idSchema('letter') }),
  output: z.strictObject({ sent: z.boolean() }),
  access: { action: 'update', on: () => ({ type: 'alert' }) },
  audit: { none: 'it tells of alerts whose raising is in the log, to addresses whose setting is in the log; the letter keeps its attempts' },
  problems: [problems.letter_failed],
  async run({ node, step }, { letter: id }) {
    const letter = await step((tx) => beginLetter(tx, id, letterAttemptsMax))
    if (letter === undefined) return { sent: false }
    const at = () => instantOf(node.source.nowMs())
    try {
      const state = await node.mail.send({ to: letter.address, subject: letter.subject, text: letter.text })
      await step((tx) => endLetter(tx, id, { state, at: at() }))
      return { sent: state === 'sent' }
    } catch (error) {
      if (!(error instanceof MailError || error instanceof EgressError)) throw error
      const last = letter.attempts >= letterAttemptsMax
      await step((tx) => endLetter(tx, id, { state: last ? 'dead' : 'pending', error: error.message, at: last ? at() : null }))
      throw new Problem(problems.letter_failed, error.message)
    }
  },
})
