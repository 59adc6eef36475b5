/** Forgetting in a real browser: a person is hidden and shown again, held, and erased by two officers; the certificate is downloaded. */
import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from '../node.ts'
import { importPeople } from '../scenario.ts'
import { addAccount, faultsOf, missing, openBrowser, signIn, skipped, type Visit, visit } from './browser.ts'

describe.skipIf(missing.length > 0)(`erasures${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let first: Visit
  let second: Visit

  beforeAll(async () => {
    node = await startInCluster()
    await importPeople(node)
    browser = await openBrowser()
    first = await visit(browser, node)
    second = await visit(browser, node, { width: 390, colorScheme: 'dark' })
    await signIn(first, await addAccount(node, 'one@example.org', 'officer'))
    await signIn(second, await addAccount(node, 'two@example.org', 'officer'))
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  const lookFor = async ({ page, open, press }: Visit, userId: string) => {
    await open('/custody/chains')
    await page.getByRole('textbox', { name: 'Id by which the institution knows the person' }).fill(userId)
    await press('Look up')
    await page.getByRole('heading', { name: 'Keeping and forgetting' }).waitFor()
  }

  it('hide a person, who is then found by nobody, and show them again', async () => {
    const { page, press } = first
    await lookFor(first, 'C1')
    expect(await faultsOf(page)).toEqual([])
    await press('Archive')
    await press('Archive the person')
    await page.getByText('Archived', { exact: true }).waitFor()
    await lookFor(first, 'C1')
    await press('Restore')
    await press('Restore the person')
    await page.getByText('Kept', { exact: true }).waitFor()
  })

  it('are requested by one and approved by another, on a phone in the dark', async () => {
    await lookFor(first, 'C1')
    await first.press('Request an erasure')
    await first.page.getByLabel('Reference').fill('letter 4711')
    expect(await faultsOf(first.page)).toEqual([])
    await first.press('Request the erasure')
    await first.page.getByText('Waits for two people').waitFor()
    const { pathname } = new URL(first.page.url())
    expect(pathname).toMatch(/^\/ledger\/erasures\/[0-9a-f-]{36}$/)
    await second.open(pathname)
    await second.page.getByText('letter 4711').waitFor()
    expect(await faultsOf(second.page)).toEqual([])
    await second.press('Approve')
    await second.press('Approve the erasure')
    await second.page.getByText('Erased', { exact: true }).waitFor()
    expect(await second.page.getByText('letter 4711').count()).toBe(0)
    expect(await faultsOf(second.page)).toEqual([])
  })

  it('end with a certificate to keep, and stand in the list without a name', async () => {
    const { page, open } = second
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download the certificate' }).click()])
    const certificate = JSON.parse(await readFile(await download.path(), 'utf8')) as { format: string; statement: { kind: string } }
    expect(certificate).toMatchObject({ format: 'gatehouse-erasure/v1', statement: { kind: 'person' } })
    await open('/ledger/erasures')
    await page.getByText('Erased', { exact: true }).first().waitFor()
    expect(await faultsOf(page)).toEqual([])
    expect(await page.getByText('C1', { exact: true }).count()).toBe(0)
    expect([first.complaints, second.complaints]).toEqual([[], []])
  })
})
