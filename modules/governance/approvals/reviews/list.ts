import { pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import type { Group } from '../../access/index.ts'
import type { Seat } from './decide.ts'
import { reviewPageQuery, reviewSchema } from './schema.ts'
import { seatsOf } from './seats.ts'
import { listReviewRows, openPanels } from './store.ts'
import { viewOf } from './view.ts'

const nameOf = ({ kind, id }: Group): string => `${kind} ${id}`

export const listReviews = operation({
  name: 'approvals.reviews',
  summary: 'List the review desk, the nearest deadline first',
  description: '`waiting` and `mine` are everybody’s own; `all` needs the right to see all reviews.',
  input: reviewPageQuery,
  output: pageSchema(reviewSchema),
  access: { action: 'read', on: ({ show }, { id }) => (show === 'all' ? { type: 'review' } : { type: 'review', owner: id }) },
  audit: { none: 'kinds, digests, states and ids of users' },
  http: { method: 'GET', path: '/v1/reviews' },
  example: { input: { show: 'waiting' } },
  async run(ctx, { show, state, kind, cursor, limit }) {
    const me = ctx.principal.id
    const groups = await openPanels(ctx.tx)
    const seats = ctx.principal.kind === 'user' ? await seatsOf(ctx, me, groups) : []
    const waitingFor = { user: me, seats: seats.map(({ holder, panels }) => ({ holder, groups: panels.map((place) => nameOf(groups[place] as Group)) })) }
    const rows = await listReviewRows(
      ctx.tx,
      { state, kind, after: cursor, now: ctx.now, ...(show === 'mine' ? { author: me } : {}), ...(show === 'waiting' ? { waitingFor } : {}) },
      limit + 1,
    )
    const data = rows.slice(0, limit).map((row) => viewOf(row, me, seatsIn(seats, groups, row.panels), ctx.now))
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})

/** Seats by the places of one review's panels. */
function seatsIn(seats: readonly Seat[], groups: readonly Group[], panels: readonly Group[]): Seat[] {
  return seats
    .map(({ holder, panels: at }) => {
      const names = new Set(at.map((place) => nameOf(groups[place] as Group)))
      return { holder, panels: [...panels.keys()].filter((place) => names.has(nameOf(panels[place] as Group))) }
    })
    .filter(({ panels: of }) => of.length > 0)
}
