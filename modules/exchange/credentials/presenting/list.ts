import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { presentationView } from '../schema.ts'
import { listPresentations as find, presentationById } from '../store.ts'
import { presentationViewOf } from '../view.ts'

export const listPresentations = operation({
  name: 'credentials.presentations',
  summary: 'List what was asked of wallets, newest first',
  description: 'What was shown stands in the single one.',
  input: z.strictObject({ ...pageQuery, cursor: idSchema('presentation').optional() }),
  output: pageSchema(presentationView.omit({ shown: true })),
  access: { action: 'read', on: () => ({ type: 'presentation' }) },
  audit: { none: 'shows names of claims and outcomes, and nothing that was shown' },
  http: { method: 'GET', path: '/v1/presentations' },
  example: { input: { limit: 20 } },
  async run({ tx, now }, { cursor, limit }) {
    const rows = await find(tx, cursor, limit + 1)
    const data = rows.slice(0, limit).map((row) => {
      const { shown: _, ...view } = presentationViewOf(row, now)
      return view
    })
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})

export const readPresentation = operation({
  name: 'credentials.presentation',
  summary: 'Read what a wallet answered',
  description: 'With the claims it showed, for a day.',
  input: z.strictObject({ presentation: idSchema('presentation') }),
  output: presentationView,
  access: { action: 'read', on: () => ({ type: 'presentation' }) },
  audit: (_input, { id, status, purpose, shown }) => ({ purpose, object: { kind: 'presentation', id }, details: { status, shown: shown !== null } }),
  http: { method: 'GET', path: '/v1/presentations/:presentation' },
  example: { input: { presentation: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run({ tx, now }, { presentation }) {
    const row = await presentationById(tx, presentation)
    return row === undefined ? refuse(doorProblems.not_found) : presentationViewOf(row, now)
  },
})
