/**
 * The portal in a real browser: what the first page after signing in loads, how long a page change takes once its data are there, and
 * what a list of a hundred thousand rows costs as one scrolls.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { CDPSession, Page } from 'playwright-core'
import { root, startNode } from '../test/e2e/node.ts'
import { addAccount, openBrowser, signIn, visit } from '../test/e2e/portal/browser.ts'
import { median, report } from './report.ts'

const rowCounts = [1_000, 10_000, 100_000]
const pageRows = 10_000
const steps = 60
const changes = 12

const id = (index: number) => `01980000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`

/** Answers the list of releases with so many, as the node would: page by page. */
async function serveReleases(page: Page, count: number): Promise<void> {
  await page.route(/\/v1\/releases\?/, async (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0)
    const to = Math.min(count, from + pageRows)
    const at = new Date(Date.UTC(2026, 10, 1) - from * 1000).toISOString()
    const data = Array.from({ length: to - from }, (_, index) => ({
      id: id(from + index),
      state: ['issued', 'spent', 'delivered', 'expired'][index % 4],
      partner: id(7),
      subject: id(from + index),
      purpose: 'credit_assessment',
      record_type: 'customer',
      fields: [{ name: 'given_name', mask: 'keep' }],
      rules: ['loans/serve'],
      decision_id: id(from + index),
      issued_at: at,
      expires_at: at,
      spent_at: null,
      closed_at: null,
      bytes: 500 + index,
    }))
    await route.fulfill({ json: { data, next: to < count ? String(to) : null } })
  })
}

async function scriptSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0
}

/** Scrolls the list from top to bottom in even steps, with a jump to the end and back. */
async function scroll(page: Page, session: CDPSession): Promise<{ rows: number; script: number[] }> {
  const script: number[] = []
  let rows = 0
  for (let step = 0; step < steps; step++) {
    const before = await scriptSeconds(session)
    await page.evaluate(
      async (share) => {
        const list = [...document.querySelectorAll<HTMLElement>('#content *')].find(
          (element) => element.scrollHeight > 4 * element.clientHeight && element.clientHeight > 200,
        )
        if (list === undefined) throw new Error('no list scrolls on this page')
        list.scrollTop = share * list.scrollHeight
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
      },
      step % 10 === 9 ? Math.random() : step / steps,
    )
    script.push(((await scriptSeconds(session)) - before) * 1000)
    rows = Math.max(rows, await page.evaluate(() => document.querySelectorAll('#content [role="row"], #content tr').length))
  }
  return { rows, script }
}

async function changePages(page: Page): Promise<number[]> {
  const times: number[] = []
  for (let change = 0; change < changes; change++) {
    const name = change % 2 === 0 ? 'Exchange' : 'Releases'
    times.push(
      await page.evaluate(async (link) => {
        const found = [...document.querySelectorAll<HTMLAnchorElement>('nav a')].find((anchor) => anchor.textContent?.trim() === link)
        if (found === undefined) throw new Error(`no link ${link}`)
        const since = performance.now()
        found.click()
        while (document.querySelector('h1')?.textContent !== link) {
          await new Promise((done) => requestAnimationFrame(done))
        }
        return performance.now() - since
      }, name),
    )
  }
  return times.slice(2)
}

const node = await startNode()
const browser = await openBrowser()
try {
  const account = await addAccount(node, 'auditor@example.org', 'auditor')
  const first = await visit(browser, node)
  const scripts = new Set<string>()
  first.page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.add(new URL(response.url()).pathname)
  })
  await signIn(first, account)
  await first.page.waitForLoadState('networkidle').catch(() => undefined)
  await first.page.waitForTimeout(500)
  if (process.argv.includes('--files')) for (const path of scripts) console.log(path)
  const loaded = [...scripts].reduce((sum, path) => sum + gzipSync(readFileSync(join(root, 'apps/portal/dist', path))).length, 0) / 1000
  await serveReleases(first.page, 1_000)
  await first.open('/exchange/releases')
  await first.heading('Releases')
  const changed = await changePages(first.page)

  const rows: Record<string, number>[] = []
  const all: { rows: number; script: number[] }[] = []
  for (const count of rowCounts) {
    const { page, context, open } = await visit(browser, node)
    await context.addCookies(await first.context.cookies())
    await serveReleases(page, count)
    await open('/exchange/releases')
    await page.getByRole('heading', { level: 1, name: 'Releases' }).waitFor()
    const session = await context.newCDPSession(page)
    await session.send('Performance.enable')
    // Everything is read in first, so that what is measured is scrolling and not reading.
    for (let before = -1, now = 0; now > before; ) {
      before = now
      now = await page.evaluate(async () => {
        const list = [...document.querySelectorAll<HTMLElement>('#content *')].find(
          (element) => element.scrollHeight > element.clientHeight + 100 && element.clientHeight > 200,
        )
        list?.scrollTo(0, list.scrollHeight)
        await new Promise((done) => setTimeout(done, 700))
        return list?.scrollHeight ?? 0
      })
    }
    const scrolled = await scroll(page, session)
    all.push(scrolled)
    const sorted = scrolled.script.toSorted((left, right) => left - right)
    rows.push({
      rows: count,
      'DOM rows at most': scrolled.rows,
      'script ms, median': Number(median(sorted).toFixed(1)),
      'script ms, p95': Number((sorted[Math.floor(sorted.length * 0.95)] ?? 0).toFixed(1)),
    })
    await context.close()
  }
  const most = all.at(-1) ?? { rows: 0, script: [] }
  const sorted = most.script.toSorted((left, right) => left - right)
  report('portal', rows, [
    { name: 'script of the first page after sign-in, gzipped', value: Math.round(loaded), unit: 'kB', bound: { max: 250 } },
    { name: 'page change after data, median', value: Math.round(median(changed)), unit: 'ms', bound: { max: 100 } },
    { name: 'DOM rows of a list of 100,000', value: most.rows, unit: 'rows', bound: { max: 60 } },
    { name: 'script per scroll step, median', value: Number(median(sorted).toFixed(1)), unit: 'ms', bound: { max: 16 } },
  ])
} finally {
  await browser.close()
  await node.remove()
}
