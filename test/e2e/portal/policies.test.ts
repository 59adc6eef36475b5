/** Policies in a real browser: one officer writes, tries and saves, another looks and approves, and nobody overwrites anybody. */
import { must } from '@gatehouse/sdk/client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from '../node.ts'
import { addPartner, importPeople, officer, policyDocument } from '../scenario.ts'
import { type Account, addAccount, addPerson, faultsOf, hostile, missing, openBrowser, signIn, skipped, somethingRan, type Visit, visit } from './browser.ts'

const widths = [
  [1440, 'light'],
  [390, 'dark'],
] as const

/** The page waits for a pause in typing before it asks the node. */
const patience = { timeout: 10_000 }

describe.skipIf(missing.length > 0)(`policies in the portal${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let olive: Visit
  let peter: Visit
  let audra: Account
  let adam: Account

  beforeAll(async () => {
    node = await startInCluster()
    await importPeople(node)
    await addPartner(node, 'northwind-bank')
    browser = await openBrowser()
    ;[olive, peter] = [await visit(browser, node), await visit(browser, node)]
    await signIn(olive, await addAccount(node, 'olive@example.org', 'officer'))
    await signIn(peter, await addAccount(node, 'peter@example.org', 'officer'))
    audra = await addAccount(node, 'audra@example.org', 'auditor')
    adam = await addAccount(node, 'adam@example.org', 'administrator')
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  /** A policy of one version, straight through the API. */
  const aPolicy = async (uid: string, changes: object = {}): Promise<string> => {
    const made = must(await node.operator.POST('/v1/policies', { body: { document: { ...policyDocument(uid, 'northwind-bank'), ...changes } } }))
    return made.policy
  }
  const step = (page: Page, name: string) => page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name }).click()
  const sound = (page: Page) => page.getByText('Without fault').waitFor()
  const begin = async ({ page, open, heading, press }: Visit, uid: string) => {
    await open('/governance/policies/new')
    await heading('New policy')
    await page.getByRole('radio', { name: /Loan application/ }).click()
    await page.getByLabel('Who receives').first().fill('northwind-bank')
    await page.getByLabel('Record type').first().fill('customer')
    await page.getByLabel('Name for programs').fill(uid)
    await press('Make a draft of it')
    await sound(page)
  }
  const afterOf = (page: Page, field: string) => page.locator('table.tried').first().getByRole('row', { name: field }).getByRole('cell').nth(1)

  it('does not exist for whoever has no right to it, and shows no way to change it to whoever may only look', async () => {
    const policy = await aPolicy('looked-at')
    const [stranger, auditor, administrator] = [await visit(browser, node), await visit(browser, node), await visit(browser, node)]
    await signIn(stranger, await addPerson(node, await officer(node), 'C1', 'ada@example.org'))
    for (const path of ['policies', `policies/${policy}`, 'policies/new', `policies/${policy}/edit`, 'purposes', 'approvals', `approvals/${policy}`]) {
      await stranger.open(`/governance/${path}`)
      await stranger.heading('There is no such page')
    }
    for (const [who, account] of [
      [auditor, audra],
      [administrator, adam],
    ] as const) {
      await signIn(who, account)
      await who.open(`/governance/policies/${policy}`)
      await who.heading('Service provision')
      await who.page.getByText('northwind-bank may receive customer').waitFor()
      for (const name of ['Edit', 'Retire', 'Publish version 1'])
        expect(await who.page.getByRole('button', { name }).or(who.page.getByRole('link', { name })).count()).toBe(0)
      expect(await who.page.getByRole('tab', { name: 'Try' }).count()).toBe(0)
      await who.open('/governance/purposes')
      await who.heading('Purposes')
      expect(await who.page.getByRole('button', { name: 'Add' }).count()).toBe(0)
      for (const path of ['policies/new', `policies/${policy}/edit`]) {
        await who.open(`/governance/${path}`)
        await who.heading('There is no such page')
      }
    }
    for (const who of [stranger, auditor, administrator]) {
      expect(who.complaints).toEqual([])
      await who.context.close()
    }
  })

  it.each(widths)(
    'is written with the wizard, tried and saved at %i pixels in %s colours',
    async (width, colorScheme) => {
      const { page, press, heading } = olive
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme })
      await begin(olive, `loans-${width}`)
      expect(await faultsOf(page)).toEqual([])
      await step(page, 'Fields')
      await page.getByRole('combobox', { name: 'What becomes of family_name' }).click()
      await page.getByRole('option', { name: 'First and last characters' }).click()
      await expect.poll(() => afterOf(page, 'family_name').textContent(), patience).toContain('E******')
      await page.getByRole('textbox', { name: 'family_name in record 1, before' }).fill('Quixote')
      await expect.poll(() => afterOf(page, 'family_name').textContent(), patience).toContain('Q******')
      expect(await afterOf(page, 'annual_income').textContent()).toContain('Left out')
      expect(await faultsOf(page)).toEqual([])
      await step(page, 'Limits and duties')
      await page.getByRole('checkbox', { name: 'Inform the person' }).check()
      await page.getByText('The person is informed within 30 days.').waitFor()
      expect(await faultsOf(page)).toEqual([])
      await step(page, 'Try and save')
      await page.getByText('Would be released').waitFor()
      expect(await faultsOf(page)).toEqual([])
      await press('Save the policy')
      await heading('Loan application')
      await page.getByText('Version 1 is a draft').waitFor()
      expect(await faultsOf(page)).toEqual([])
      expect(page.url()).not.toContain('Quixote')
      expect(olive.complaints).toEqual([])
    },
    60_000,
  )

  it('tells what is wrong where it is, in the form and in the JSON that are one document', async () => {
    const { page } = olive
    await page.setViewportSize({ width: 1440, height: 900 })
    await begin(olive, 'faulty')
    await page.getByLabel('Law, contract or interest').fill('')
    await page.getByText('a basis other than consent names the law').first().waitFor()
    expect(await page.getByRole('button', { name: /Who and why.*something is to be mended/ }).count()).toBe(1)
    await page.getByText('JSON', { exact: true }).click()
    const json = page.getByRole('textbox', { name: "The policy's document" })
    const text = JSON.parse(await json.inputValue()) as { permission: { fields: Record<string, object> }[] }
    expect(text.permission[0]).not.toHaveProperty('legal_basis.law')
    await json.fill(JSON.stringify({ ...text, title: 'From the JSON view', permission: [{ ...text.permission[0], legal_basis: { basis: 'dpv:Consent' } }] }))
    await sound(page)
    await page.getByText('Form', { exact: true }).click()
    expect(await page.getByRole('textbox', { name: 'Title' }).first().inputValue()).toBe('From the JSON view')
    await page.getByText('JSON', { exact: true }).click()
    await json.fill('{ "uid": ')
    await page.getByRole('button', { name: /Line 1/ }).waitFor()
    await page.getByText('Form', { exact: true }).click()
    await page.getByText('it cannot be shown as a form').waitFor()
    // What is not saved is not left behind without a question.
    await page.getByRole('navigation').getByRole('link', { name: 'Purposes' }).click()
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await olive.press('Leave and lose it')
    await olive.heading('Purposes')
  })

  it.each(widths)(
    'is put in force by a second person who saw exactly what was asked, at %i pixels in %s colours',
    async (width, colorScheme) => {
      const uid = `published-${width}`
      const policy = await aPolicy(uid)
      for (const { page } of [olive, peter]) {
        await page.setViewportSize({ width, height: 900 })
        await page.emulateMedia({ colorScheme })
      }
      await olive.open(`/governance/policies/${policy}`)
      await olive.press('Publish version 1')
      await olive.press('Ask for it')
      await olive.page.getByText('Version 1 waits for a second person').waitFor()
      await olive.page.getByRole('link', { name: 'Look at the request' }).click()
      await olive.page.getByText('You asked for this. Now somebody else').waitFor()
      expect(await olive.page.getByRole('button', { name: 'Approve and publish' }).count()).toBe(0)
      expect(await faultsOf(olive.page)).toEqual([])

      await peter.open('/governance/approvals')
      await peter.heading('Approvals')
      await peter.page
        .getByRole('link', { name: /Put version 1 of/ })
        .first()
        .waitFor()
      expect(await faultsOf(peter.page)).toEqual([])
      await peter.page
        .getByRole('link', { name: /Put version 1 of/ })
        .first()
        .click()
      await peter.page.getByText('it is the one that was asked for').waitFor()
      await peter.page.getByText('northwind-bank may receive customer').waitFor()
      expect(await faultsOf(peter.page)).toEqual([])
      await peter.press('Approve and publish')
      await peter.page.getByRole('dialog').getByRole('button', { name: 'Approve and publish' }).click()
      await peter.heading('Service provision')
      // The first officer's page hears of it by itself.
      await olive.heading('This does not wait any more')
      expect(must(await node.operator.GET('/v1/policies/{policy}', { params: { path: { policy } } })).versions[0]).toMatchObject({ state: 'active' })
    },
    60_000,
  )

  it('can be asked for and withdrawn, or turned down by somebody else', async () => {
    for (const [who, button, confirm] of [
      [olive, 'Withdraw my request', 'Withdraw the request'],
      [peter, 'Turn down', 'Turn the request down'],
    ] as const) {
      const policy = await aPolicy(`undone-${confirm.length}`)
      await olive.open(`/governance/policies/${policy}`)
      await olive.press('Publish version 1')
      await olive.press('Ask for it')
      await olive.page.getByRole('link', { name: 'Look at the request' }).click()
      await olive.page.waitForURL(/approvals\//)
      await who.page.goto(olive.page.url())
      await who.press(button)
      await who.press(confirm)
      await who.heading('Approvals')
      expect(must(await node.operator.GET('/v1/approvals')).data).toEqual([])
    }
  })

  it.each(widths)(
    'compares any two versions, and shows each as rules and as a document, at %i pixels in %s colours',
    async (width, colorScheme) => {
      const { page, open } = olive
      const policy = await aPolicy(`compared-${width}`)
      const document = policyDocument(`compared-${width}`, 'northwind-bank')
      const [rule] = document.permission
      const changed = { ...document, permission: [{ ...rule, fields: { given_name: { mask: 'keep' }, email: { mask: 'keep' } } }] }
      must(await node.operator.POST('/v1/policies/{policy}/versions', { params: { path: { policy } }, body: { document: changed } }))
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme })
      await open(`/governance/policies/${policy}?tab=compare`)
      await page.getByText('serve gives email as keep instead of email.').waitFor()
      await page.getByText('Lets out more').first().waitFor()
      await page.getByRole('region', { name: 'Line by line' }).waitFor()
      expect(await faultsOf(page)).toEqual([])
      await page.getByRole('tab', { name: 'Versions' }).click()
      await page.getByRole('link', { name: 'Version 1' }).click()
      await page.getByRole('heading', { name: 'Version 1' }).waitFor()
      await page.getByText('JSON', { exact: true }).click()
      await page.getByRole('region', { name: "The policy's document" }).waitFor()
      expect(await faultsOf(page)).toEqual([])
      await page.getByRole('tab', { name: 'Try' }).click()
      await page.getByText('Would be released').waitFor()
      expect(await faultsOf(page)).toEqual([])
    },
    60_000,
  )

  it('tells the second of two editors, shows both, and puts their changes together', async () => {
    const policy = await aPolicy('edited-by-two')
    for (const { page, open, heading } of [olive, peter]) {
      await page.setViewportSize({ width: 1440, height: 900 })
      await page.emulateMedia({ colorScheme: 'light' })
      await open(`/governance/policies/${policy}/edit`)
      await heading(/^Edit/)
    }
    await peter.page.getByRole('textbox', { name: 'What the rule is called' }).fill('Mine')
    await sound(peter.page)
    await olive.page.getByRole('textbox', { name: 'Title' }).first().fill('Theirs')
    await sound(olive.page)
    await step(olive.page, 'Try and save')
    await expect.poll(() => olive.page.getByRole('button', { name: 'Save as version 2' }).isEnabled(), patience).toBe(true)
    await olive.press('Save as version 2')
    // The page bears the old title until the new version has been read.
    await olive.heading(/^(Service provision|Theirs)$/)

    await peter.page.getByText('Somebody saved version 2 meanwhile').waitFor()
    await peter.page.getByRole('tab', { name: 'What you changed' }).click()
    await peter.page.getByText('"title": "Mine"').waitFor()
    expect(await faultsOf(peter.page)).toEqual([])
    await peter.press('Make my changes again on theirs')
    expect(await peter.page.getByRole('textbox', { name: 'Title' }).first().inputValue()).toBe('Theirs')
    expect(await peter.page.getByRole('textbox', { name: 'What the rule is called' }).inputValue()).toBe('Mine')
    await step(peter.page, 'Try and save')
    await expect.poll(() => peter.page.getByRole('button', { name: 'Save as version 3' }).isEnabled(), patience).toBe(true)
    await peter.press('Save as version 3')
    await peter.page.getByRole('heading', { name: 'Version 3' }).waitFor()
    const newest = must(await node.operator.GET('/v1/policies/{policy}/versions/{version}', { params: { path: { policy, version: 3 } } }))
    expect(newest.document).toMatchObject({ title: 'Theirs', permission: [{ title: 'Mine' }] })
  })

  it('is retired by one person, who is asked first', async () => {
    const policy = await aPolicy('retired')
    await olive.open(`/governance/policies/${policy}`)
    await olive.press('Retire')
    await olive.press('Retire the policy')
    await expect.poll(() => olive.page.getByRole('link', { name: 'Edit' }).count(), patience).toBe(0)
    await olive.page.getByText('Retired').first().waitFor()
  })

  it('takes whatever stands in titles and labels for text', async () => {
    const [title, ruleTitle, label] = hostile
    const policy = await aPolicy('hostile', {
      title,
      permission: [{ ...policyDocument('x', 'y').permission[0], title: ruleTitle, legal_basis: { basis: 'dpv:Contract', law: hostile[2] } }],
      prohibition: [{ uid: 'no', title: hostile[3], action: '*', target: '*', purpose: ['dpv:Marketing'] }],
    })
    must(await node.operator.POST('/v1/purposes', { body: { slug: 'odd', parent: 'dpv:Purpose', label } }))
    for (const path of [
      `policies/${policy}`,
      `policies/${policy}?tab=versions`,
      `policies/${policy}?tab=try`,
      `policies/${policy}/edit`,
      'policies',
      'purposes',
    ]) {
      await olive.open(`/governance/${path}`)
      await olive.page.getByRole('heading', { level: 1 }).waitFor()
      await olive.page
        .getByText(path.startsWith('purposes') ? label : title)
        .first()
        .waitFor()
      expect(await somethingRan(olive.page)).toBe(false)
    }
    expect(olive.complaints).toEqual([])
  })

  it.each(widths)(
    'finds purposes and adds one of its own, by keyboard alone, at %i pixels in %s colours',
    async (width, colorScheme) => {
      const { page, open, heading } = olive
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme })
      await open('/governance/purposes')
      await heading('Purposes')
      await page.getByRole('searchbox', { name: 'Search purposes' }).focus()
      await page.keyboard.type('loan service')
      const add = page.getByRole('button', { name: /^Add below Loan Service Provision/ }).first()
      await add.waitFor()
      expect(await faultsOf(page)).toEqual([])
      await add.focus()
      await page.keyboard.press('Enter')
      await page.getByRole('dialog', { name: 'Add a purpose' }).waitFor()
      expect(await faultsOf(page)).toEqual([])
      await page.getByRole('textbox', { name: 'What it is called' }).focus()
      await page.keyboard.type(`Loan for a house ${width}`)
      await page.keyboard.press('Enter')
      await page.getByText(`The purpose loan_for_a_house_${width} is added`).waitFor()
      await page.getByRole('searchbox', { name: 'Search purposes' }).fill('for a house')
      await page.getByText(`loan_for_a_house_${width}`).first().waitFor()
    },
    60_000,
  )

  it('never broke a rule of its own policy, nor threw', () => {
    expect([...olive.complaints, ...peter.complaints]).toEqual([])
  })
})
