/** What people decide on their own page, and for others: asked by the institution, agreed to by the person or a guardian, on a phone and by keyboard. */
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from '../node.ts'
import { arrange, authorize, type Scenario } from '../scenario.ts'
import { addAccount, addPerson, faultsOf, missing, openBrowser, signIn, skipped, type Visit, visit } from './browser.ts'

describe.skipIf(missing.length > 0)(`people who decide${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let scene: Scenario
  let officer: Visit
  let guardian: Visit

  beforeAll(async () => {
    node = await startInCluster()
    scene = await arrange(node)
    browser = await openBrowser()
    officer = await visit(browser, node)
    await signIn(officer, await addAccount(node, 'deciding-officer@example.org', 'officer'))
    guardian = await visit(browser, node, { width: 390 })
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  it('an officer asks people, and records who acts for a child; the ids reach no address', async () => {
    const addresses: string[] = []
    officer.page.on('request', (request) => addresses.push(request.url()))
    await officer.open('/governance/consents')
    await officer.press('Ask people')
    const dialog = officer.page.getByRole('dialog')
    await dialog.getByLabel('Title').fill('Offers by mail')
    await dialog.getByLabel('What happens').fill('The institution may write to you.')
    for (const [label, option] of [
      ['Purposes', 'Direct Marketing'],
      ['Recipients', 'Every partner'],
      ['Record types', 'Every record type'],
    ] as const) {
      await dialog.getByRole('combobox', { name: label }).fill(option)
      await officer.page.getByRole('option', { name: option }).first().click()
      await officer.page.keyboard.press('Escape')
    }
    await dialog.getByRole('button', { name: 'Ask people' }).click()
    await officer.page.getByRole('article', { name: 'Offers by mail' }).waitFor()

    await officer.page.getByLabel('Id of the person').fill('C2')
    await officer.press('Look up')
    await officer.press('Record a guardian')
    await officer.page.getByLabel('Id of the guardian').fill('C1')
    await officer.page.getByLabel('Date of birth of the person').fill('2020-03-09')
    await officer.page.getByLabel('What the guardian calls the person').fill('My little one')
    await officer.page.getByRole('button', { name: 'Record the guardian' }).click()
    await officer.page.getByText('May act', { exact: true }).waitFor()
    expect(await faultsOf(officer.page)).toEqual([])
    expect(addresses.filter((address) => !address.includes('/assets/') && /C1|C2|2020-03/.test(address))).toEqual([])
  })

  it('a guardian agrees for the child by keyboard alone, sees who received what, and takes it back', async () => {
    await signIn(guardian, await addPerson(node, scene.officer, 'C1', 'guardian@example.org'))
    await guardian.open('/me/consents')
    await guardian.page.getByRole('link', { name: 'See for whom you decide' }).click()
    await guardian.heading('For whom I decide')
    await guardian.page.getByRole('heading', { name: 'My little one' }).waitFor()
    await guardian.page.getByText(/when they come of age/).waitFor()
    await guardian.page.getByRole('button', { name: 'Agree for them' }).focus()
    await guardian.page.keyboard.press('Enter')
    await guardian.page.getByText('For “Direct Marketing”, to every partner of this institution.').waitFor()
    await guardian.page.getByText('Allowed', { exact: true }).first().waitFor()
    expect(await faultsOf(guardian.page)).toEqual([])
    expect(await guardian.page.title()).not.toMatch(/little/)
    expect(guardian.page.url()).not.toMatch(/[0-9a-f]{8}-/)
    const agreed = must(await scene.officer.POST('/v1/consents/search', { body: { user_id: 'C2', in_force: true } }))
    expect(agreed.data.some(({ given_by }) => given_by?.capacity === 'parental_responsibility')).toBe(true)
    const card = guardian.page.getByRole('article').filter({ hasText: 'Direct Marketing' })
    await card.getByRole('button', { name: 'Take this back' }).click()
    await guardian.press('Yes, take it back')
    await card.getByText('Taken back').waitFor()
  })

  it('a person agrees for themself, and that reads well in both languages and colours', async () => {
    await guardian.open('/me/consents')
    await guardian.page.getByRole('button', { name: 'I agree' }).click()
    await guardian.page.getByText('You have agreed').waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await guardian.page.emulateMedia({ colorScheme })
      for (const path of ['/me/consents', '/me/wards']) {
        await guardian.open(path)
        await guardian.page.getByRole('article').first().waitFor()
        expect(await faultsOf(guardian.page), `${path} ${colorScheme}`).toEqual([])
      }
    }
  })

  it('a person objects to every use by keyboard, is refused to the partner at once, and lifts it', async () => {
    await guardian.open('/me/opt-outs')
    await guardian.page.getByRole('button', { name: 'I do not want this' }).focus()
    await guardian.page.keyboard.press('Enter')
    await guardian.page.getByText('You do not want any use').waitFor()
    await guardian.page.getByRole('status').getByText('Your objection counts').waitFor()
    expect(await faultsOf(guardian.page)).toEqual([])
    expect((await authorize(node, scene.partner, 'C1')).status).toBe(403)
    await officer.open('/governance/consents')
    await officer.page.getByLabel('Id of the person').fill('C1')
    await officer.press('Look up')
    await officer.page.getByText('Any use at all').waitFor()
    expect(await faultsOf(officer.page)).toEqual([])
    await guardian.page.getByRole('button', { name: 'Allow this again' }).click()
    await guardian.page.getByText('You have not objected to anything').waitFor()
    expect((await authorize(node, scene.partner, 'C1')).status).toBe(200)
  })

  it('a person asks for a restriction and sees the clock; an officer answers from the queue, and nothing leaves any more', async () => {
    const { page } = guardian
    await guardian.open('/me/requests')
    await page.getByLabel('I ask for').selectOption('restriction')
    await page.getByLabel('In your own words').fill('My address is disputed.')
    await page.getByRole('button', { name: 'Send the request' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('The clock runs from now').waitFor()
    await page
      .getByRole('article')
      .getByText(/You will be answered by/)
      .waitFor()
    expect(await faultsOf(page)).toEqual([])
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download my data' }).click()
    expect((await download).suggestedFilename()).toBe('my-data.json')

    await officer.open('/governance/requests')
    const card = officer.page.getByRole('article', { name: /Restriction/ })
    await card.getByText('My address is disputed.').waitFor()
    expect(await faultsOf(officer.page)).toEqual([])
    for (const [label, confirm] of [
      ['Identified', 'Yes, it is the person'],
      ['Begin', 'Begin'],
    ] as const) {
      await card.getByRole('button', { name: label, exact: true }).click()
      await officer.page.getByRole('dialog').getByRole('button', { name: confirm, exact: true }).click()
      await officer.page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await card.getByRole('button', { name: 'Answer', exact: true }).click()
    await officer.page.getByRole('dialog').getByLabel('Answer').fill('Until the address is clear.')
    await officer.press('Answer the person')
    await officer.page.getByText('Nobody waits for an answer').waitFor()
    expect((await authorize(node, scene.partner, 'C1')).status).toBe(403)
    await page.reload()
    await page.getByText('The answer: Until the address is clear.').waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  it('none of it threw, or broke the page’s own policy', () => {
    expect([...officer.complaints, ...guardian.complaints]).toEqual([])
  })
})
