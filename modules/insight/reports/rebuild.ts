import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { countStretch, tidy } from './advance.ts'
import { placesAtOnceMax } from './schema.ts'
import { fingerprint, forgetAll, holdCursor, moveCursor } from './store.ts'

export const rebuild = operation({
  name: 'reports.rebuild',
  summary: 'Count the whole log anew and compare',
  description:
    'Throws the counters away and makes them again from the log, in one transaction: until it is done, everybody sees the old ones. `agreed` tells whether nothing changed by it.',
  kind: 'steps',
  input: z.strictObject({}),
  output: z.strictObject({
    entries: z.number().int().describe('The entries of the log that were looked at.'),
    rows: z.number().int().describe('The counters that there are now.'),
    agreed: z.boolean(),
  }),
  access: { action: 'update', on: () => ({ type: 'pattern' }) },
  audit: (_input, output) => ({ details: { ...output } }),
  http: { method: 'POST', path: '/v1/insight/rebuild' },
  example: { input: {} },
  run: (ctx) => recount(ctx),
})

/** The cursor is held from beginning to end, so nobody counts beside it. It ends where the log was counted to before. */
function recount({ step, nowMs }: StepsContext) {
  return step(async (tx) => {
    const counted = await holdCursor(tx)
    await tidy(tx, nowMs)
    const before = await fingerprint(tx)
    await Promise.all([forgetAll(tx), moveCursor(tx, 0)])
    let at = 0
    while (at < counted) {
      const next = await countStretch(tx, at, Math.min(placesAtOnceMax, counted - at), nowMs)
      // The log is shorter than what was counted: a backup was restored.
      if (next === at) break
      at = next
    }
    const after = await fingerprint(tx)
    return { entries: at, rows: after.rows, agreed: before.rows === after.rows && before.sum === after.sum }
  })
}
