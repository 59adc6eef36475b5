/** Where people work, in a real browser: institutions of the node, products and projects, boundaries. */
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startNode } from '../node.ts'
import { addAccount, faultsOf, hostile, missing, openBrowser, signIn, skipped, somethingRan, type Visit, visit } from './browser.ts'

describe.skipIf(missing.length > 0)(`where people work${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let admin: Visit

  beforeAll(async () => {
    node = await startNode()
    browser = await openBrowser()
    admin = await visit(browser, node)
  }, 120_000)
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
})
