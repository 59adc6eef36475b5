import { createHash } from 'node:crypto'
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { toHex } from '@gatehouse/crypto/bytes'
import { type FileAnswer, operation, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { disclosedGrants } from '../../exchange/release/index.ts'
import { entryEvidence } from '../../ledger/index.ts'
import { type Asked, asked, findAsked } from './asked.ts'
import { type Disclosure, disclosuresOf } from './disclosure.ts'
import { csvHead, csvLine, ndjsonLine } from './disclosure-text.ts'
import { problems } from './problems.ts'
import { checkPeriod, exportPageSize, pdfDisclosuresMax } from './schema.ts'

const input = z.strictObject({ ...asked, format: z.enum(['csv', 'pdf', 'ndjson']) })
type Request = z.output<typeof input>

const mediaTypes = { csv: 'text/csv', pdf: 'application/pdf', ndjson: 'application/x-ndjson' } as const

export const disclosureExport = operation({
  name: 'reports.disclosure_export',
  summary: 'What left in a period, as a file',
  description:
    'The report of `reports.disclosures` as CSV, NDJSON or PDF. An entry is written before the first byte leaves, and another with the count and the digest of the file once it has ended.',
  kind: 'steps',
  answers: 'file',
  mediaTypes: Object.values(mediaTypes),
  input,
  output: z.custom<FileAnswer>(),
  access: { action: 'export', on: () => ({ type: 'disclosure' }) },
  audit: ({ format, from, to }) => ({ details: { format, from, to } }),
  http: { method: 'POST', path: '/v1/insight/disclosures/export' },
  problems: [problems.too_many_for_pdf],
  example: { input: { partner: 'northwind-bank', from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z', format: 'csv' } },
  run: (ctx, request) => run(ctx, request),
})

async function run(ctx: StepsContext, request: Request) {
  checkPeriod(request)
  // What leaves while the file is made belongs to the next report.
  const period = { from: request.from, to: earlier(request.to, ctx.now) }
  const who = await ctx.step((tx) => findAsked(tx, ctx.node, request))
  ctx.describe(who.facts)
  const pages = pagesOf(ctx, period, who)
  const name = `disclosures-${request.from.slice(0, 10)}-${request.to.slice(0, 10)}.${request.format}`
  const file = (chunks: AsyncIterable<Uint8Array | string>, counted: Counted): FileAnswer => ({
    name,
    mediaType: request.format === 'pdf' ? mediaTypes.pdf : `${mediaTypes[request.format]}; charset=utf-8`,
    chunks: closing(ctx, who, chunks, counted),
  })
  if (request.format !== 'pdf') {
    const counted = { disclosures: 0 }
    return file(lines(pages, request.format, counted), counted)
  }
  const disclosures = await gathered(pages)
  if (disclosures === 'too many') return refuse(problems.too_many_for_pdf, `the most is ${pdfDisclosuresMax}`)
  const content = createHash('sha256')
  for (const disclosure of disclosures) content.update(ndjsonLine(disclosure))
  const { checkpoint } = await entryEvidence(ctx.node, ctx.tenant, [])
  const report = { ...period, about: about(request, who), disclosures, digest: content.digest('hex'), checkpoint }
  // What lays out pages is large, and few ask for one.
  const { disclosurePdf } = await import('./disclosure-pdf.ts')
  return file(disclosurePdf(report), { disclosures: disclosures.length })
}

/** Instants of one form sort as text. */
const earlier = (left: Instant, right: Instant): Instant => (right < left ? right : left)

/** The persons and partners of a report by what says nothing to strangers: the outside id of a person stays out of the file. */
function about({ partner, user_id }: Request, { facts }: Asked): string[] {
  return [
    ...(partner === undefined ? [] : [`About the partner ${partner}.`]),
    ...(user_id === undefined ? [] : [`About one person${facts.subject === undefined ? '' : `, in the log as ${facts.subject.commitment}`}.`]),
  ]
}

async function* pagesOf({ node, step }: StepsContext, period: Pick<Request, 'from' | 'to'>, { partner, subject }: Asked): AsyncGenerator<Disclosure[]> {
  for (let after: Id<'release'> | undefined; ; ) {
    const page = await step(async (tx) => {
      const grants = await disclosedGrants(tx, { ...period, partner, subject, after, order: 'asc', limit: exportPageSize })
      return disclosuresOf(tx, node, grants)
    })
    if (page.length > 0) yield page
    if (page.length < exportPageSize) return
    after = page.at(-1)?.release
  }
}

interface Counted {
  disclosures: number
}

async function* lines(pages: AsyncIterable<Disclosure[]>, format: 'csv' | 'ndjson', counted: Counted): AsyncGenerator<string> {
  if (format === 'csv') yield csvHead()
  for await (const page of pages) {
    counted.disclosures += page.length
    yield page.map(format === 'csv' ? csvLine : ndjsonLine).join('')
  }
}

async function gathered(pages: AsyncIterable<Disclosure[]>): Promise<Disclosure[] | 'too many'> {
  const all: Disclosure[] = []
  for await (const page of pages) {
    all.push(...page)
    if (all.length > pdfDisclosuresMax) return 'too many'
  }
  return all
}

/** Hands the file on and writes down what it was, also when its reader left before the end. */
async function* closing(
  ctx: StepsContext,
  { facts }: Asked,
  chunks: AsyncIterable<Uint8Array | string>,
  counted: Counted,
): AsyncGenerator<Uint8Array | string> {
  const hash = createHash('sha256')
  let bytes = 0
  let complete = false
  try {
    for await (const chunk of chunks) {
      hash.update(chunk)
      bytes += Buffer.byteLength(chunk)
      yield chunk
    }
    complete = true
  } finally {
    const details = { disclosures: counted.disclosures, bytes, sha256: toHex(hash.digest()), complete }
    const subject = facts.subject === undefined ? {} : { subject: facts.subject }
    await ctx.step((tx) => ctx.record(tx, 'reports.disclosure_export.closed', { ...subject, object: { kind: 'entry', id: ctx.entry }, details }))
  }
}
