/**
 * Every page behind the entrance, once, each in the table of its wing. The router, the navigation, the command palette, breadcrumbs,
 * links to objects and who may open what are all made from them; README.md says how to add a page.
 */
import type { Session } from '../api.ts'
import { isOpenTo } from '../rights.ts'
import { type Wing, wings } from '../wings.ts'
import { administrationPages } from './administration/pages.ts'
import { custodyPages } from './custody/pages.ts'
import { exchangePages } from './exchange/pages.ts'
import { governancePages } from './governance/pages.ts'
import { insightPages } from './insight/pages.ts'
import { ledgerPages } from './ledger/pages.ts'
import { mePages } from './me/pages.ts'
import type { Page } from './page.ts'

export const pages: readonly Page[] = [
  ...exchangePages,
  ...custodyPages,
  ...governancePages,
  ...insightPages,
  ...ledgerPages,
  ...administrationPages,
  ...mePages,
]

/** The pages whose addresses a page's own begins with, outermost first: where its breadcrumbs lead. */
export function trailTo(page: Page): Page[] {
  return pages.filter(({ path }) => page.path.startsWith(`${path}/`)).sort((a, b) => a.path.length - b.path.length)
}

export function pagesFor(session: Session): Page[] {
  return pages.filter(({ needed }) => isOpenTo(session, needed))
}

/** The wings in which somebody has something to do. */
export function wingsFor(session: Session): Wing[] {
  const open = new Set(pagesFor(session).flatMap(({ nav, wing }) => (nav ? [wing] : [])))
  return wings.filter(({ name, needed }) => open.has(name) || isOpenTo(session, needed))
}
