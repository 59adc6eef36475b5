/** Accounts in a real browser: invited, given other roles, put out, and ended from elsewhere while a page is open. */
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from '../node.ts'
import { addPartner, giveConsent, importPeople, recordType } from '../scenario.ts'
import { type Account, addAccount, faultsOf, hostile, missing, openBrowser, signIn, skipped, somethingRan, type Visit, visit } from './browser.ts'

describe.skipIf(missing.length > 0)(`people${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let admin: Visit
  let officer: Visit
  let invited: Visit
  const account: Account = { email: 'ines@example.org', password: 'six plain toads wait' }

  beforeAll(async () => {
    node = await startInCluster()
    await importPeople(node)
    await addPartner(node, 'northwind-bank')
    await giveConsent(node, 'C1', 'northwind-bank')
    browser = await openBrowser()
    admin = await visit(browser, node)
    officer = await visit(browser, node)
    await signIn(admin, await addAccount(node, 'admin@example.org', 'administrator'))
    await signIn(officer, await addAccount(node, 'officer@example.org', 'officer'))
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  const settled = async ({ page }: Visit) => {
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page
      .getByLabel(/^(Loading|Drawing)$/)
      .first()
      .waitFor({ state: 'detached' })
  }
  const userPage = async (tab = '') => {
    const { data } = must(await node.operator.GET('/v1/users', { params: { query: { role: 'auditor' } } }))
    return `/governance/people/${data[0]?.id}${tab}`
  }

  it('are invited with a link that is shown once, and choose their own password', async () => {
    const { page, open, press } = admin
    await open('/governance/people')
    await press('Invite somebody')
    await page.getByLabel('Name').fill(hostile[0])
    await page.getByLabel('E-mail address').fill(account.email)
    expect(await page.getByRole('button', { name: 'Make the invitation' }).isDisabled()).toBe(true)
    await page.getByRole('checkbox', { name: 'Auditor' }).check()
    expect(await faultsOf(page)).toEqual([])
    await press('Make the invitation')
    const link = ((await page.getByRole('region', { name: 'One-time link' }).textContent()) ?? '').trim()
    await press('I have kept it')
    await page.getByText(hostile[0]).waitFor()

    invited = await visit(browser, node)
    await invited.page.goto(link)
    await invited.page.getByRole('textbox', { name: 'Password' }).fill(account.password)
    await invited.press('Set password and sign in')
    await invited.heading(/Welcome/)
    for (const visitor of [admin, invited]) expect(await somethingRan(visitor.page)).toBe(false)
  })

  it('see what their roles open: an auditor looks, an officer does not come to accounts', async () => {
    await invited.open('/governance/people')
    await invited.heading('People')
    expect(await invited.page.getByRole('button', { name: 'Invite somebody' }).count()).toBe(0)
    for (const [visitor, path] of [
      [invited, '/administration/settings'],
      [invited, '/governance/persons'],
      [officer, '/governance/people'],
      [officer, '/administration/api-keys'],
      [officer, '/me'],
      [admin, '/governance/consents'],
    ] as const) {
      await visitor.open(path)
      await visitor.heading('There is no such page')
    }
  })

  it('are out within about a second when their session is ended elsewhere, with the page they look at', async () => {
    const stream = invited.page.waitForResponse(/\/v1\/logs\/stream/)
    await invited.open('/governance/people')
    await stream
    await admin.open(await userPage('?tab=sessions'))
    await admin.press('End')
    await admin.page.getByText('its open pages lead to the sign-in').waitFor()
    const out = invited.page.waitForURL(({ pathname }) => pathname === '/sign-in', { timeout: 5_000 })
    await admin.press('End the session')
    const began = performance.now()
    await out
    expect(performance.now() - began).toBeLessThan(2_000)
    await admin.page.getByText('There is no open session').waitFor()
  })

  it('see where they are signed in, and end it from another device', async () => {
    await signIn(invited, account)
    const phone = await visit(browser, node, { width: 390 })
    await signIn(phone, account)
    await phone.page.getByRole('button', { name: /^Account of/ }).click()
    await phone.page.getByRole('menuitem', { name: 'Where you are signed in' }).click()
    await phone.heading('Where you are signed in')
    await phone.page.getByText('This one').waitFor()
    expect(await faultsOf(phone.page)).toEqual([])
    await phone.press('End')
    await phone.press('End the session')
    await invited.heading('Sign in')
    await phone.page.getByRole('button', { name: 'End', exact: true }).waitFor({ state: 'detached' })
    expect(phone.complaints).toEqual([])
  })

  it('are given other roles, and are disabled', async () => {
    const { page, open, press } = admin
    await open(await userPage())
    await press('Change roles')
    await page.getByRole('checkbox', { name: 'Data officer' }).check()
    await page.getByRole('dialog').getByRole('button', { name: 'Change the roles' }).click()
    await page.getByText('Data officer and Auditor').waitFor()
    await press('Disable')
    await press('Disable the account')
    await page.getByText('Disabled', { exact: true }).waitFor()
    await invited.open('/sign-in')
    await invited.page.getByLabel('E-mail address').fill(account.email)
    await invited.page.getByRole('textbox', { name: 'Password' }).fill(account.password)
    await invited.press('Sign in')
    await invited.page.getByRole('alert').waitFor()
  })

  it('change the institution’s settings, and are told when somebody else was quicker', async () => {
    const { page, open, press } = admin
    await open('/administration/settings')
    await page.getByLabel('Name of the institution').fill(hostile[1])
    await page.getByRole('checkbox', { name: 'Sat' }).check()
    await press('Save')
    await page.getByText('The settings are saved').waitFor()
    must(await node.operator.PATCH('/v1/tenant', { body: { name: 'Harbour Trust' } }))
    await page.getByLabel('Name of the institution').fill('Mine')
    await press('Save')
    await page.getByText('Somebody else changed the settings').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await press('Read them anew')
    await page.waitForFunction(() => document.querySelector('input')?.value === 'Harbour Trust')
    expect(await page.getByRole('checkbox', { name: 'Sat' }).isChecked()).toBe(true)
    expect(await somethingRan(page)).toBe(false)
  })

  it('look up the consents of a person without an id in any address, give one and withdraw it', async () => {
    const { page, open, press } = officer
    const addresses: string[] = []
    page.on('request', (request) => addresses.push(request.url()))
    await open('/governance/consents')
    await page.getByLabel('Id of the person').fill('C1')
    await press('Look up')
    await page.getByText('One consent', { exact: true }).waitFor()
    await press('Record a consent')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Id of the person').fill('C1')
    const choose = async (label: string, typed: string, option: RegExp) => {
      await dialog.getByRole('combobox', { name: label }).click()
      await page.keyboard.type(typed)
      await page.getByRole('option', { name: option }).first().click()
      await page.keyboard.press('Tab')
    }
    await choose('Purposes', 'dpv:Marketing', /\(dpv:Marketing\)/)
    await choose('Recipients', 'north', /northwind/)
    await choose('Record types', recordType, new RegExp(recordType))
    await dialog.getByLabel('Where the proof lies').fill(hostile[0])
    expect(await faultsOf(page)).toEqual([])
    await press('Record the consent')
    await dialog.getByText('The consent is recorded').waitFor()
    const receipt = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Download the receipt' }).click()
    expect((await receipt).suggestedFilename()).toMatch(/^consent-receipt-[0-9a-f]{8}\.json$/)
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await page.getByText('2 consents').waitFor()
    const card = page.getByRole('article').filter({ hasText: hostile[0] })
    await card.getByRole('button', { name: 'Withdraw' }).click()
    await press('Withdraw the consent')
    await card.getByText('Withdrawn', { exact: true }).first().waitFor()
    // Names of assets hold letters and digits of their own.
    expect(addresses.filter((address) => !address.includes('/assets/') && address.includes('C1'))).toEqual([])
    expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, location.href]))).not.toContain('C1')
    expect(await somethingRan(page)).toBe(false)
  })

  it.each([
    ['light', 390],
    ['dark', 1440],
  ] as const)('read well in %s colours at %i pixels', async (colorScheme, width) => {
    const pages: readonly (readonly [Visit, string])[] = [
      [admin, '/governance/people'],
      [admin, await userPage()],
      [admin, await userPage('?tab=sessions')],
      [admin, '/administration/api-keys'],
      [admin, '/administration/settings'],
      [officer, '/governance/consents'],
      [officer, '/governance/persons'],
    ]
    for (const [visitor, path] of pages) {
      await visitor.page.emulateMedia({ colorScheme })
      await visitor.page.setViewportSize({ width, height: 844 })
      await visitor.open(path)
      await settled(visitor)
      expect(await faultsOf(visitor.page), `${path} at ${width}`).toEqual([])
    }
  })

  it('never broke a rule of the page’s own policy, nor threw', () => {
    expect([...admin.complaints, ...officer.complaints, ...invited.complaints]).toEqual([])
  })
})
