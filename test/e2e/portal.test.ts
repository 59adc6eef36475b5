/** The portal in a real browser against a real node: in front of the door, inside, and out again. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from './node.ts'
import { faultsOf, missing, openBrowser, skipped, type Visit, visit } from './portal/browser.ts'

const ada = { name: 'Ada Lovelace', email: 'ada@example.org', password: 'four quiet otters read' }

describe.skipIf(missing.length > 0)(`the portal${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let complaints: readonly string[]
  let { open, heading, press } = {} as Visit

  beforeAll(async () => {
    node = await startInCluster()
    browser = await openBrowser()
    ;({ context, page, complaints, open, heading, press } = await visit(browser, node))
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  const signIn = async (password: string) => {
    await page.getByLabel('E-mail address').fill(ada.email)
    await page.getByRole('textbox', { name: 'Password' }).fill(password)
    await press('Sign in')
  }
  const signOut = async () => {
    await page.getByRole('button', { name: `Account of ${ada.name}` }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await heading('Sign in')
  }

  it('lets nobody in without a sign-in, whatever page is asked for', async () => {
    for (const path of ['/', '/ledger', '/administration']) {
      await open(path)
      await heading('Sign in')
    }
    expect(await faultsOf(page)).toEqual([])
  })

  it('makes the first administrator from the printed link, and leaves no token in the address', async () => {
    await open('/first-run')
    await page.getByText('not complete').waitFor()
    await page.goto(node.firstRunUrl as string)
    await page.reload()
    await heading('Set up this node')
    expect(await faultsOf(page)).toEqual([])
    await page.getByLabel('Your name').fill(ada.name)
    await page.getByLabel('E-mail address').fill(ada.email)
    await page.getByRole('textbox', { name: 'Password' }).fill('password12345')
    await press('Become administrator')
    await page.getByRole('alert').getByText('published leaks').waitFor()
    await page.getByRole('textbox', { name: 'Password' }).fill(ada.password)
    await press('Become administrator')
    await heading(`Welcome, ${ada.name}`)
    expect(page.url()).toBe(`${node.origin}/`)
    expect(await page.evaluate(() => document.cookie)).toBe('')
  })

  it('keeps somebody signed in over a reload, and shows each wing with its first step', async () => {
    await page.reload()
    await heading(`Welcome, ${ada.name}`)
    await page.getByRole('navigation').getByRole('link', { name: 'Ledger' }).click()
    await heading('Ledger')
    await page.getByText('Copy the verification key').waitFor()
    expect(await page.title()).toBe('Ledger – Gatehouse')
    await open('/kitchen')
    await heading('There is no such page')
  })

  it.each([
    ['light', 390],
    ['light', 1440],
    ['dark', 390],
    ['dark', 1440],
  ] as const)('reads well in %s colours at %i pixels, without sideways scrolling', async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 844 })
    await open('/')
    await heading(`Welcome, ${ada.name}`)
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('button', { name: `Account of ${ada.name}` }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
    // The menu fades in; half faded its contrast is nobody's.
    await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== 'running'))
    expect(await faultsOf(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0)
  })

  it('speaks Spanish when asked, and remembers it', async () => {
    await open('/')
    await page.getByRole('button', { name: `Account of ${ada.name}` }).click()
    await page.getByRole('menuitemradio', { name: 'Español' }).click()
    await heading(`Le damos la bienvenida, ${ada.name}`)
    await page.reload()
    await heading(`Le damos la bienvenida, ${ada.name}`)
    expect(await page.getAttribute('html', 'lang')).toBe('es')
    await page.getByRole('button', { name: `Cuenta de ${ada.name}` }).click()
    await page.getByRole('menuitemradio', { name: 'English' }).click()
    await heading(`Welcome, ${ada.name}`)
  })

  it('signs out, so that going back shows nothing', async () => {
    await open('/')
    await heading(`Welcome, ${ada.name}`)
    await signOut()
    await page.goBack()
    await heading('Sign in')
    await open('/governance')
    await heading('Sign in')
  })

  it('refuses a wrong password in words and takes the right one, by keyboard alone', async () => {
    await open('/sign-in')
    await signIn('not the right password')
    await page.getByRole('alert').getByText('wrong, or there were too many attempts').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByLabel('E-mail address').focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type(ada.password)
    await page.keyboard.press('Enter')
    await heading(`Welcome, ${ada.name}`)
  })

  it('lets an invited person choose a password, in place of whoever was signed in', async () => {
    const invited = await page.evaluate(async () => {
      const answer = await fetch('/v1/users', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'grace@example.org', name: 'Grace Hopper', roles: ['auditor'] }),
      })
      return (await answer.json()) as { link: string }
    })
    await page.goto(invited.link)
    await heading('Accept the invitation')
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('textbox', { name: 'Password' }).fill('seven loud herons swim')
    await press('Set password and sign in')
    await heading('Welcome, Grace Hopper')
    // An auditor looks at keys and health, which lie in the same wing as what only administrators change.
    await open('/administration')
    await heading('Administration')
    expect(await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).count()).toBe(0)
    await open('/administration/settings')
    await heading('There is no such page')
  })

  it('says so when the node is away', async () => {
    await context.route('**/v1/**', (route) => route.abort())
    await open('/')
    await heading('The node does not answer')
    expect(await faultsOf(page)).toEqual([])
    await context.unroute('**/v1/**')
    await press('Try again')
    await heading('Welcome, Grace Hopper')
  })

  it('never broke a rule of its own policy, nor threw', () => {
    expect(complaints).toEqual([])
  })
})
