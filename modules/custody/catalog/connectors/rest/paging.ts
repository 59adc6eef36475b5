/** Which request follows an answer. Pure. */
import { ConnectorError } from '../connector.ts'
import { linked, type Page } from '../http/pages.ts'
import { pointedTo } from '../json/document.ts'
import { say } from '../words.ts'
import type { Paging } from './settings.ts'

/** How many rows this page had, and how many there were with it. */
export interface Count {
  readonly rows: number
  readonly soFar: number
}

/** @param first the first request, which the others vary @throws ConnectorError for a link to another place */
export function nextPage(paging: Paging, first: URL, page: Page, { rows, soFar }: Count): URL | undefined {
  switch (paging.by) {
    case 'none':
      return undefined
    case 'page':
      return rows === 0 ? undefined : withParameter(first, paging.parameter, String(paging.first + page.index + 1))
    case 'offset':
      return rows === 0 ? undefined : withParameter(first, paging.parameter, String(soFar))
    case 'cursor': {
      const cursor = pointedTo(page.json, paging.cursor)
      if (cursor === undefined || cursor === null || cursor === '' || cursor === false) return undefined
      if (typeof cursor !== 'string' && typeof cursor !== 'number')
        throw new ConnectorError('unsupported', say('no_cursor', { host: first.hostname, pointer: paging.cursor }))
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

/** The target whose relation is `next` (RFC 8288, 3). */
function nextOf(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '')
  for (const [, target, parameters = ''] of text.matchAll(/<([^>]*)>((?:\s*;\s*[^\s=;,]+\s*(?:=\s*(?:"[^"]*"|[^\s";,]+))?)*)/g)) {
    const [, quoted, plain] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s";,]+))/i.exec(parameters) ?? []
    if ((quoted ?? plain ?? '').toLowerCase().split(/\s+/).includes('next')) return target
  }
  return undefined
}
