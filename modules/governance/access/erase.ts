import type { Eraser } from '@gatehouse/runtime/door/node'

/** `subject_id` is SpiceDB's word for whoever stands in a relation, and not a person whose records are kept. */
export const accessEraser: Eraser = {
  name: 'access',
  tables: [],
  keeps: { 'access.tuple': 'it relates staff, teams and roles; the schema (model.ts) lets no person concerned stand in a relation' },
  eraseSubject: async () => ({}),
}
