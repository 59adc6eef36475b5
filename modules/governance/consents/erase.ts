import type { Eraser } from '@gatehouse/runtime/door/node'
import { deleteGuardianships } from './guardians/store.ts'
import { deleteConsents } from './store.ts'

/** The documents go with their salts, so the digests that stand in the ledger say nothing any more. */
export const consentsEraser: Eraser = {
  name: 'consents',
  tables: ['consents.consent', 'consents.guardianship', 'consents.proposal'],
  async eraseSubject(tx, _node, { subject }) {
    const { guardianships, proposals } = await deleteGuardianships(tx, subject)
    return { 'consents.consent': await deleteConsents(tx, subject), 'consents.guardianship': guardianships, 'consents.proposal': proposals }
  },
}
