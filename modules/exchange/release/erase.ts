import type { Eraser } from '@gatehouse/runtime/door/node'
import { cancelGrantsAbout } from './store.ts'

/** Tokens that are still out are cancelled. A grant never held data; as the record of what was disclosed it stays. */
export const releaseEraser: Eraser = {
  name: 'release',
  tables: [],
  keeps: {
    'release.grant': 'which fields left to whom and when, by random id and without a value; its open tokens are cancelled',
    'release.withdrawal_notice': 'that a partner was told of a withdrawal, by random ids',
  },
  eraseSubject: async (tx, _node, { subject, now }) => ({ 'release.grant': await cancelGrantsAbout(tx, subject, now) }),
}
