import type { Eraser } from '@gatehouse/runtime/door/node'
import { forgetReprieve } from './rules/store.ts'
import { blankHolds } from './store.ts'

export const retentionEraser: Eraser = {
  name: 'retention',
  tables: ['retention.hold', 'retention.reprieve'],
  keeps: { 'retention.erasure': 'random ids, times and counts of the erasure itself; its reference is blanked' },
  eraseSubject: async (tx, _node, { subject }) => ({
    'retention.hold': await blankHolds(tx, subject),
    'retention.reprieve': await forgetReprieve(tx, subject),
  }),
}
