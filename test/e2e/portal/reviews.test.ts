/** The review desk in a real browser: an author asks, reviewers are told, judge alone and by keyboard, and the last vote does it. */
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from '../node.ts'
import { addPartner, importPeople, member, officer, policyDocument } from '../scenario.ts'
import { addAccount, addPerson, faultsOf, missing, openBrowser, signIn, skipped, type Visit, visit } from './browser.ts'

const patience = { timeout: 15_000 }
const shots = process.env.GATEHOUSE_TEST_SHOTS

describe.skipIf(missing.length > 0)(`the review desk in the portal${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let clerk: Awaited<ReturnType<typeof officer>>
  let olive: Visit
  let peter: Visit
  let rosa: Visit

  beforeAll(async () => {
    node = await startInCluster()
    await importPeople(node)
    await addPartner(node, 'northwind-bank')
    const rule = {
      params: { path: { kind: 'policy_publication' as const } },
      body: { panels: [{ kind: 'role' as const, id: 'officer', quorum: 2 }], deadline_days: 14, demanded: true },
    }
    browser = await openBrowser()
    olive = await visit(browser, node)
    peter = await visit(browser, node)
    rosa = await visit(browser, node, { width: 390, colorScheme: 'dark', locale: 'es-MX' })
    await signIn(olive, await addAccount(node, 'olive@example.org', 'officer'))
    await signIn(peter, await addAccount(node, 'peter@example.org', 'officer'))
    const rosas = await addAccount(node, 'rosa@example.org', 'officer')
    await rosa.open('/sign-in')
    await rosa.page.getByRole('textbox').first().fill(rosas.email)
    await rosa.page.locator('input[type=password]').fill(rosas.password)
    await rosa.page.locator('button[type=submit]').click()
    await rosa.page.getByRole('heading', { level: 1 }).waitFor()
    clerk = await officer(node)
    must(await clerk.PUT('/v1/review-rules/{kind}', rule))
    must(await node.operator.PUT('/v1/review-rules/{kind}', rule))
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  const shot = async ({ page }: Visit, name: string) => {
    if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
  }
  const sound = async (who: Visit) => expect(await faultsOf(who.page)).toEqual([])

  it('is nothing for a person concerned, whose inbox is the own', async () => {
    const ada = await visit(browser, node)
    await signIn(ada, await addPerson(node, clerk, 'C1', 'ada@example.org'))
    await ada.open('/governance/reviews')
    await ada.heading('There is no such page')
    await ada.open('/me')
    await ada.page.getByRole('link', { name: /^Inbox, / }).click()
    await ada.heading('Inbox')
    await ada.page.getByRole('link', { name: 'Preferences' }).click()
    await ada.heading('What you are told by mail')
    await ada.page.getByLabel('My consents').first().waitFor()
    expect(await ada.page.getByLabel('A review waits for my vote').count()).toBe(0)
    await sound(ada)
    await ada.context.close()
  })

  it('an author asks where the institution demands it, and the reviewers hear of it at once', async () => {
    const made = must(await node.operator.POST('/v1/policies', { body: { document: policyDocument('reviewed', 'northwind-bank') } }))
    await olive.open(`/governance/policies/${made.policy}`)
    await olive.heading('Service provision')
    expect(await olive.page.getByRole('button', { name: 'Publish version 1' }).count()).toBe(0)
    await olive.open('/governance/reviews')
    await olive.heading('Review desk')
    await olive.page.getByText('Nothing waits for you').waitFor()
    await sound(olive)
    await olive.open(`/governance/policies/${made.policy}`)
    await peter.open('/governance/reviews')
    await peter.heading('Review desk')
    await olive.press('Ask for a review')
    await olive.press('Ask for the review')
    await olive.page.getByRole('link', { name: 'Open the review' }).click()
    await olive.heading('Publication of a policy')
    await olive.page.getByText('It is with the reviewers').waitFor()
    await sound(olive)
    await shot(olive, 'author')
    // Neither has touched anything since.
    await peter.page.getByRole('link', { name: 'Inbox, one unread' }).waitFor(patience)
    await peter.page.getByRole('row', { name: /Publication of a policy/ }).waitFor(patience)
    await sound(peter)
    await shot(peter, 'desk')
  })

  it('a reviewer judges by keyboard alone, and nobody sees how', async () => {
    const { page } = peter
    await page.getByRole('link', { name: 'Inbox, one unread' }).focus()
    await page.keyboard.press('Enter')
    await peter.heading('Inbox')
    await sound(peter)
    await shot(peter, 'inbox')
    await page.keyboard.press('j')
    await page.waitForFunction(() => document.activeElement?.closest('tr') !== null)
    await page.keyboard.press('Enter')
    await peter.heading('Publication of a policy')
    await page.getByText('Your vote is waited for').waitFor()
    await page.getByText('northwind-bank may receive customer').first().waitFor()
    await sound(peter)
    await shot(peter, 'review')
    await page.getByRole('radio', { name: 'Approve' }).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByText('You have voted').waitFor()
    await page.getByText('Author too').click()
    await page.getByRole('textbox', { name: 'Say something' }).fill('The third field is too much.')
    await page.getByRole('button', { name: 'Say it' }).press('Enter')
    await page.getByText('The third field is too much.').first().waitFor()
    await page.getByRole('link', { name: 'Inbox, 0 unread' }).waitFor(patience)
    await olive.page.getByText('Hidden until all are in').waitFor(patience)
    expect(await olive.page.getByText('The third field is too much.').count()).toBe(0)
  })

  it('on a phone, dark and in Spanish, the second vote opens both, and agreement puts it in force', async () => {
    const { page } = rosa
    await rosa.open('/governance/reviews')
    await rosa.heading('Mesa de revisión')
    await page.getByRole('row', { name: /Publicación de una política/ }).waitFor(patience)
    await sound(rosa)
    await shot(rosa, 'phone-desk')
    await page.getByRole('row', { name: /Publicación de una política/ }).click()
    await rosa.heading('Publicación de una política')
    await page.getByRole('radio', { name: 'Aprobar' }).check()
    await sound(rosa)
    await shot(rosa, 'phone-review')
    await rosa.press('Votar')
    await page.getByText('Están todos los votos, y difieren').waitFor(patience)
    await page.getByText('The third field is too much.').waitFor(patience)
    await sound(rosa)
    await shot(rosa, 'phone-differ')
    // The other hears of it without touching anything.
    await peter.page.getByText('All votes are in, and they differ').waitFor(patience)
    await shot(peter, 'differ')
    await peter.page.getByRole('radio', { name: 'Approve' }).check()
    await peter.press('Change the vote')
    await peter.page.getByText('It is approved').first().waitFor(patience)
    await sound(peter)
    await olive.page.getByText('It is approved').first().waitFor(patience)
    const policy = must(await node.operator.GET('/v1/policies/{policy}', { params: { path: { policy: 'reviewed' } } }))
    expect(policy.versions[0]).toMatchObject({ state: 'active' })
  })

  it('an emergency right is told of at once and judged, and a rule is asked for by one and set by two', async () => {
    const { page, open, press, heading } = peter
    const custodian = await member(node, 'data_custodian', 'cora@example.org')
    const reason = 'The treating physician cannot be reached'
    must(await custodian.POST('/v1/emergencies', { body: { area: 'staff_read', action: 'read', purpose: 'dpv:VitalInterest', reason, minutes: 20 } }))
    await page.getByRole('link', { name: /^Inbox, one unread/ }).waitFor(patience)
    await open('/governance/reviews')
    await heading('Review desk')
    await page.getByText(reason).waitFor()
    await sound(peter)
    await shot(peter, 'emergency')
    await press('Not justified')
    await page.getByRole('dialog').getByRole('button', { name: 'Not justified' }).click()
    await page.getByText(reason).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Rules' }).click()
    await heading('Rules of reviews')
    await page.getByLabel('Days until the deadline').first().fill('10')
    await sound(peter)
    await shot(peter, 'rules')
    await page.getByRole('region', { name: 'Publication of a policy' }).getByRole('button', { name: 'Set the rule' }).click()
    await page.getByText('A second person has to ask for the same.').first().waitFor()
    const { data } = must(await node.operator.GET('/v1/review-rules'))
    expect(data.find(({ kind }) => kind === 'policy_publication')).toMatchObject({ deadline_days: 14 })
  })

  it('a seat is handed to a colleague, shown, and taken back', async () => {
    const { page, open, press, heading } = peter
    await open('/governance/reviews')
    await heading('Review desk')
    await press('Hand over my seat')
    await page.getByRole('combobox', { name: 'To' }).click()
    await page.getByRole('option').first().click()
    await sound(peter)
    await shot(peter, 'hand-over')
    await press('Hand over')
    await page.getByText('votes in your place').waitFor()
    await sound(peter)
    await shot(peter, 'handed')
    await press('Take it back')
    await page.getByText('votes in your place').waitFor({ state: 'detached' })
    await page.getByText('Asked by me').click()
    await page.getByText('You have asked for no review that is open').waitFor()
    for (const who of [olive, peter, rosa]) expect(who.complaints).toEqual([])
  })
})
