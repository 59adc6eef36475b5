import type { Eraser } from '@gatehouse/runtime/door/node'
import { deleteKeys } from './store.ts'

/** All versions of the person's data key go. What stays are blocks that nobody can open, in a chain that still verifies. */
export const vaultEraser: Eraser = {
  name: 'vault',
  tables: ['vault.subject_key'],
  keeps: {
    'vault.block': 'sealed under the data keys that are destroyed, its digest of the row too; hash, link and signature keep the chain whole',
    'vault.head': 'the hash of the last sealed block, which stands in the ledger',
  },
  eraseSubject: async (tx, _node, { subject }) => ({ 'vault.subject_key': await deleteKeys(tx, subject) }),
}
