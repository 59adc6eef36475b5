/** Where people work, in a real browser: institutions of the node, products and projects, boundaries. */
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from '../node.ts'
import { addAccount, faultsOf, hostile, missing, openBrowser, signIn, skipped, somethingRan, type Visit, visit } from './browser.ts'

describe.skipIf(missing.length > 0)(`where people work${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let admin: Visit

  beforeAll(async () => {
    node = await startInCluster()
    browser = await openBrowser()
    admin = await visit(browser, node)
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  /** Taken where somebody wants to look. */
  const picture = async ({ page }: Visit, name: string) => {
    const folder = process.env.GATEHOUSE_TEST_PICTURES
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
  }
  const alike = async (visitor: Visit, path: string, name: string) => {
    for (const [width, colorScheme] of [
      [390, 'dark'],
      [1440, 'light'],
    ] as const) {
      await visitor.page.emulateMedia({ colorScheme })
      await visitor.page.setViewportSize({ width, height: 900 })
      await visitor.open(path)
      await visitor.page.getByRole('heading', { level: 1 }).waitFor()
      await visitor.page
        .getByLabel(/^(Loading|Drawing)$/)
        .first()
        .waitFor({ state: 'detached' })
      expect(await faultsOf(visitor.page)).toEqual([])
      await picture(visitor, `${name}-${width}-${colorScheme}`)
    }
  }

  it('institutions: an appointed operator adds one, and its administrator comes by the link', async () => {
    const account = await addAccount(node, 'admin@example.org', 'administrator')
    await signIn(admin, account)
    await admin.open('/administration/institutions')
    await admin.heading('There is no such page')

    const { data } = must(await node.operator.GET('/v1/users'))
    must(await node.operator.PUT('/v1/operators/{user}', { params: { path: { user: data[0]?.id ?? '' } } }))
    await admin.context.clearCookies()
    await signIn(admin, account)
    const { page, open, press, heading } = admin
    await open('/administration/institutions')
    await heading('Institutions')
    await press('Add an institution')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(hostile[0])
    await page.getByLabel('Name in addresses').fill('lakeside-clinic')
    await page.getByLabel('Name of the first administrator').fill('Grace Hopper')
    await page.getByLabel('E-mail address').fill('grace@lakeside.example')
    expect(await faultsOf(page)).toEqual([])
    await press('Add the institution')
    const link = ((await page.getByRole('region', { name: 'One-time link' }).textContent()) ?? '').trim()
    await press('I have kept it')
    await page.getByText('Waits for its administrator').waitFor()
    await alike(admin, '/administration/institutions', 'institutions')
    const grace = await visit(browser, node)
    await grace.page.goto(link)
    await grace.page.getByRole('textbox', { name: 'Password' }).fill('six plain toads wait')
    await grace.press('Set password and sign in')
    await grace.page.getByRole('heading', { level: 1 }).waitFor()
    expect(await somethingRan(page)).toBe(false)
    expect([...admin.complaints, ...grace.complaints]).toEqual([])
  })

  it('projects: proposed, begun, joined, seen by its member alone, and ended', async () => {
    const { page, open, press, heading } = admin
    await page.setViewportSize({ width: 1440, height: 900 })
    const ines = await addAccount(node, 'ines@example.org', 'auditor')
    await open('/governance/projects')
    await press('Propose a project')
    await page.getByRole('textbox', { name: 'Title' }).fill('Falls of the elderly at home')
    await page.getByRole('combobox', { name: 'Purpose' }).fill('dpv:ScientificResearch')
    await page
      .getByRole('option', { name: /ScientificResearch/ })
      .first()
      .click()
    await page.getByRole('textbox', { name: 'Agreement', exact: true }).fill('DSA 2026/17')
    await page.getByLabel('Ends').fill('2030-01-01')
    expect(await faultsOf(page)).toEqual([])
    await press('Propose the project')
    await heading('Falls of the elderly at home')
    const address = new URL(page.url()).pathname
    await page.getByText('nobody has a right in it yet').waitFor()
    await press('Add a member')
    await page.getByRole('combobox', { name: 'Who' }).click()
    await page.getByRole('option', { name: 'Grace Hopper' }).last().click()
    expect(await faultsOf(page)).toEqual([])
    await press('Add the member')
    await press('Add a source')
    await page.getByRole('combobox', { name: 'Source' }).fill('customer')
    await press('Add the source')
    await page.getByText('customer', { exact: true }).waitFor()
    await press('Let it begin')
    await page.getByRole('dialog').getByRole('button', { name: 'Let it begin' }).click()
    await page.getByText('hold in it until its end').waitFor()
    const limits = page.getByRole('region', { name: 'What results may tell' })
    await limits.getByText('10 people').waitFor()
    await press('Change the limits')
    await page.getByRole('textbox', { name: 'Fewest people' }).fill('1')
    await press('Set the limits')
    await page.getByRole('dialog').getByRole('alert').waitFor()
    await page.getByRole('textbox', { name: 'Fewest people' }).fill('25')
    await page.getByRole('textbox', { name: 'Questions a day' }).fill('200')
    await page.getByRole('switch', { name: 'Linkage unit' }).click()
    expect(await faultsOf(page)).toEqual([])
    await picture(admin, 'project-limits')
    await press('Set the limits')
    await limits.getByText('25 people').waitFor()
    await limits.getByText('0 of 200 today').waitFor()
    await limits.getByText('Compares encodings for other nodes').waitFor()
    await alike(admin, address, 'project')
    await alike(admin, '/governance/projects', 'projects')
    await open(`${address}?tab=sees`)
    await page.getByRole('rowheader', { name: 'Projects' }).first().waitFor()
    await picture(admin, 'project-sees')

    const member = await visit(browser, node)
    await signIn(member, ines)
    await member.open(address)
    await member.heading('Falls of the elderly at home')
    expect(await member.page.getByRole('button', { name: 'End it' }).count()).toBe(0)

    await open(address)
    await press('End it')
    await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click()
    await page.getByText('nothing is allowed in it any more').first().waitFor()
    expect([...admin.complaints, ...member.complaints]).toEqual([])
  })

  it('data holders: named by two people, in both of which one is told that another has to ask', async () => {
    const { page, open, press } = admin
    await page.setViewportSize({ width: 1440, height: 900 })
    must(await node.operator.POST('/v1/teams', { body: { name: 'Data office' } }))
    await open('/governance/data-holders')
    await press('Name a holder')
    await page.getByRole('combobox', { name: 'What is held' }).fill('patient')
    await page.getByRole('combobox', { name: 'Team' }).click()
    await page.getByRole('option', { name: 'Data office' }).click()
    expect(await faultsOf(page)).toEqual([])
    await press('Name the holder')
    await page.getByText('when another person asks for exactly the same').waitFor()
    const { data } = must(await node.operator.GET('/v1/teams'))
    const path = { kind: 'record_type' as const, reference: 'patient' }
    must(await node.operator.PUT('/v1/data-holders/{kind}/{reference}', { params: { path }, body: { team: data[0]?.id ?? '' } }))
    await page.getByRole('rowheader', { name: 'patient' }).waitFor()
    await alike(admin, '/governance/data-holders', 'data-holders')
  })

  it('products: added, given a role for, and taken back', async () => {
    const { page, open, press } = admin
    await page.setViewportSize({ width: 1440, height: 900 })
    await open('/governance/products')
    await press('Add a product')
    await page.getByLabel('Name in addresses').fill('current-account')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Current account')
    await page.getByRole('combobox', { name: 'Purposes' }).fill('dpv:ServiceProvision')
    await page
      .getByRole('option', { name: /dpv:ServiceProvision$/ })
      .first()
      .click()
    await page.keyboard.press('Escape')
    expect(await faultsOf(page)).toEqual([])
    await press('Add the product')
    await page.getByRole('region', { name: 'Current account' }).waitFor()
    await alike(admin, '/governance/products', 'products')
    await press('Roles in it')
    await page.getByRole('combobox', { name: 'Person' }).click()
    await page.getByRole('option', { name: 'Grace Hopper' }).last().click()
    expect(await faultsOf(page)).toEqual([])
    await press('Give the role')
    await press('Take back')
    await page.getByText('Nobody has a role in this product alone').waitFor()
  })

  it('boundaries: the own address is shown, what would lock out is refused, what keeps oneself inside is saved', async () => {
    const { page, open, press } = admin
    await page.setViewportSize({ width: 1440, height: 900 })
    await open('/administration/boundaries')
    await page.getByText('The node sees you come from').waitFor()
    const portal = page.getByRole('region', { name: 'Portal' })
    await portal.getByRole('switch').press('Space')
    await portal.getByLabel('Networks').fill('198.51.100.0/24')
    expect(await faultsOf(page)).toEqual([])
    const save = async () => {
      await press('Save the boundaries')
      await page.getByRole('dialog').getByRole('button', { name: 'Save the boundaries' }).click()
    }
    await save()
    await page.getByRole('alert').getByText('would lock you out').waitFor()
    await page.keyboard.press('Escape')
    await portal.getByRole('button', { name: 'Add my address' }).click()
    await save()
    await page.getByText('The boundaries are saved').waitFor()
    await alike(admin, '/administration/boundaries', 'boundaries')
    expect(admin.complaints).toEqual([])
  })
})
