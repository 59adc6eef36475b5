/** Partners in a real browser: registered, given keys and engineers, tried with the request that the page offers, and suspended. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, root, startInCluster, until } from '../node.ts'
import { addPartner, arrange, authorize, type Partner, type Scenario } from '../scenario.ts'
import { addAccount, faultsOf, hostile, missing, openBrowser, signIn, skipped, somethingRan, type Visit, visit } from './browser.ts'

describe.skipIf(missing.length > 0)(`partners${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let scene: Scenario
  let rival: Partner
  let admin: Visit
  let engineer: Visit
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-receiver-'))
  const engineersPassword = 'nine calm badgers hum'

  beforeAll(async () => {
    node = await startInCluster()
    scene = await arrange(node)
    rival = await addPartner(node, 'rival-bank')
    browser = await openBrowser()
    admin = await visit(browser, node)
    await signIn(admin, await addAccount(node, 'admin@example.org', 'administrator'))
    for (const person of ['C3', 'nobody-knows']) await authorize(node, scene.partner, person)
    execFileSync('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=northwind-bank'],
      ...['-keyout', join(folder, 'receiver.key'), '-out', join(folder, 'receiver.crt')],
    ])
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
    rmSync(folder, { recursive: true })
  })

  const ownPage = (tab = '') => `/governance/partners/${scene.partner.id}${tab === '' ? '' : `?tab=${tab}`}`
  const shownOnce = async ({ page }: Visit, label: string) => ((await page.getByRole('dialog').getByRole('region', { name: label }).textContent()) ?? '').trim()
  const offeredRequest = async (visitor: Visit) => {
    await visitor.page.getByRole('region', { name: 'Working request' }).getByText('/v1/authorize').waitFor()
    return (await visitor.page.getByRole('region', { name: 'Working request' }).textContent()) ?? ''
  }
  /** The request as somebody runs it who has put in the key and the person, with what else it names beside it. */
  const run = (request: string) =>
    execFileSync(
      'sh',
      [
        '-c',
        request
          .replace('ghk_your-api-key', scene.partner.key)
          .replace('id-of-the-person', 'C1')
          .replaceAll(/receiver\.(crt|key)/g, `${folder}/receiver.$1`),
      ],
      {
        cwd: root,
        encoding: 'utf8',
        env: { PATH: process.env.PATH ?? '', GATEHOUSE_FINGERPRINT: node.credential.exchange.fingerprint },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )

  it('are registered by a name that people read and a reference that stays', async () => {
    const { page, open, press, heading } = admin
    await open('/governance/partners')
    await heading('Partners')
    await page.getByText('northwind-bank').first().waitFor()
    await press('Register a partner')
    await page.getByLabel('Name').fill(hostile[0])
    await page.getByLabel('Reference').fill('rival-bank')
    expect(await faultsOf(page)).toEqual([])
    await press('Register the partner')
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Reference').fill('hostile-bank')
    await press('Register the partner')
    await heading(hostile[0])
    await open('/governance/partners')
    await page.getByText(hostile[0]).waitFor()
    expect(await somethingRan(page)).toBe(false)
  })

  it('offer a request that works as it is copied', async () => {
    await admin.open(ownPage('request'))
    await admin.page.getByText('the token alone is enough').waitFor()
    const answer = run(await offeredRequest(admin))
    expect(answer).toContain('"status":"approved"')
    expect(answer).toContain('Ada')
  })

  it('are given an API key that is shown once, works, and ends when it is revoked', async () => {
    const { page, open, press } = admin
    await open(ownPage())
    await press('Issue an API key')
    await page.getByRole('dialog').getByLabel('Label').fill(hostile[1])
    await press('Issue the key')
    const key = await shownOnce(admin, 'API key')
    expect(key).toMatch(/^ghk_/)
    expect(await faultsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    await press('I have kept it')
    expect((await authorize(node, { ...scene.partner, key }, 'C1')).status).toBe(200)
    const row = page.getByRole('row').filter({ hasText: hostile[1] })
    await row.getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('every program that uses this key is refused').waitFor()
    await press('Revoke the key')
    await row.getByText('Revoked').waitFor()
    await until(async () => (await authorize(node, { ...scene.partner, key }, 'C1')).status === 401)
    expect(await page.content()).not.toContain(key)
    expect(await somethingRan(page)).toBe(false)
  })

  it('are given a key that reaches only what is chosen, and another in its place without a pause', async () => {
    const { page, open, press } = admin
    await open(ownPage())
    await press('Issue an API key')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Label').fill('only looks')
    await dialog.getByText('Only some things').click()
    await dialog.getByRole('radiogroup', { name: 'Purposes' }).getByText('Read', { exact: true }).click()
    expect(await faultsOf(page)).toEqual([])
    await press('Issue the key')
    const key = await shownOnce(admin, 'API key')
    await press('I have kept it')
    const status = async (path: string, bearer: string) => (await fetch(`${node.origin}${path}`, { headers: { authorization: `Bearer ${bearer}` } })).status
    expect([await status('/v1/purposes', key), await status('/v1/webhooks', key)]).toEqual([200, 403])
    expect((await authorize(node, { ...scene.partner, key }, 'C1')).status).toBe(403)
    const row = page.getByRole('row').filter({ hasText: 'only looks' })
    await row.getByText('Purposes: Read').waitFor()
    await row.getByRole('button', { name: 'Rotate' }).click()
    await page.getByText('goes on for 24 hours').waitFor()
    await press('Make the new key')
    const next = await shownOnce(admin, 'API key')
    await press('I have kept it')
    expect(next).not.toBe(key)
    for (const one of [key, next]) expect([await status('/v1/purposes', one), await status('/v1/webhooks', one)]).toEqual([200, 403])
    await row.nth(1).waitFor()
    expect(await row.getByRole('button', { name: 'Rotate' }).count()).toBe(1)
    await page.setViewportSize({ width: 390, height: 900 })
    expect(await faultsOf(page)).toEqual([])
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('are kept from sending a private key, and told what is wrong with others', async () => {
    const { page, open, press } = admin
    const sent: string[] = []
    page.on('request', (request) => void (request.method() === 'POST' && sent.push(request.url())))
    await open(ownPage())
    await press('Add a receiver key')
    const field = page.getByLabel('Certificate in PEM')
    await field.fill(readFileSync(join(folder, 'receiver.key'), 'utf8'))
    await press('Add the key')
    await page.getByText('This holds a private key').waitFor()
    expect(await field.inputValue()).toBe('')
    expect(sent.filter((url) => url.endsWith('/keys'))).toEqual([])
    await field.fill('no certificate')
    await press('Add the key')
    await page.getByText('No certificate is in this text').waitFor()
    await field.fill('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----')
    await press('Add the key')
    await page.getByRole('alert').getByText('the certificate cannot be read').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await field.fill(readFileSync(join(folder, 'receiver.crt'), 'utf8'))
    await page.getByRole('dialog').getByLabel('Label').fill(hostile[3])
    await press('Add the key')
    await page.getByRole('cell', { name: hostile[3] }).waitFor()
  })

  it('then offer a request that proves the certificate, which works too', async () => {
    await admin.open(ownPage('request'))
    await admin.page.getByText('A certificate is registered').waitFor()
    expect(run(await offeredRequest(admin))).toContain('Ada')
  })

  it('show their last requests with the reasons they were given', async () => {
    const { page, open } = admin
    await open(ownPage('calls'))
    await page.getByText('Delivered').first().waitFor()
    expect(await page.getByText('Nothing is available for this person').count()).toBe(2)
  })

  it('have engineers, who see their own partner and no other by any address', async () => {
    const { page, open, press } = admin
    await open(ownPage('engineers'))
    await press('Invite an engineer')
    await page.getByLabel('Name').fill(hostile[0])
    await page.getByLabel('E-mail address').fill('edsger@example.org')
    await press('Make the invitation')
    const link = await shownOnce(admin, 'One-time link')
    await press('I have kept it')
    await page.getByRole('cell', { name: hostile[0] }).waitFor()

    engineer = await visit(browser, node)
    await engineer.page.goto(link)
    await engineer.page.getByRole('textbox', { name: 'Password' }).fill(engineersPassword)
    await engineer.press('Set password and sign in')
    await engineer.heading(/Welcome/)
    await engineer.open('/exchange/connect')
    await engineer.heading('northwind-bank')
    expect(await engineer.page.getByRole('button', { name: /Suspend|Retire|Add a receiver key/ }).count()).toBe(0)
    await engineer.page.getByRole('tab', { name: 'Working request' }).click()
    expect(await offeredRequest(engineer)).toContain('northwind-bank')
    await engineer.open(`/governance/partners/${rival.id}`)
    await engineer.heading('It is not here')
    for (const path of ['/governance/partners', '/governance/people', '/governance/consents', '/administration/api-keys']) {
      await engineer.open(path)
      await engineer.heading('There is no such page')
    }
    expect(await somethingRan(engineer.page)).toBe(false)
  })

  it.each([
    ['light', 390],
    ['dark', 1440],
  ] as const)('read well in %s colours at %i pixels', async (colorScheme, width) => {
    const { page, open } = admin
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 844 })
    for (const path of ['/governance/partners', ...['', 'request', 'calls', 'engineers'].map(ownPage)]) {
      await open(path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page
        .getByLabel(/^(Loading|Drawing)$/)
        .first()
        .waitFor({ state: 'detached' })
      expect(await faultsOf(page), `${path} at ${width}`).toEqual([])
    }
  })

  it('are suspended by an officer, and with that their requests and their engineers’ sessions end', async () => {
    const officer = await visit(browser, node)
    await signIn(officer, await addAccount(node, 'second-officer@example.org', 'officer'))
    await engineer.open('/exchange/connect')
    await engineer.heading('northwind-bank')
    await officer.open(ownPage())
    await officer.press('Suspend')
    await officer.page.getByText('its engineers can no longer sign in').waitFor()
    await officer.press('Suspend the partner')
    await officer.page.getByText('Suspended', { exact: true }).waitFor()
    await engineer.heading('Sign in')
    await until(async () => (await authorize(node, scene.partner, 'C1')).status !== 200)
    expect(officer.complaints).toEqual([])
  })

  it('never broke a rule of the page’s own policy, nor threw', () => {
    expect([...admin.complaints, ...engineer.complaints]).toEqual([])
  })
})
