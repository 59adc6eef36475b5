/** The exchange in a real browser: what left and why, a record read by staff and kept nowhere, and a receiver that is told. */
import { readFile } from 'node:fs/promises'
import { must } from '@gatehouse/sdk/client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Receiver, startReceiver } from '../../../modules/exchange/webhooks/testing/receiver.ts'
import { type NodeProcess, startInCluster, until } from '../node.ts'
import { type Authorized, arrange, authorize, policyDocument, publishPolicy, redeem, type Scenario } from '../scenario.ts'
import { addAccount, addPerson, faultsOf, hostile, missing, openBrowser, signIn, skipped, somethingRan, type Visit, visit } from './browser.ts'

const staffPolicy = {
  ...policyDocument('staff-reads', 'staff'),
  permission: [
    {
      uid: 'care',
      action: 'read',
      target: 'customer',
      purpose: ['dpv:CustomerCare'],
      legal_basis: { basis: 'eu-gdpr:A6-1-f', law: 'Answering customers' },
      fields: { given_name: { mask: 'keep' }, email: { mask: 'email' } },
    },
  ],
}

describe.skipIf(missing.length > 0)(`the exchange in the portal${skipped}`, () => {
  let receiver: Receiver
  let node: NodeProcess
  let browser: Browser
  let scene: Scenario
  let officer: Visit
  let administrator: Visit
  let page: Page
  let delivered: Authorized
  let open: Authorized

  beforeAll(async () => {
    receiver = await startReceiver()
    node = await startInCluster({ environment: { GATEHOUSE_EGRESS_ALLOW: '127.0.0.1' } })
    scene = await arrange(node)
    await publishPolicy(node, scene.officer, staffPolicy)
    must(await node.operator.PATCH('/v1/partners/{partner}', { params: { path: { partner: scene.partner.id } }, body: { name: hostile[0] } }))
    delivered = (await authorize(node, scene.partner, 'C1')).body
    await redeem(node, delivered.token)
    const path = { params: { path: { release: delivered.release_id } } }
    await until(async () => must(await node.operator.GET('/v1/releases/{release}', path)).state === 'delivered')
    await redeem(node, delivered.token)
    open = (await authorize(node, scene.partner, 'C2')).body
    browser = await openBrowser()
    ;[officer, administrator] = [await visit(browser, node), await visit(browser, node)]
    page = officer.page
    await signIn(officer, await addAccount(node, 'grace@example.org', 'officer'))
    await signIn(administrator, await addAccount(node, 'mary@example.org', 'administrator'))
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
    await receiver?.close()
  })

  it('does not exist for whoever has no right to it, whatever address is typed', async () => {
    await administrator.open('/exchange/records')
    await administrator.heading('There is no such page')
    await officer.open('/exchange/webhooks/new')
    await officer.heading('There is no such page')
    const person = await visit(browser, node)
    await signIn(person, await addPerson(node, scene.officer, 'C1', 'ada@example.org'))
    for (const path of ['/exchange/releases', `/exchange/releases/${delivered.release_id}`, '/exchange/webhooks']) {
      await person.open(path)
      await person.heading('There is no such page')
    }
    await person.context.close()
  })

  it('tells a release from the request to the delivery, what left, and why', async () => {
    await officer.open(`/exchange/releases/${delivered.release_id}`)
    const course = page.getByRole('list', { name: 'Course' })
    await course.getByText('Delivery closed').waitFor()
    const steps = await course.getByRole('listitem').allTextContents()
    expect(steps.map((step) => /^(Release asked for|Token redeemed|Delivery closed)/.exec(step)?.[0])).toEqual([
      'Release asked for',
      'Token redeemed',
      'Delivery closed',
      'Token redeemed',
    ])
    expect(steps[0]).toContain('Permitted')
    expect(steps[1]).toContain('after the step before')
    expect(steps[2]).toMatch(/\d+ bytes/)
    expect(steps[3]).toContain('Refused')
    await page.getByText(hostile[0]).first().waitFor()
    await page.getByRole('row', { name: /given_name As it is/ }).waitFor()
    await page.getByRole('row', { name: /date_of_birth Date, less exact/ }).waitFor()
    await page.getByText('northwind-service/serve').waitFor()
    await page
      .getByText(/consent \(GDPR Art/)
      .first()
      .waitFor()
    expect(await somethingRan(page)).toBe(false)
  })

  it('lets the evidence be taken away, and verifies it here', async () => {
    await officer.open(`/exchange/releases/${delivered.release_id}`)
    const [file] = await Promise.all([page.waitForEvent('download'), officer.press('Download evidence')])
    expect(JSON.parse(await readFile(await file.path(), 'utf8'))).toMatchObject({ format: 'gatehouse-evidence/v2' })
    await page.getByRole('tab', { name: 'Evidence' }).click()
    await page.getByText('Verified here, in your browser').waitFor()
  })

  it('cancels a release whose token is still out, and says what follows first', async () => {
    await officer.open(`/exchange/releases/${open.release_id}`)
    await officer.press('Cancel release')
    await page.getByRole('dialog').getByText('The token stops working at once').waitFor()
    await officer.press('Cancel the release')
    await page.getByText('Release cancelled').waitFor()
    expect((await redeem(node, open.token)).status).toBe(403)
  })

  it('shows a record to staff for a stated purpose, and keeps nothing of it', async () => {
    const fields = async (purpose: string) => {
      await page.getByLabel('Id by which the institution knows the person').fill('C1')
      await page
        .getByLabel(/^Purpose/)
        .first()
        .fill(purpose)
      await page.keyboard.press('Escape')
      await officer.press('Read the record')
    }
    await officer.open('/exchange/records')
    await fields('dpv:Marketing')
    await page.getByRole('alert').waitFor()
    await fields('dpv:CustomerCare')
    await page.getByRole('row', { name: 'given_name Ada As it is' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    expect(page.url()).not.toContain('C1')
    await page.getByRole('link', { name: 'Home' }).click()
    await officer.heading(/Welcome|Home/)
    await page.goBack()
    await officer.heading('Read a record')
    expect(await page.getByText('Ada', { exact: true }).count()).toBe(0)
    expect(await page.getByLabel('Id by which the institution knows the person').inputValue()).toBe('')
    expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]))).not.toMatch(/Ada|"C1"/)
  })

  it('creates a webhook whose secret is seen once, tries it on a real receiver, repeats, pauses and deletes it', async () => {
    const { page: desk, press, heading } = administrator
    await administrator.open('/exchange/webhooks/new')
    await desk.getByLabel('Address').fill('https://not-allowed.example.org/hook')
    await press('Create the webhook')
    await desk.getByRole('alert').waitFor()
    await desk.getByLabel('Address').fill(receiver.url)
    await press('Create the webhook')
    const secret = await desk.getByText(/^whsec_/).textContent()
    expect(secret).toMatch(/^whsec_\S{40,}$/)
    await desk.getByRole('dialog').getByRole('button').last().click()
    await heading(/^Webhook/)
    expect(await desk.content()).not.toContain(secret ?? '')
    await press('Send a test event')
    await until(() => receiver.received.length === 1, 20_000)
    await desk.getByRole('row', { name: /webhooks.ping Delivered/ }).waitFor({ timeout: 20_000 })
    await press('Send again')
    await until(() => receiver.received.length === 2, 20_000)
    expect(receiver.received[1]?.headers['webhook-id']).toBe(receiver.received[0]?.headers['webhook-id'])
    await press('New secret')
    await press('Make a new secret')
    await desk.getByText(/^whsec_/).waitFor()
    await desk.getByRole('dialog').getByRole('button').last().click()
    await press('Pause')
    await desk.getByText('Paused', { exact: true }).waitFor()
    await press('Make active')
    await press('Delete')
    await press('Delete the webhook')
    await heading('Webhooks')
    await desk.getByText('Nobody is told').waitFor()
  })

  it.each([
    ['an officer', 390, 'dark'],
    ['an officer', 1440, 'light'],
    ['an administrator', 390, 'light'],
    ['an administrator', 1440, 'dark'],
  ] as const)('reads well for %s at %i pixels in %s colours', async (name, width, colorScheme) => {
    const [who, paths] =
      name === 'an officer'
        ? [officer, ['/exchange/releases', `/exchange/releases/${delivered.release_id}`, '/exchange/records']]
        : [administrator, ['/exchange/webhooks', '/exchange/webhooks/new', '/administration/health']]
    await who.page.setViewportSize({ width, height: 844 })
    await who.page.emulateMedia({ colorScheme })
    for (const path of paths) {
      await who.open(path)
      await who.page.getByRole('heading', { level: 1 }).waitFor()
      await until(async () => (await who.page.getByRole('status', { name: 'Loading' }).count()) === 0)
      expect(await faultsOf(who.page), path).toEqual([])
    }
  })

  it('never ran what it was given, nor broke its own policy', async () => {
    for (const who of [officer, administrator]) {
      expect(await somethingRan(who.page)).toBe(false)
      expect(who.complaints).toEqual([])
    }
  })
})
