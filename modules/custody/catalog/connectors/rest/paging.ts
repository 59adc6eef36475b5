/** Which request follows an answer. Pure. */
import type { EgressAnswer } from '@gatehouse/runtime/data/egress'
import { ConnectorError } from '../connector.ts'
import { sameOrigin } from '../http/address.ts'
import { type Json, pointedTo } from '../json/document.ts'
import type { Paging } from './settings.ts'

export interface Page {
  readonly url: URL
  readonly json: Json
  readonly headers: EgressAnswer['headers']
  /** How many rows this page had, and how many there were with it. */
  readonly rows: number
  readonly rowsSoFar: number
  /** Of this page, from 0. */
  readonly index: number
}

/** @param first the first request, which the others vary @throws ConnectorError for a link to another place */
export function nextPage(paging: Paging, first: URL, page: Page): URL | undefined {
  switch (paging.by) {
    case 'none':
      return undefined
    case 'page':
      return page.rows === 0 ? undefined : withParameter(first, paging.parameter, String(paging.first + page.index + 1))
    case 'offset':
      return page.rows === 0 ? undefined : withParameter(first, paging.parameter, String(page.rowsSoFar))
    case 'cursor': {
      const cursor = pointedTo(page.json, paging.cursor)
      if (cursor === undefined || cursor === null || cursor === '' || cursor === false) return undefined
      if (typeof cursor !== 'string' && typeof cursor !== 'number')
        throw new ConnectorError('unsupported', `${first.hostname} has no word at ${paging.cursor} to go on with`)
      return withParameter(first, paging.parameter, String(cursor))
    }
    case 'link':
      return linked(nextOf(page.headers.link), page.url)
    case 'next':
      return linked(pointedTo(page.json, paging.next), page.url)
  }
}

/** The first request: numbered pages say from the beginning where they begin. */
export function firstPage(paging: Paging, url: URL): URL {
  if (paging.by === 'page') return withParameter(url, paging.parameter, String(paging.first))
  return paging.by === 'offset' ? withParameter(url, paging.parameter, '0') : url
}

function withParameter(url: URL, name: string, value: string): URL {
  const next = new URL(url)
  next.searchParams.set(name, value)
  return next
}

export function linked(link: Json | undefined, from: URL): URL | undefined {
  if (link === undefined || link === null || link === '') return undefined
  const url = typeof link === 'string' ? sameOrigin(link, from) : undefined
  if (url === undefined) throw new ConnectorError('unsupported', `${from.hostname} names a next page at another place, which is not followed`)
  return url
}

/** The target whose relation is `next` (RFC 8288, 3). */
function nextOf(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '')
  for (const [, target, parameters = ''] of text.matchAll(/<([^>]*)>((?:\s*;\s*[^\s=;,]+\s*(?:=\s*(?:"[^"]*"|[^\s";,]+))?)*)/g)) {
    const [, quoted, plain] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s";,]+))/i.exec(parameters) ?? []
    if ((quoted ?? plain ?? '').toLowerCase().split(/\s+/).includes('next')) return target
  }
  return undefined
}
