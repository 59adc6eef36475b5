/** What the runtime itself keeps that may lead to a person: events, and answers kept for repeated requests. */
import { forgetEventsAbout } from '../work/outbox.ts'
import { blankAnswers } from './idempotency.ts'
import type { Eraser } from './node.ts'

export const ownErasers: readonly Eraser[] = [
  {
    name: 'work',
    tables: ['work.outbox', 'work.idempotency'],
    async eraseSubject(tx, _node, { subject }) {
      const [events, answers] = await Promise.all([forgetEventsAbout(tx, subject), blankAnswers(tx)])
      return { 'work.outbox': events, 'work.idempotency': answers }
    },
  },
]
