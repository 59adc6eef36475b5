/**
 * Every page of people, rights and consents by keyboard alone: Tab comes to whatever can be used, in the order in which it is read, with a focus that
 * is seen and a name that is heard, and leaves again; dialogs open by Enter, keep the focus, close by Escape and give it back.
 */
import { must } from '@gatehouse/sdk/client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from '../node.ts'
import { addPartner, importPeople, member } from '../scenario.ts'
import { type Account, addAccount, addPerson, missing, openBrowser, signIn, skipped, type Visit, visit } from './browser.ts'

/** Pages with the button that opens their dialog, where the main act is in one. */
const ofStaff: readonly (readonly [path: string, dialog?: string])[] = [
  ['/governance/people', 'Invite somebody'],
  ['/governance/access'],
  ['/governance/access?tab=roles'],
  ['/governance/access?tab=who'],
  ['/administration/api-keys'],
  ['/administration/applications', 'Register an application'],
  ['/administration/deployments', 'Trust a deployment'],
  ['/administration/identity-providers', 'Add a provider'],
  ['/administration/institutions', 'Add an institution'],
  ['/administration/boundaries'],
  ['/administration/settings'],
  ['/governance/products', 'Add a product'],
  ['/governance/projects', 'Propose a project'],
  ['/governance/data-holders', 'Name a holder'],
  ['/governance/reviews', 'Put before a panel'],
  ['/governance/reviews/rules'],
  ['/governance/approvals'],
  ['/governance/consents'],
  ['/governance/requests'],
  ['/governance/persons'],
  ['/custody/record-types'],
  ['/custody/vault'],
  ['/ledger/erasures', 'Request an erasure'],
  ['/me/inbox'],
  ['/me/inbox/preferences'],
  ['/me/devices'],
  ['/me/security'],
]
const ofPersons = ['/me', '/me/consents', '/me/opt-outs', '/me/requests', '/me/wards', '/me/inbox', '/me/inbox/preferences', '/me/security']

describe.skipIf(missing.length > 0)(`by keyboard alone${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let staff: Visit
  let person: Visit

  beforeAll(async () => {
    node = await startInCluster()
    browser = await openBrowser()
    await importPeople(node)
    await addPartner(node, 'northwind-bank')
    const officer = await member(node, 'officer', 'olive@example.org')
    const account = await addAccount(node, 'grace@example.org', 'administrator')
    const { data } = must(await node.operator.GET('/v1/users'))
    const grace = data.find(({ email }) => email === account.email)?.id ?? ''
    must(await node.operator.PATCH('/v1/users/{user}', { params: { path: { user: grace } }, body: { roles: ['administrator', 'officer', 'auditor'] } }))
    must(await node.operator.PUT('/v1/operators/{user}', { params: { path: { user: grace } } }))
    must(await node.operator.POST('/v1/teams', { body: { name: 'North hospital', members: [grace] } }))
    staff = await visit(browser, node)
    person = await visit(browser, node)
    await byKeyboard(staff, account)
    await signIn(person, await addPerson(node, officer, 'C1', 'ada@example.org'))
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  const shown = async ({ page, open }: Visit, path: string) => {
    await open(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page
      .getByLabel(/^(Loading|Drawing)$/)
      .first()
      .waitFor({ state: 'detached' })
  }

  it.each(ofStaff.map(([path, dialog]) => ({ path, dialog })))('staff: $path', async ({ path, dialog }) => {
    await shown(staff, path)
    expect(await faultsOfWalk(staff.page)).toEqual([])
    if (dialog !== undefined) expect(await faultsOfDialog(staff.page, dialog)).toEqual([])
  })

  it('the first thing leads past the navigation to the content', async () => {
    const { page } = staff
    await shown(staff, '/governance/people')
    await tabTo(page, 'Skip to the content')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.closest('#content') !== null)).toBe(true)
  })

  it('a disclosure is put before a panel, and its page is come to', async () => {
    const { page, heading } = staff
    await shown(staff, '/governance/reviews')
    await tabTo(page, 'Put before a panel')
    await page.keyboard.press('Enter')
    for (const [field, text] of [
      ['Title', 'Counts by month'],
      ['Reference', 'plan 41'],
      ['Reasons', 'No cell is below ten.'],
    ] as const) {
      await tabTo(page, field)
      await page.keyboard.type(text)
    }
    await tabTo(page, 'Submit')
    await page.keyboard.press('Enter')
    await heading('Disclosure of data')
    await page.getByText('Counts by month').waitFor()
    await page.reload()
    await heading('Disclosure of data')
    expect(await faultsOfWalk(page)).toEqual([])
  })

  it('a person objects to a use', async () => {
    const { page } = person
    await shown(person, '/me/opt-outs')
    await tabTo(page, 'I do not want')
    await page.keyboard.press('ArrowDown')
    await tabTo(page, 'I do not want this')
    await page.keyboard.press('Enter')
    await page.getByText('Your objection counts from this moment.').waitFor()
    expect(person.complaints).toEqual([])
  })

  it.each(ofPersons)('the person concerned: %s', async (path) => {
    await shown(person, path)
    expect(await faultsOfWalk(person.page)).toEqual([])
  })
})

/** Signs in without a mouse. */
async function byKeyboard({ page, open }: Visit, { email, password }: Account): Promise<void> {
  await open('/sign-in')
  await page.getByLabel('E-mail address').waitFor()
  for (const [name, text] of [
    ['E-mail address', email],
    ['Password', password],
  ] as const) {
    await tabTo(page, name)
    await page.keyboard.type(text)
  }
  await page.keyboard.press('Enter')
  await page.waitForURL(({ pathname }) => pathname !== '/sign-in')
}

async function tabTo(page: Page, name: string): Promise<void> {
  await page.evaluate(installWalk)
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press('Tab')
    if ((await page.evaluate(() => globalThis.walk.name())).startsWith(name)) return
  }
  throw new Error(`Tab does not come to ${name}`)
}

/** What somebody without a mouse would trip over on the page that is open. */
async function faultsOfWalk(page: Page): Promise<string[]> {
  const count = await page.evaluate(installWalk)
  for (let step = 0; step < count * 2 + 10; step++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(() => globalThis.walk.step())) return page.evaluate(() => globalThis.walk.faults())
  }
  return [`Tab does not leave the page again; it stays at ${await page.evaluate(() => globalThis.walk.name())}`]
}

async function faultsOfDialog(page: Page, button: string): Promise<string[]> {
  const opener = page.getByRole('button', { name: button, exact: true })
  await opener.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await page.waitForFunction(() => document.activeElement?.closest('[role=dialog]'))
  await page.evaluate(installWalk)
  const faults: string[] = []
  for (let step = 0; step < 30; step++) {
    await page.keyboard.press('Tab')
    // Behind the last field of a date the focus is with the browser for a moment.
    const inside = () => page.waitForFunction(() => document.activeElement?.closest('[role=dialog]'), undefined, { timeout: 500 })
    await inside().catch(async () => faults.push(`the focus leaves the dialog for ${await page.evaluate(() => globalThis.walk.name())}`))
    const fault = await page.evaluate(() => globalThis.walk.fault())
    if (fault !== undefined) faults.push(fault)
  }
  // What is open inside closes first.
  const closed = () => dialog.waitFor({ state: 'detached', timeout: 1_000 })
  await page.keyboard.press('Escape')
  await closed().catch(() => page.keyboard.press('Escape').then(closed))
  await page
    .waitForFunction((name) => document.activeElement?.tagName === 'BUTTON' && document.activeElement.textContent === name, button, { timeout: 3_000 })
    .catch(() => {
      faults.push('the focus does not come back to what opened the dialog')
    })
  return [...new Set(faults)]
}

interface Walk {
  /** Takes down where the focus is. @returns whether it has left the page */
  step(): boolean
  /** What is wrong with what has the focus. */
  fault(): string | undefined
  faults(): string[]
  name(): string
}
declare global {
  var walk: Walk
}

/** Runs in the page. @returns how many things can be used */
function installWalk(): number {
  const visible = (element: Element) => element.checkVisibility({ visibilityProperty: true })
  const text = (element: Element | null) => element?.textContent?.replaceAll(/\s+/g, ' ').trim() ?? ''
  const nameOf = (element: Element): string => {
    const by = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => text(document.getElementById(id)))
    const labels = [...((element as HTMLInputElement).labels ?? [])].map(text)
    return (
      [element.getAttribute('aria-label') ?? '', by.join(' ').trim(), labels.join(' ').trim(), text(element), element.getAttribute('title') ?? ''].find(
        (one) => one !== '',
      ) ?? ''
    )
  }
  /** Of radio buttons Tab comes to one of a group; arrows lead to the others. */
  const passedOver = (element: Element): boolean => {
    if (!(element instanceof HTMLInputElement) || element.type !== 'radio') return false
    const group = [...document.querySelectorAll<HTMLInputElement>(`input[type=radio][name="${element.name}"]`)]
    const chosen = group.find(({ checked }) => checked)
    return chosen === undefined ? group.indexOf(element) > 0 : chosen !== element
  }
  const usable = [...document.querySelectorAll<HTMLElement>('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')].filter(
    (element) => element.tabIndex >= 0 && !element.matches(':disabled') && visible(element) && element.closest('[inert]') === null && !passedOver(element),
  )
  /** What glides to its colour is looked at when it is there; what turns for ever has no end. */
  const settle = () => {
    for (const animation of document.getAnimations()) if (animation.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY) animation.finish()
  }
  const looks = (element: Element): string =>
    [element, element.nextElementSibling, element.parentElement, element.parentElement?.parentElement]
      .map((one) => {
        if (!one) return ''
        const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor, textDecorationLine } = getComputedStyle(one)
        return [outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor, textDecorationLine].join()
      })
      .join('|')
  // What has the focus already looks as it does then.
  const before = new Map(usable.filter((element) => element !== document.activeElement).map((element) => [element, looks(element)]))
  const told = (element: Element) => `${element.tagName.toLowerCase()} “${nameOf(element).slice(0, 60)}”`
  const reached = new Set<Element>()
  const found: string[] = []
  let last: Element | undefined
  const faultOf = (element: Element): string | undefined => {
    if (nameOf(element) === '') return `no name: ${element.outerHTML.slice(0, 160)}`
    settle()
    const { outlineStyle } = getComputedStyle(element)
    const known = before.get(element as HTMLElement)
    return outlineStyle === 'none' && known !== undefined && known === looks(element) ? `the focus is not seen: ${told(element)}` : undefined
  }
  globalThis.walk = {
    step() {
      const element = document.activeElement
      if (element === null || element === document.body || (element === usable[0] && reached.size > 0)) return true
      if (last !== undefined && last !== element && (last.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) === 0)
        found.push(`out of order: ${told(element)} after ${told(last)}`)
      const fault = reached.has(element) ? undefined : faultOf(element)
      if (fault !== undefined) found.push(fault)
      reached.add(element)
      last = element
      return false
    },
    fault: () => (document.activeElement === null || document.activeElement === document.body ? undefined : faultOf(document.activeElement)),
    faults: () => [
      ...found,
      ...usable.filter((element) => element.isConnected && visible(element) && !reached.has(element)).map((element) => `not reached: ${told(element)}`),
    ],
    name: () => (document.activeElement === null || document.activeElement === document.body ? 'the page' : nameOf(document.activeElement)),
  }
  return usable.length
}
