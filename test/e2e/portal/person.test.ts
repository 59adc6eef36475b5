/** The person concerned in a real browser, on a phone: reads what left about them and why, takes a consent back, and that counts. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from '../node.ts'
import { arrange, authorize, redeem, type Scenario } from '../scenario.ts'
import { addAccount, addPerson, faultsOf, hostile, missing, openBrowser, signIn, skipped, somethingRan, type Visit, visit } from './browser.ts'

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-/i
/** Words of those who run the node, which a person has no need to learn. */
const housekeeping = /\b(policy|policies|ledger|tokens?|API|tenant|administrat\w*|subject|legal basis|dpv|gdpr|webhooks?|governance)\b/i

describe.skipIf(missing.length > 0)(`the person concerned${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let scene: Scenario
  let person: Visit
  const password = 'four quiet otters read'

  beforeAll(async () => {
    node = await startInCluster()
    scene = await arrange(node)
    await node.operator.PATCH('/v1/partners/{partner}', { params: { path: { partner: scene.partner.id } }, body: { name: `Harbour Bank ${hostile[0]}` } })
    const granted = await authorize(node, scene.partner, 'C1')
    await redeem(node, granted.body.token)
    browser = await openBrowser()
    person = await visit(browser, node, { width: 390 })
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  const text = () => person.page.getByRole('main').textContent()

  it('is invited by an officer by the id that the institution uses, which reaches no address', async () => {
    const officer = await visit(browser, node)
    await signIn(officer, await addAccount(node, 'second-officer@example.org', 'officer'))
    const addresses: string[] = []
    officer.page.on('request', (request) => addresses.push(request.url()))
    await officer.open('/governance/persons')
    const form = officer.page.getByRole('region', { name: 'Invite a person' })
    await form.getByLabel('Id of the person').fill('nobody-knows')
    await form.getByLabel('E-mail address').fill('ada@example.org')
    await form.getByRole('button', { name: 'Make the invitation' }).click()
    await form.getByRole('alert').getByText('Nobody can be invited under this id').waitFor()
    await form.getByLabel('Id of the person').fill('C1')
    await form.getByLabel('Name').fill('Ada Lovelace')
    await form.getByRole('button', { name: 'Make the invitation' }).click()
    const link = ((await officer.page.getByRole('region', { name: 'One-time link' }).textContent()) ?? '').trim()
    await officer.press('I have kept it')
    expect(addresses.filter((address) => !address.includes('/assets/') && /C1|nobody-knows|ada@/.test(address))).toEqual([])

    await person.page.goto(link)
    await person.page.getByRole('textbox', { name: 'Password' }).fill(password)
    await person.press('Set password and sign in')
    await person.heading('Who received what about me')
    expect(officer.complaints).toEqual([])
  })

  it('reads in plain words who received what, what for and why', async () => {
    const article = person.page.getByRole('article')
    await article.getByText(/because you agreed to it on/).waitFor()
    const sentence = await article.textContent()
    expect(sentence).toContain(`Harbour Bank ${hostile[0]} received about you: your first name, your family name`)
    expect(sentence).toMatch(/^On \w+ \d+, \d{4} /)
    expect(sentence).toContain('for the purpose “Service Provision”')
    expect(sentence).toMatch(/less exact before: .*your date of birth/)
    expect(await text()).not.toMatch(uuid)
    expect(await text()).not.toMatch(housekeeping)
    expect(await somethingRan(person.page)).toBe(false)
  })

  it('finds these pages and nothing of the house', async () => {
    await person.page.getByRole('button', { name: /navigation/ }).click()
    expect(await person.page.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents()).toEqual([
      'Who received what about me',
      'What I agreed to',
      'What I do not want',
      'My data and my rights',
      'Prove one thing',
    ])
    await person.page.getByRole('link', { name: 'What I agreed to' }).click()
    await person.heading('What I agreed to')
    expect(await person.page.getByRole('button', { name: /Search/ }).count()).toBe(0)
    for (const path of [
      '/governance',
      '/governance/partners',
      '/exchange/releases',
      '/ledger/audit',
      '/administration/settings',
      `/governance/people/${scene.partner.id}`,
    ]) {
      await person.open(path)
      await person.heading('There is no such page')
    }
    await person.open('/')
    await person.heading('Who received what about me')
  })

  it.each([
    ['light', 390],
    ['dark', 390],
    ['light', 1440],
    ['dark', 1440],
  ] as const)('reads well in %s colours at %i pixels', async (colorScheme, width) => {
    await person.page.emulateMedia({ colorScheme })
    await person.page.setViewportSize({ width, height: 844 })
    for (const path of ['/me', '/me/consents', '/me/devices']) {
      await person.open(path)
      await person.page.getByRole('article').first().waitFor()
      expect(await faultsOf(person.page), `${path} at ${width}`).toEqual([])
    }
  })

  it('takes a consent back after reading what that means, by keyboard alone, and the next request is refused', async () => {
    await person.page.setViewportSize({ width: 390, height: 844 })
    expect((await authorize(node, scene.partner, 'C1')).status).toBe(200)
    await person.open('/me/consents')
    const card = person.page.getByRole('article')
    await card.getByText(/You allow Harbour Bank .* to receive/).waitFor()
    expect(await text()).not.toMatch(uuid)
    expect(await text()).not.toMatch(housekeeping)
    await person.page.getByRole('button', { name: 'Take this back' }).focus()
    await person.page.keyboard.press('Enter')
    const dialog = person.page.getByRole('dialog')
    await dialog.getByText('What was passed on before stays with whoever received it').waitFor()
    expect(await faultsOf(person.page)).toEqual([])
    await dialog.getByLabel('Why').fill(hostile[1])
    await person.page.keyboard.press('Tab')
    await person.page.keyboard.press('Tab')
    await person.page.keyboard.press('Enter')
    await person.page.getByText('Your consent is taken back').waitFor()
    await card.getByText('You took this back').waitFor()
    expect(await person.page.getByRole('button', { name: 'Take this back' }).count()).toBe(0)
    expect((await authorize(node, scene.partner, 'C1')).status).toBe(403)
    await person.press('Show details')
    await card.getByText(/Harbour Bank .*, on .* they were told that you took this back/s).waitFor()
    expect(await faultsOf(person.page)).toEqual([])
    await person.page.reload()
    await card.getByText('You took this back').waitFor()
    expect(await somethingRan(person.page)).toBe(false)
  })

  it('reads the same in Spanish', async () => {
    await person.open('/me')
    await person.page.getByRole('button', { name: /^Account of/ }).click()
    await person.page.getByRole('menuitemradio', { name: 'Español' }).click()
    await person.heading('Quién recibió qué sobre mí')
    expect(await person.page.getByRole('article').textContent()).toMatch(
      /recibió sobre usted: su nombre de pila.*porque usted lo aceptó el \d+ de \w+ de \d{4}/s,
    )
  })

  it('of whom nothing has left is told so', async () => {
    const other = await visit(browser, node, { width: 390 })
    await signIn(other, await addPerson(node, scene.officer, 'C3', 'alan@example.org'))
    await other.page.getByText('Nothing about you was passed on').waitFor()
    expect(await faultsOf(other.page)).toEqual([])
    await other.open('/me/consents')
    await other.page.getByText('You have not agreed to anything').waitFor()
    expect(await faultsOf(other.page)).toEqual([])
    expect(other.complaints).toEqual([])
  })

  it('never broke a rule of the page’s own policy, nor threw', () => {
    expect(person.complaints).toEqual([])
  })
})
