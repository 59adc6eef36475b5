import type { Id } from '@gatehouse/core/id'
import { type Instant, instantMs } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Resource } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'

/** Places of the log that are counted in one transaction. */
export const placesAtOnceMax = 1_000
/** How often what is past its time is forgotten. */
export const tidyEveryMs = 3_600_000
/** Points of one line of a chart: two days of minutes, four months of hours, eight years of days. */
export const pointsMax = 3_000
/** Lines of a chart; what is beyond comes together as "others". */
export const linesMax = 12
/** Rows of a matrix. */
export const matrixRowsMax = 200
/** Columns of a matrix: two weeks of hours, or a year and more of days. */
export const matrixColumnsMax = 400
/** How far back "today" may begin, for zones of every kind. */
export const todayHoursMax = 48
/** Partners with a purpose that "today" names. */
export const flowsMax = 50
/** Disclosures that an export reads at once. */
export const exportPageSize = 200
/** Disclosures in one PDF; CSV and NDJSON have no end. */
export const pdfDisclosuresMax = 5_000

export const text = z.string().min(1).max(128)

/** Half-open: `to` is excluded. */
export const period = { from: instantSchema, to: instantSchema.describe('Excluded.') }

export function checkPeriod({ from, to }: { readonly from: Instant; readonly to: Instant }): void {
  if (instantMs(from) >= instantMs(to)) throw unfit('/to', 'the end lies behind the beginning')
}

/** What does not fit is named by its place, as the door does it. */
export function unfit(pointer: string, detail: string): Problem {
  return new Problem(doorProblems.input_invalid, undefined, { errors: [{ pointer, detail }] })
}

/** A partner and its engineers are asked about as the owner, and see the rows of the partner only. */
export const pattern = (_input: unknown, principal: Principal): Resource =>
  principal.partner === undefined ? { type: 'pattern' } : { type: 'pattern', owner: principal.partner }

/** The partner whose rows are looked at: a partner's own whatever it asks for. */
export const seenPartner = (principal: Principal, asked: Id<'partner'> | undefined): Id<'partner'> | undefined => principal.partner ?? asked

export const countersOnly = 'shows counts of acts, in which no person stands'

export const partnerName = z.strictObject({ id: idSchema('partner'), reference: z.string(), name: z.string() })
export type PartnerName = z.output<typeof partnerName>
