import type { Eraser } from '@gatehouse/runtime/door/node'
import { eraseSubject } from './register.ts'

/**
 * The row stays with its keyed hash and its commitment, so that a later import meets "erased" and not a new person. The key of
 * the commitment goes, and with it the way from the person to what the log says.
 */
export const subjectsEraser: Eraser = {
  name: 'subjects',
  tables: ['subjects.subject'],
  eraseSubject: async (tx, _node, { subject }) => ({ 'subjects.subject': (await eraseSubject(tx, subject)) ? 1 : 0 }),
}
