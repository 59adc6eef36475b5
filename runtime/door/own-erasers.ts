/** What the runtime itself keeps that may lead to a person: events, and answers kept for repeated requests. */
import { forgetEventsAbout } from '../work/outbox.ts'
import { blankAnswers } from './idempotency.ts'
import type { ErasedCounts, Eraser } from './node.ts'

export const ownErasers: readonly Eraser[] = [
  {
    name: 'work',
    tables: ['work.outbox', 'work.idempotency'],
    async eraseSubject(tx, _node, { subject }) {
      const [events, answers] = await Promise.all([forgetEventsAbout(tx, subject), blankAnswers(tx)])
      return { 'work.outbox': events, 'work.idempotency': answers }
    },
    async purgeTenant(node, tenant) {
      const secrets = (await node.secrets.forget?.(tenant)) ?? 0
      const counts: ErasedCounts = secrets === 0 ? {} : { secrets }
      return counts
    },
  },
]
