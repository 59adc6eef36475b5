import { isUuid } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { idSchema, instantSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { fromBase64url, toBase64url, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { purposeSchema, releaseView } from './schema.ts'
import { releaseStates } from './states.ts'
import { listGrants } from './store.ts'
import { viewOf } from './view.ts'

export const list = operation({
  name: 'release.list',
  summary: 'List releases, newest first',
  input: z.strictObject({
    ...pageQuery,
    state: z.enum(releaseStates).optional(),
    partner: idSchema('partner').optional(),
    purpose: purposeSchema.optional(),
    since: instantSchema.optional(),
    until: instantSchema.optional(),
  }),
  output: pageSchema(releaseView),
  access: { action: 'read', on: (_input, principal) => ({ type: 'release', ...(principal.partner === undefined ? {} : { owner: principal.partner }) }) },
  audit: { none: 'shows ids, purposes and field names, and no value of a person' },
  http: { method: 'GET', path: '/v1/releases' },
  example: { input: { limit: 20 } },
  async run(ctx, { cursor, limit, partner, ...filter }) {
    const before = cursor === undefined ? undefined : readCursor(cursor)
    const rows = await listGrants(ctx.tx, { ...filter, partner: ctx.principal.partner ?? partner, before, limit: limit + 1 }, ctx.now)
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    return { data: page.map((row) => viewOf(row, ctx.now)), next: last === undefined ? null : toBase64url(utf8(`${last.issued_at} ${last.id}`)) }
  },
})

function readCursor(text: string): { issuedAt: string; id: string } {
  const bytes = fromBase64url(text)
  const [issuedAt = '', id = ''] = (bytes === undefined ? undefined : utf8Text(bytes))?.split(' ') ?? []
  if (!isUuid(id) || Number.isNaN(Date.parse(issuedAt)))
    throw new Problem(doorProblems.input_invalid, undefined, { errors: [{ pointer: '/cursor', detail: 'send the "next" of the page before' }] })
  return { issuedAt, id }
}
