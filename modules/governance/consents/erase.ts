import type { Eraser } from '@gatehouse/runtime/door/node'
import { deleteGuardianships } from './guardians/store.ts'
import { deleteOptOuts } from './opt-outs/store.ts'
import { deleteConsents } from './store.ts'

/** The documents go with their salts, so the digests that stand in the ledger say nothing any more. */
export const consentsEraser: Eraser = {
  name: 'consents',
  tables: ['consents.consent', 'consents.guardianship', 'consents.proposal', 'consents.opt_out'],
  async eraseSubject(tx, _node, { subject }) {
    const { guardianships, proposals } = await deleteGuardianships(tx, subject)
    return {
      'consents.opt_out': await deleteOptOuts(tx, subject),
      'consents.consent': await deleteConsents(tx, subject),
      'consents.guardianship': guardianships,
      'consents.proposal': proposals,
    }
  },
}
