import type { Eraser } from '@gatehouse/runtime/door/node'
import { deleteConsents } from './store.ts'

/** The documents go with their salts, so the digests that stand in the ledger say nothing any more. */
export const consentsEraser: Eraser = {
  name: 'consents',
  tables: ['consents.consent'],
  eraseSubject: async (tx, _node, { subject }) => ({ 'consents.consent': await deleteConsents(tx, subject) }),
}
