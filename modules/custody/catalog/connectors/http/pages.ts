/** A list that comes in several answers, one after the other, each asked for when it is wanted. */
import { ConnectorError } from '../connector.ts'
import type { Json } from '../json/document.ts'
import { say } from '../words.ts'
import { sameOrigin } from './address.ts'
import type { Answer, JsonClient } from './client.ts'

/** A source whose pages never end is not read for ever, however small they are. */
const pagesMax = 1_000_000

export interface Page extends Answer {
  readonly url: URL
  /** From 0. */
  readonly index: number
}

export interface Turned<T> {
  readonly rows: readonly T[]
  readonly next: URL | undefined
}

/** @param what the words for it in what is said of a fault */
export async function* pagesOf<T>(
  client: JsonClient,
  first: URL,
  what: string,
  turn: (page: Page) => Turned<T>,
  accept?: string,
): AsyncGenerator<readonly T[], void, undefined> {
  // Moved on at each doubling of the way, so that a circle of any length comes back to it, and nothing else is remembered.
  let mark = ''
  let url: URL | undefined = first
  for (let index = 0; url !== undefined; index++) {
    if (url.href === mark) throw new ConnectorError('unsupported', say('pages_circle', { host: url.hostname, what }))
    if (index === pagesMax) throw new ConnectorError('too_large', say('pages_too_many', { what, pages: pagesMax }))
    if ((index & (index + 1)) === 0) mark = url.href
    const answer: Answer = await client.ask(url, accept === undefined ? {} : { accept })
    const { rows, next }: Turned<T> = turn({ ...answer, url, index })
    if (rows.length > 0) yield rows
    url = next
  }
}

/** The first rows of all pages, for a look. */
export async function firstOf<T>(pages: AsyncIterable<readonly T[]>, rowsMax: number): Promise<T[]> {
  const rows: T[] = []
  for await (const page of pages) {
    rows.push(...page.slice(0, rowsMax - rows.length))
    if (rows.length >= rowsMax) break
  }
  return rows
}

/** The address that an answer names for its next page. @throws ConnectorError where it is another place */
export function linked(link: Json | undefined, from: URL): URL | undefined {
  if (link === undefined || link === null || link === '') return undefined
  const url = typeof link === 'string' ? sameOrigin(link, from) : undefined
  if (url === undefined) throw new ConnectorError('unsupported', say('page_elsewhere', { host: from.hostname }))
  return url
}
