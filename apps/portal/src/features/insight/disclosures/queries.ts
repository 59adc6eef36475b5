import { api, ask } from '../../../api.ts'
import { startOfDay } from '../../../ui/record-list/columns.ts'
import { save } from '../../../ui/record-list/export.ts'

/** So many disclosures a page shows; the file has them all. */
export const disclosuresMax = 5_000
const atOnce = 500

/** What somebody asks for. The person's outside id goes to the node in the body of a request and stays nowhere. */
export interface Question {
  readonly partner: string
  readonly person: string
  /** Calendar days of the reader; the last one is in. */
  readonly since: string
  readonly until: string
}

export const formats = ['csv', 'pdf', 'ndjson'] as const
export type FileFormat = (typeof formats)[number]

function bodyOf({ partner, person, since, until }: Question) {
  return {
    from: startOfDay(since) ?? since,
    to: startOfDay(until, 1) ?? until,
    ...(partner === '' ? {} : { partner }),
    ...(person === '' ? {} : { user_id: person }),
  }
}

async function pageOf(question: Question, cursor: string | undefined) {
  return ask(() => api.POST('/v1/insight/disclosures', { body: { ...bodyOf(question), limit: atOnce, ...(cursor === undefined ? {} : { cursor }) } }))
}

export type Disclosure = Awaited<ReturnType<typeof pageOf>>['data'][number]

export interface Report {
  readonly question: Question
  readonly disclosures: readonly Disclosure[]
  /** Whether there are more than the page shows. */
  readonly more: boolean
}

/** Each page leaves an entry in the ledger, so a report is read when somebody asks for it and not by itself. */
export async function readReport(question: Question): Promise<Report> {
  const disclosures: Disclosure[] = []
  let cursor: string | undefined
  do {
    const page = await pageOf(question, cursor)
    disclosures.push(...page.data)
    cursor = page.next ?? undefined
  } while (cursor !== undefined && disclosures.length < disclosuresMax)
  return { question, disclosures, more: cursor !== undefined }
}

export async function downloadReport(question: Question, format: FileFormat): Promise<void> {
  const file = (await ask(() => api.POST('/v1/insight/disclosures/export', { body: { ...bodyOf(question), format }, parseAs: 'blob' }))) as Blob
  save(`disclosures-${question.since}-${question.until}.${format}`, file.type, file)
}
