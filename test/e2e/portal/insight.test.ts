/** Patterns, disclosures and alerts in a real browser: a rule fires on the page, is judged and replayed; what left is read and taken away. */
import { readFileSync } from 'node:fs'
import { must } from '@gatehouse/sdk/client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster, until } from '../node.ts'
import { arrange, authorize, redeem, type Scenario } from '../scenario.ts'
import { addAccount, addEngineer, faultsOf, hostile, missing, openBrowser, signIn, skipped, somethingRan, type Visit, visit } from './browser.ts'

/** From the last act to the alert on an open page. */
/** The aim is two seconds; this leaves room for a busy machine, and is far below what a page would take that only learns of an alert when it asks anew. */
const toldWithinMs = 8_000

describe.skipIf(missing.length > 0)(`the pages of insight${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let scenario: Scenario
  let officer: Visit
  let page: Page
  let rule: string

  beforeAll(async () => {
    ;[node, browser] = await Promise.all([startInCluster(), openBrowser()])
    scenario = await arrange(node)
    for (const person of ['C1', 'C2', 'C1']) await redeem(node, (await authorize(node, scenario.partner, person)).body.token)
    must(await node.operator.PATCH('/v1/partners/{partner}', { params: { path: { partner: scenario.partner.id } }, body: { name: hostile[0] } }))
    rule = must(
      await node.operator.POST('/v1/alert-rules', {
        body: {
          name: hostile[1],
          description: hostile[2],
          condition: { kind: 'rate', types: ['release.authorize'], decision: 'deny', per: 'partner', threshold: 3, window_seconds: 3_600 },
          channel: 'page_now',
        },
      }),
    ).id
    officer = await visit(browser, node)
    page = officer.page
    page.setDefaultTimeout(20_000)
    await signIn(officer, await addAccount(node, 'olive@example.org', 'officer'))
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  const region = (name: string | RegExp) => page.getByRole('region', { name })

  it('shows an alert on the open list soon after the act, without being asked again', async () => {
    await officer.open('/insight/alerts?channel=page_now')
    await officer.heading('Alerts')
    await page.getByRole('heading', { name: 'Nothing fits' }).waitFor()
    for (let times = 0; times < 3; times++) expect((await authorize(node, scenario.partner, 'C3')).status).toBe(403)
    const acted = performance.now()
    await page
      .getByRole('link', { name: hostile[1] })
      .or(page.getByRole('cell', { name: hostile[1] }))
      .first()
      .waitFor()
    expect(performance.now() - acted).toBeLessThan(toldWithinMs)
  })

  it('says what happened and shows the entries behind it', async () => {
    const [alert] = must(await node.operator.GET('/v1/alerts', { params: { query: { rule } } })).data
    await officer.open(`/insight/alerts/${alert?.id}`)
    await officer.heading(hostile[1])
    await page.getByText(`${hostile[0]} reached 3 entries within 1 hour.`).waitFor()
    const entries = region('Entries behind it').getByRole('row')
    await entries.nth(3).waitFor()
    expect(await entries.count()).toBe(4)
    expect(await entries.nth(1).textContent()).toContain('No consent')
    expect(await entries.nth(1).getByRole('link').getAttribute('href')).toContain('/ledger/audit/')
  })

  it('is acknowledged with a judgement and a note, then closed', async () => {
    expect(await page.getByRole('button', { name: 'Acknowledge' }).isDisabled()).toBe(true)
    await page.getByRole('radio', { name: 'Useful' }).check()
    await page.getByLabel('What you found').fill(hostile[3])
    await officer.press('Acknowledge')
    await officer.press('Close the alert')
    await page.getByText(hostile[3]).waitFor()
    await page.getByRole('list', { name: 'Course' }).getByText('Closed', { exact: true }).waitFor()
  })

  it('measures the rule by what was said of it', async () => {
    await officer.open(`/insight/alert-rules/${rule}`)
    await officer.heading(hostile[1])
    const measured = region(/Measured over/)
    await measured.getByText('100%').waitFor()
    await measured.getByText('0%', { exact: true }).waitFor()
  })

  it('replays a rule on the past without raising anything', async () => {
    const before = must(await node.operator.GET('/v1/alerts', { params: { query: { rule } } })).data.length
    await page.getByRole('tab', { name: 'Try on the past' }).click()
    await officer.press('Replay')
    await page.getByRole('heading', { name: 'It would have raised one alert' }).waitFor()
    await page.getByRole('table', { name: 'The first of them' }).getByText(hostile[0]).waitFor()
    expect(must(await node.operator.GET('/v1/alerts', { params: { query: { rule } } })).data).toHaveLength(before)
  })

  it('demotes a rule, and tells the second of two who change it', async () => {
    await officer.open(`/insight/alert-rules/${rule}`)
    await page.getByRole('radio', { name: 'Demoted' }).check()
    await officer.press('Change the channel')
    await until(async () => must(await node.operator.GET('/v1/alert-rules/{rule}', { params: { path: { rule } } })).channel === 'demoted')
    await page.getByRole('tab', { name: 'Change', exact: true }).click()
    await page.getByLabel('Name').fill('Another name')
    must(await node.operator.PATCH('/v1/alert-rules/{rule}', { params: { path: { rule } }, body: { cool_down_seconds: 60 } }))
    await officer.press('Save the rule')
    await page.getByRole('alert').waitFor()
    expect(must(await node.operator.GET('/v1/alert-rules/{rule}', { params: { path: { rule } } })).name).toBe(hostile[1])
  })

  it('writes a rule by form and as JSON, and says it in a sentence', async () => {
    await officer.open('/insight/alert-rules/new')
    await officer.heading('New rule')
    const sentence = region('What it says')
    await page.getByLabel('Kind of rule').selectOption('volume')
    await sentence.getByText('100 MB').waitFor()
    await page.getByLabel('Name').fill('Much at once')
    await page.getByText('JSON', { exact: true }).click()
    const editor = page.getByRole('textbox', { name: 'The rule as JSON' })
    const written = JSON.parse(await editor.inputValue()) as { condition: { threshold: number } }
    await editor.fill('{ "name": ')
    await sentence.getByText('not a rule yet').waitFor()
    await editor.fill(JSON.stringify({ ...written, condition: { ...written.condition, threshold: -1 } }))
    await officer.press('Create the rule on trial')
    await page.getByRole('alert').getByText('/condition/threshold').waitFor()
    await editor.fill(JSON.stringify({ ...written, condition: { ...written.condition, threshold: 2_000_000 } }))
    await sentence.getByText('2 MB').waitFor()
    await officer.press('Create the rule on trial')
    await officer.heading('Much at once')
    await page.getByText('On trial').first().waitFor()
  })

  it('says in a chart’s title what its numbers show, and counts on by itself', async () => {
    await officer.open('/insight/patterns?period=24h')
    await officer.heading('Patterns')
    await page.getByRole('heading', { name: '3 of 6 requests were denied, 50%' }).waitFor()
    await authorize(node, scenario.partner, 'C3')
    await page.getByRole('heading', { name: '4 of 7 requests were denied' }).waitFor()
    await page
      .getByRole('figure', { name: /^4 of 7/ })
      .getByRole('button', { name: 'As a table' })
      .click()
    await page.getByRole('columnheader', { name: 'No consent' }).waitFor()
    await page.getByLabel('Period').selectOption('365d')
    await page.waitForURL(/period=365d/)
  })

  it('walks the heat map by keyboard, down to what left', async () => {
    await officer.open('/insight/patterns?period=24h')
    const map = region('Who got what, and when')
    const first = map.getByRole('row').nth(1)
    await first.getByRole('button').first().focus()
    const hour = new Date().getUTCHours()
    // Into the column of this hour, or the one before where it has just begun.
    for (let step = 0; step <= hour; step++) await page.keyboard.press('ArrowRight')
    if ((await page.evaluate(() => document.activeElement?.textContent)) === '') await page.keyboard.press('ArrowLeft')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('3')
    await page.keyboard.press('Enter')
    const place = region(/Service Provision/)
    await place.getByText('3 of 3 in this row').waitFor()
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H3')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL(/purpose=dpv/)
    await map.getByRole('row').nth(1).getByRole('button').first().press('Enter')
    await place.getByRole('link', { name: 'What left, with the reasons' }).click()
    await officer.heading('Disclosures')
    expect(await page.getByLabel('Partner', { exact: true }).inputValue()).toBe(scenario.partner.reference)
  })

  it('tells what left about a person whose id stays out of the address', async () => {
    await page.getByLabel('Person').fill('nobody')
    await officer.press('Show the report')
    await page.getByText('nobody is known by this id').waitFor()
    await page.getByLabel('Person').fill('C1')
    await officer.press('Show the report')
    await page.getByRole('heading', { name: /^2 disclosures/ }).waitFor()
    await page.getByRole('table', { name: 'By legal basis' }).getByText('consent').waitFor()
    await page.getByRole('cell', { name: 'family_name (partial)' }).first().waitFor()
    expect(page.url()).not.toContain('C1')
    expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]))).not.toContain('C1')
  })

  it.each([
    ['CSV', /^release,|^"?release|^at,/m],
    ['PDF', /^%PDF-/],
    ['NDJSON', /^\{"release"/],
  ] as const)('gives the report away as %s', async (format, begins) => {
    const [download] = await Promise.all([page.waitForEvent('download'), officer.press(`Download ${format}`)])
    expect(download.suggestedFilename()).toMatch(new RegExp(`^disclosures-.*\\.${format.toLowerCase()}$`))
    const content = readFileSync(await download.path(), 'latin1')
    expect(content).toMatch(begins)
    expect(content).not.toContain('C1,')
  })

  it('keeps the addresses of letters, and says that none are sent without a mail server', async () => {
    await officer.open('/insight/alert-settings')
    await page.getByText('This node sends no letters').waitFor()
    await page.getByRole('combobox', { name: 'Addresses' }).fill('privacy@example.org')
    await page.keyboard.press('Enter')
    await officer.press('Save')
    await until(async () => must(await node.operator.GET('/v1/alert-settings')).mail_to.includes('privacy@example.org'))
  })

  it.each([
    ['light', 1440],
    ['dark', 390],
  ] as const)(
    'can be used by everybody in %s colours at %i pixels',
    async (colorScheme, width) => {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      const [alert] = must(await node.operator.GET('/v1/alerts', { params: { query: { rule, demoted: 'true' } } })).data
      const pages: readonly (readonly [string, string | RegExp])[] = [
        ['/insight/patterns', 'Patterns'],
        ['/insight/disclosures', 'Disclosures'],
        ['/insight/alerts', 'Alerts'],
        [`/insight/alerts/${alert?.id}`, hostile[1]],
        ['/insight/alert-rules', 'Alert rules'],
        ['/insight/alert-rules/new', 'New rule'],
        [`/insight/alert-rules/${rule}`, hostile[1]],
        [`/insight/alert-rules/${rule}?tab=edit`, hostile[1]],
        ['/insight/alert-settings', 'Letters about alerts'],
      ]
      for (const [path, title] of pages) {
        await officer.open(path)
        await officer.heading(title)
        await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' })
        expect(await faultsOf(page), path).toEqual([])
      }
      expect(await somethingRan(page)).toBe(false)
    },
    60_000,
  )

  it('shows an auditor what there is and nothing to change', async () => {
    const auditor = await visit(browser, node)
    await signIn(auditor, await addAccount(node, 'grace@example.org', 'auditor'))
    await auditor.open(`/insight/alert-rules/${rule}`)
    await auditor.heading(hostile[1])
    for (const name of ['Retire', 'Change the channel']) expect(await auditor.page.getByRole('button', { name }).count()).toBe(0)
    for (const name of ['Change', 'Try on the past']) expect(await auditor.page.getByRole('tab', { name, exact: true }).count()).toBe(0)
    await auditor.open('/insight/alert-rules/new')
    await auditor.heading('There is no such page')
    expect(auditor.complaints).toEqual([])
  })

  it('shows a partner’s engineer its own patterns, and no alerts', async () => {
    const engineer = await visit(browser, node)
    await signIn(engineer, await addEngineer(node, scenario.partner.reference, 'emil@example.org'))
    for (const path of ['/insight/alerts', '/insight/alert-rules', '/insight/disclosures', '/insight/alert-settings']) {
      await engineer.open(path)
      await engineer.heading('There is no such page')
    }
    await engineer.open('/insight/patterns?period=24h')
    await engineer.page.getByRole('heading', { name: /requests were denied/ }).waitFor()
    expect(await engineer.page.getByText('No consent').count()).toBe(0)
    expect(engineer.complaints).toEqual([])
  })

  it('never ran what was planted, nor broke its own policy', async () => {
    expect(await somethingRan(page)).toBe(false)
    expect(officer.complaints).toEqual([])
  })
})
