/** Files and how long things are kept, in a real browser: sent with progress, scanned, downloaded for a purpose, held, deleted; a rule tried and set. */
import { readFile } from 'node:fs/promises'
import { type RunningClamd, startClamd } from '@gatehouse/runtime/data/scan/testing/clamd'
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migratedDatabase, type SharedDatabase } from '../database.ts'
import { type NodeProcess, startNode } from '../node.ts'
import { arrange, type Scenario } from '../scenario.ts'
import { addAccount, faultsOf, hostile, missing, openBrowser, signIn, skipped, somethingRan, type Visit, visit } from './browser.ts'

describe.skipIf(missing.length > 0)(`documents${skipped}`, () => {
  let clamd: RunningClamd
  let database: SharedDatabase
  let node: NodeProcess
  let scene: Scenario
  let browser: Browser
  let desk: Visit
  let phone: Visit

  beforeAll(async () => {
    clamd = await startClamd()
    database = await migratedDatabase()
    node = await startNode({ environment: { DATABASE_URL: database.url, GATEHOUSE_CLAMD: clamd.place.path } })
    scene = await arrange(node)
    browser = await openBrowser()
    const account = await addAccount(node, 'grace@example.org', 'officer')
    desk = await visit(browser, node)
    phone = await visit(browser, node, { width: 390, colorScheme: 'dark' })
    await signIn(desk, account)
    await signIn(phone, account)
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
    await database?.drop()
    await clamd?.stop()
  })

  let address: string

  it('are sent with a title that runs nothing, and are looked through', async () => {
    const { page, open, press, heading } = desk
    await open('/custody/documents')
    await heading('Documents')
    await page.getByRole('heading', { name: 'There are no documents' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await press('New document')
    await page.locator('input[type=file]').setInputFiles({ name: 'Ana Quetzalli.txt', mimeType: 'text/plain', buffer: Buffer.from('results '.repeat(40_000)) })
    await page.getByLabel('Title').fill(hostile[0])
    await page.getByRole('dialog').getByLabel('Id by which the institution knows the person').fill('C1')
    expect(await faultsOf(page)).toEqual([])
    await press('Send the file')
    await page.waitForURL(/\/custody\/documents\/[0-9a-f-]{36}$/)
    address = new URL(page.url()).pathname
    await page.getByText('Nothing found').first().waitFor()
    await page.getByText(hostile[0]).waitFor()
    expect(await faultsOf(page)).toEqual([])
    expect(await somethingRan(page)).toBe(false)
    expect(await page.title()).not.toContain('onerror')
    expect(await page.content()).not.toContain('Quetzalli')
  })

  it('get versions, and are downloaded for a purpose that the ledger keeps', async () => {
    const { page, press } = desk
    await page.locator('input[type=file]').setInputFiles({ name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.from('corrected') })
    await page.getByRole('button', { name: 'Download version 2' }).click()
    await page
      .getByRole('dialog')
      .getByRole('combobox', { name: 'Purpose' })
      .or(page.getByRole('dialog').getByRole('textbox', { name: 'Purpose' }))
      .fill('treatment')
    expect(await faultsOf(page)).toEqual([])
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('dialog').getByRole('link', { name: 'Download' }).click()])
    expect(await readFile(await file.path(), 'utf8')).toBe('corrected')
    const { data } = must(await node.operator.GET('/v1/logs', { params: { query: { type: 'documents.download', limit: 1 } } }))
    expect(data[0]?.body).toMatchObject({ purpose: 'treatment', details: { version: 2 } })
    await press('Delete')
    await press('Leave it as it is')
  })

  it('of a held person are shown as held and offered no end, on a phone in the dark', async () => {
    must(await scene.officer.POST('/v1/holds', { body: { user_id: 'C1', matter: 'Case 1' } }))
    const { page, open } = phone
    await open(address)
    await page.getByText('A legal hold covers this document').waitFor()
    expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0)
    expect(await faultsOf(page)).toEqual([])
    await open('/custody/documents')
    await page.getByText('Nothing found').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByLabel('Id by which the institution knows the person').fill('C2')
    await phone.press('Show')
    await page.getByRole('heading', { name: 'There are no documents' }).waitFor()
    expect(page.url()).not.toContain('C2')
  })

  it('have beside them how long records are kept: a rule is seen before it is set', async () => {
    const { page, open, press } = desk
    await open('/custody/record-types')
    await page.getByRole('heading', { name: 'How long records are kept' }).waitFor()
    await press('Set a rule')
    expect(await page.getByRole('button', { name: 'Set the rule' }).isDisabled()).toBe(true)
    await page.getByRole('dialog').getByRole('button', { name: 'Show what it would do' }).click()
    await page.getByText('the time of none is over').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await press('Set the rule')
    await page.getByRole('cell', { name: '120 months from the last record' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await phone.open('/custody/record-types')
    await phone.page.getByRole('cell', { name: '120 months from the last record' }).waitFor()
    expect(await faultsOf(phone.page)).toEqual([])
    expect([desk.complaints, phone.complaints]).toEqual([[], []])
  })
})
