/** An outsider without an account, in a real browser: the log's files come from here, so that each way of lying can be tried. */
import { keyFile, writeBundle } from '@gatehouse/verify/testing/write-bundle'
import { writeLog } from '@gatehouse/verify/testing/write-log'
import { type Files, gatehouseEntries, writeTiles } from '@gatehouse/verify/testing/write-tiles'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from '../node.ts'
import { faultsOf, missing, openBrowser, skipped, type Visit, visit } from './browser.ts'

const log = '/audit/0198c1de-7b3a-7c4d-8e5f-000400000000'

describe.skipIf(missing.length > 0)(`a published log in the portal${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let outsider: Visit
  let files: Files

  beforeAll(async () => {
    node = await startInCluster()
    browser = await openBrowser()
    outsider = await visit(browser, node)
    await outsider.page.route('**/logs/**', async (route) => {
      const path = new URL(route.request().url()).pathname.split('/').slice(3).join('/')
      const bytes = files.get(path)
      await (bytes === undefined
        ? route.fulfill({ status: 404 })
        : route.fulfill({ status: 200, body: Buffer.from(bytes), contentType: 'application/octet-stream' }))
    })
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  const publish = (size: number, first = 0) => {
    files = writeTiles(gatehouseEntries(size, first)).set('vkeys', Buffer.from(`${keyFile}`))
  }
  const status = (text: string | RegExp) => outsider.page.getByRole('status').filter({ hasText: text }).waitFor()
  const alarm = (text: string | RegExp) => outsider.page.getByRole('alert').filter({ hasText: text }).first().waitFor()
  const drop = async (...dropped: { name: string; text: string }[]) => {
    await outsider.page
      .locator('input[type=file]')
      .setInputFiles(dropped.map(({ name, text }) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })))
  }

  it('says so where a log is not published', async () => {
    files = new Map()
    await outsider.open(log)
    await outsider.page.getByRole('heading', { name: 'This log is not published' }).waitFor()
  })

  it('checks the checkpoint on sight, and recomputes all of the log', async () => {
    publish(600)
    await outsider.open(log)
    await outsider.heading('Audit this log')
    await status('The newest checkpoint, over 600 entries')
    await outsider.press('Recompute in this browser')
    await status('Everything holds')
    expect(await outsider.page.getByText('and all tiles give the signed root').count()).toBe(1)
  })

  it('finds the place of a changed entry, a log that grew, one that was set back and one that was rewritten', async () => {
    const bundle = files.get('tile/entries/001') as Uint8Array
    bundle[40] = (bundle[40] ?? 0) ^ 1
    await outsider.press('Recompute in this browser')
    await alarm(/tile\/entries\/001 entry 256/)
    publish(700)
    await outsider.open(log)
    await status('The log still begins with the checkpoint over 600 entries')
    publish(500)
    await outsider.open(log)
    await alarm('The log was set back')
    publish(800, 1)
    await outsider.open(log)
    await alarm('The log was rewritten')
  })

  it('checks what is dropped on it, and sends none of it', async () => {
    publish(700)
    await outsider.open(log)
    await status('The newest checkpoint')
    const sent: string[] = []
    outsider.page.on('request', (request) => request.method() !== 'GET' && sent.push(request.url()))
    const { proof, checkpoint, body } = writeLog(700).inclusion(300)
    const entry = Buffer.from(body, 'base64').toString()
    await drop({ name: 'one.tlog-proof', text: `c2sp.org/tlog-proof@v1\nindex 300\n${proof.join('\n')}\n\n${checkpoint}` }, { name: 'entry.json', text: entry })
    await status(/one.tlog-proof: Everything holds.*the entry stands at 300/s)
    await drop({ name: 'old.checkpoint', text: writeLog(600).checkpoint })
    await status(/old.checkpoint: Everything holds.*grew from 600 to 700/s)
    const evidence = writeBundle({ subjects: 1, blocks: 2, noise: 3 })
    await drop({ name: 'evidence.json', text: JSON.stringify(evidence) })
    await status(/evidence.json: Everything holds/)
    await drop({ name: 'evidence.json', text: JSON.stringify({ ...evidence, origin: 'another' }) })
    await alarm(/evidence.json: This does not hold/)
    await drop({ name: 'holiday.txt', text: 'hello' })
    await alarm(/holiday.txt: This cannot be told/)
    expect(sent).toEqual([])
  })

  it.each([
    [1440, 'light'],
    [390, 'dark'],
  ] as const)('is accessible at %d pixels in the %s', async (width, colorScheme) => {
    const other = await visit(browser, node, { width, colorScheme })
    publish(700)
    await other.page.route('**/logs/**', async (route) => {
      const bytes = files.get(new URL(route.request().url()).pathname.split('/').slice(3).join('/'))
      await (bytes === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ status: 200, body: Buffer.from(bytes) }))
    })
    await other.open(log)
    await other.page.getByRole('status').filter({ hasText: 'Verified here' }).waitFor()
    await other.press('Recompute in this browser')
    await other.page.getByRole('status').filter({ hasText: 'Everything holds' }).waitFor()
    expect(await faultsOf(other.page)).toEqual([])
    expect(await other.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    if (process.env.SCREENSHOTS !== undefined) await other.page.screenshot({ path: `${process.env.SCREENSHOTS}/audit-${width}.png`, fullPage: true })
    expect(other.complaints).toEqual([])
    await other.context.close()
  })
})
