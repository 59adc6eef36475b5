/** Custody in a real browser: an officer who brings in files, looks after them, and is told where somebody has had a hand in the vault. */
import { readFile } from 'node:fs/promises'
import { testCluster } from '@gatehouse/runtime/data/testing/database'
import { must } from '@gatehouse/sdk/client'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migratedDatabase, type SharedDatabase } from '../database.ts'
import { type NodeProcess, startNode, until } from '../node.ts'
import { arrange, mapping, type Scenario } from '../scenario.ts'
import { addAccount, addPerson, faultsOf, hostile, missing, openBrowser, signIn, skipped, somethingRan, type Visit, visit } from './browser.ts'

const rowsOf = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => `N${String(from + at)},Ada,Lovelace,ada@example.org,${at % 100 === 7 ? 'no date' : '1980-01-02'},51000`)
const header = 'customer_id,given_name,family_name,email,date_of_birth,annual_income'
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

describe.skipIf(missing.length > 0)(`custody in the portal${skipped}`, () => {
  let database: SharedDatabase
  let node: NodeProcess
  let browser: Browser
  let scene: Scenario
  let officer: Visit
  let page: Page

  beforeAll(async () => {
    database = await migratedDatabase()
    node = await startNode({ environment: { DATABASE_URL: database.url } })
    scene = await arrange(node)
    browser = await openBrowser()
    officer = await visit(browser, node)
    page = officer.page
    await signIn(officer, await addAccount(node, 'grace@example.org', 'officer'))
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
    await database?.drop()
  })

  /** How fast the browser sends, in bytes a second; nothing holds it back where none is said. */
  const sendAt = async (uploadThroughput = -1) => {
    const tools = await officer.context.newCDPSession(page)
    await tools.send('Network.enable')
    await tools.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput })
  }
  const choose = (name: string, text: string) => page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  const toMapping = async (name: string, text: string) => {
    await officer.open('/custody/imports/new')
    await officer.heading('Import a file')
    await choose(name, text)
    await officer.heading('What the columns become')
  }
  /** A file that comes slowly from elsewhere, and goes on until it is stopped. */
  const slowImport = async () => {
    const plan = must(await node.operator.POST('/v1/vault/imports', { body: { mapping, format: 'csv' } as never })) as { import_id: string }
    let over = false
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(Buffer.from(`${header}\n`))
        for (let from = 0; !over; from += 600) {
          controller.enqueue(Buffer.from(`${rowsOf(600, from).join('\n')}\n`))
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
        controller.close()
      },
    })
    const answer = fetch(`${node.origin}/v1/vault/imports/${plan.import_id}/records`, {
      method: 'POST',
      headers: { authorization: `Bearer ${node.credential.key}`, 'content-type': 'text/csv' },
      body,
      duplex: 'half',
    } as RequestInit).finally(() => {
      over = true
    })
    return { id: plan.import_id, answer }
  }

  it('does not exist for whoever has no right to it, whatever address is typed', async () => {
    const auditor = await visit(browser, node)
    await signIn(auditor, await addAccount(node, 'mary@example.org', 'auditor'))
    for (const path of ['/custody/imports/new', '/custody/chains']) {
      await auditor.open(path)
      await auditor.heading('There is no such page')
    }
    const person = await visit(browser, node)
    await signIn(person, await addPerson(node, scene.officer, 'C1', 'ada@example.org'))
    for (const path of ['/custody/vault', '/custody/imports', '/custody/record-types', '/administration/jobs']) {
      await person.open(path)
      await person.heading('There is no such page')
    }
    await officer.open('/administration/health')
    await officer.heading('There is no such page')
    await Promise.all([auditor.context.close(), person.context.close()])
  })

  it('reads only the first rows of a file, shows what is refused at its column, and takes names of columns for text', async () => {
    await toMapping('people.csv', [`${header},${quoted(hostile[0])},${quoted(hostile[2])}`, ...rowsOf(50).map((row) => `${row},x,y`)].join('\n'))
    await page.getByRole('rowheader', { name: hostile[0] }).waitFor()
    await page.getByRole('textbox', { name: 'Field: given_name' }).fill('Given Name')
    await officer.press('Store the file')
    await page
      .getByRole('row', { name: /given_name/ })
      .getByText('use lower-case letters')
      .waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByText('JSON', { exact: true }).click()
    await page.getByRole('button', { name: /Line \d+: \/fields\/given_name\/name use lower-case/ }).waitFor()
    expect(await page.getByRole('textbox', { name: 'Mapping' }).inputValue()).toContain(JSON.stringify(hostile[0]))
    expect(await somethingRan(page)).toBe(false)
  })

  it('stores a file with faulty rows; left, it goes on and is found under jobs', async () => {
    await toMapping('people.csv', [`${header},${quoted(hostile[1])}`, ...rowsOf(4_000).map((row) => `${row},x`)].join('\n'))
    await page.getByRole('checkbox', { name: `Keep: ${hostile[1]}` }).uncheck()
    await sendAt(60_000)
    await officer.press('Store the file')
    await page.waitForURL(/\/custody\/imports\/[0-9a-f-]{36}$/)
    const address = new URL(page.url()).pathname
    await page.getByText('only this tab must stay open').waitFor()
    await page.getByRole('link', { name: 'One job runs' }).click()
    await officer.heading('Jobs')
    await page.getByRole('progressbar', { name: 'Importing “customer”' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await sendAt()
    await page.getByText('Nothing runs at the moment').waitFor({ timeout: 20_000 })
    await page.locator(`a[href="${address}"]`).click()
    await page.getByText('Finished').first().waitFor()
    await page.getByRole('heading', { name: 'Rows that were refused (40)' }).waitFor()
    await page
      .getByRole('row', { name: /9 date_of_birth expected a calendar date/ })
      .first()
      .waitFor()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('button', { name: 'Export' })
        .click()
        .then(() => page.getByRole('menuitem', { name: /CSV/ }).click()),
    ])
    const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n')
    expect(lines[0]).toBe('line,column,message')
    expect(lines).toHaveLength(41)
    expect(await somethingRan(page)).toBe(false)
  })

  it('stops an import that somebody else has begun', async () => {
    const { id, answer } = await slowImport()
    await officer.open('/administration/jobs')
    await page.getByRole('progressbar', { name: 'Importing “customer”' }).waitFor()
    await officer.press('Stop')
    await officer.press('Stop the import')
    expect((await answer).status).toBe(409)
    await page.getByText('Nothing runs at the moment').waitFor()
    await officer.open(`/custody/imports/${id}`)
    await page.getByText('Somebody stopped it').waitFor()
    await page.getByRole('heading', { name: 'Go on' }).waitFor()
  })

  it('finds that everything fits, then names the place where somebody changed the database', async () => {
    const known = must(await scene.officer.POST('/v1/vault/describe', { body: { user_id: 'C2' } }))
    await officer.open('/custody/vault')
    await officer.press('Verify now')
    await page.getByText('Everything fits').first().waitFor({ timeout: 30_000 })
    const owner = new pg.Client({ ...testCluster().superuser, database: String(database.connection.database) })
    await owner.connect()
    await owner.query(
      `SET session_replication_role = replica;
       UPDATE vault.block SET encrypted_data = set_byte(encrypted_data, 60, get_byte(encrypted_data, 60) # 1) WHERE block_id = '${known.block_id}'`,
    )
    await owner.end()
    await officer.press('Verify now')
    const place = page.getByRole('listitem').filter({ hasText: 'Block changed' })
    await place.waitFor({ timeout: 30_000 })
    const words = (await place.textContent()) ?? ''
    expect(words).toContain(known.subject_id.slice(-8))
    expect(words).toContain(known.block_id.slice(-8))
    expect(words).toContain('Block 1')
    expect(words).toContain('the content does not have the hash that was noted')
    expect(words).toContain('Restore the block from a backup')
    await page.locator('table.list').getByRole('link').first().click()
    await officer.heading(/^Check …/)
    await page.getByText('3 faults').first().waitFor()
  })

  it('shows a person’s chain, whom one looks for standing in no address and nothing kept', async () => {
    await officer.open('/custody/chains')
    await page.getByLabel('Id by which the institution knows the person').fill('C2')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'One block in the chain' }).waitFor()
    await page.getByText('A block does not fit').waitFor()
    expect(page.url()).not.toContain('C2')
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage, ...history.state }))).not.toMatch(/"C2"/)
    await officer.open('/custody/vault')
    await page.goBack()
    await officer.heading("A person's chain")
    expect(await page.getByLabel('Id by which the institution knows the person').inputValue()).toBe('')
    await page.getByLabel('Id by which the institution knows the person').fill('nobody')
    await officer.press('Look up')
    await page.getByRole('alert').waitFor()
  })

  it.each([
    [390, 'dark'],
    [1440, 'light'],
  ] as const)('reads well at %i pixels in %s colours', async (width, colorScheme) => {
    await page.setViewportSize({ width, height: 844 })
    await page.emulateMedia({ colorScheme })
    const pages = [
      ['/custody/vault', 'Vault'],
      ['/custody/imports', 'Imports'],
      ['/custody/imports/new', 'Import a file'],
      ['/custody/chains', "A person's chain"],
      ['/custody/record-types', 'Record types'],
      ['/custody/record-types/customer', 'customer'],
      ['/administration/jobs', 'Jobs'],
    ] as const
    for (const [path, title] of pages) {
      await officer.open(path)
      await officer.heading(title)
      await until(async () => (await page.getByRole('status', { name: 'Loading' }).count()) === 0)
      expect(await faultsOf(page), path).toEqual([])
    }
  })

  it('never ran what it was given, nor broke its own policy', async () => {
    expect(await somethingRan(page)).toBe(false)
    expect(officer.complaints).toEqual([])
  })
})
