import { pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ownSubject } from '../../subjects/index.ts'
import { ownViews } from './own-view.ts'
import { consentKeySchema, ownConsent, ownConsentSchema } from './schema.ts'
import { listConsents } from './store.ts'

export const myConsents = operation({
  name: 'consents.mine',
  summary: 'List one’s own consents',
  description: 'For a person who signed in with an account of their own. Newest first, in plain words: for what, to whom, which data, since and until when.',
  input: z.strictObject({ ...pageQuery, cursor: consentKeySchema.optional() }),
  output: pageSchema(ownConsentSchema),
  access: { action: 'read', on: ownConsent },
  audit: (_input, page) => ({ details: { consents: page.data.length } }),
  http: { method: 'GET', path: '/v1/me/consents' },
  example: { input: {} },
  problems: [doorProblems.not_found],
  async run(ctx, { cursor, limit }) {
    const subject = await ownSubject(ctx.tx, ctx.principal)
    if (subject === undefined) return refuse(doorProblems.not_found)
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    const rows = await listConsents(ctx.tx, subject.id, { before: cursor, inForceAt: undefined, limit: limit + 1 })
    const data = await ownViews(ctx.tx, ctx.node, ctx.now, rows.slice(0, limit))
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})
