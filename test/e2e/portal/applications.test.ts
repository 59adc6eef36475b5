/** An application from its registration to its end, and whom the institution trusts, in a real browser: by staff at a desk, by the person on a phone. */
import { createHash } from 'node:crypto'
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from '../node.ts'
import { arrange, authorize, member, purpose, redeem } from '../scenario.ts'
import { addAccount, addPerson, faultsOf, missing, openBrowser, shot, signIn, skipped, type Visit, visit } from './browser.ts'

const redirect = 'https://helper.example.org/connected'
const verifier = 'v'.repeat(43)
const challenge = createHash('sha256').update(verifier).digest('base64url')

describe.skipIf(missing.length > 0)(`an application${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let ada: Visit
  let person: Visit
  let client = ''
  let secret = ''
  let answer = new URL(redirect)

  beforeAll(async () => {
    node = await startInCluster()
    const scene = await arrange(node)
    await redeem(node, (await authorize(node, scene.partner, 'C1')).body.token)
    browser = await openBrowser()
    const [first, second] = [await addAccount(node, 'first@example.org', 'administrator'), await addAccount(node, 'second@example.org', 'administrator')]
    ada = await visit(browser, node)
    await signIn(ada, first)
    const other = await visit(browser, node)
    await signIn(other, second)
    judge = other
    person = await visit(browser, node, { width: 390 })
    jane = await addPerson(node, node.operator, 'C1', 'jane@example.org')
    await person.page.route(`${redirect}*`, (route) => {
      answer = new URL(route.request().url())
      return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Connected</title><h1>Connected</h1>' })
    })
  })
  let judge: Visit
  let jane: Awaited<ReturnType<typeof addPerson>>
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  it('is registered by keyboard, and its secret is shown once', async () => {
    await ada.open('/administration/applications')
    await ada.page.getByRole('button', { name: 'Register an application' }).press('Enter')
    const dialog = ada.page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Budget helper')
    await dialog.getByLabel('What it is for').fill('Shows you in one place who has received your data.')
    await dialog.getByLabel('Answers go to', { exact: true }).first().fill(redirect)
    await dialog.getByLabel('Answers go to', { exact: true }).first().press('Enter')
    await dialog.getByRole('button', { name: 'Register' }).press('Enter')
    secret = ((await ada.page.getByRole('dialog').getByText(/^gha_/).textContent()) ?? '').trim()
    expect(await faultsOf(ada.page)).toEqual([])
    await ada.press('I have kept it')
    const card = ada.page.getByRole('article', { name: 'Budget helper' })
    await card.getByText('Sandbox', { exact: true }).waitFor()
    client = ((await card.getByText(/^[0-9a-f]{8}-/).textContent()) ?? '').trim()
    await card.getByRole('button', { name: 'Submit' }).click()
    await card.getByText('Waits to be judged').waitFor()
    await card.getByRole('button', { name: 'Admit' }).click()
    await card.getByRole('alert').getByText('Nobody admits an application of their own').waitFor()
    await judge.open('/administration/applications')
    const judged = judge.page.getByRole('article', { name: 'Budget helper' })
    await judged.getByRole('button', { name: 'Admit' }).click()
    await judged.getByText('Live', { exact: true }).waitFor()
    expect(await faultsOf(judge.page)).toEqual([])
  })

  it('asks the person, who signs in on the way, allows it by keyboard and is sent back', async () => {
    const asked = new URLSearchParams({
      client_id: client,
      response_type: 'code',
      redirect_uri: redirect,
      scope: 'own_disclosure:read',
      state: '0123',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    })
    await person.page.goto(`${node.origin}/oauth/authorize?${asked}`)
    await person.page.getByRole('textbox', { name: 'E-mail address' }).fill(jane.email)
    await person.page.getByRole('textbox', { name: 'Password' }).fill(jane.password)
    await person.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await person.heading('Budget helper asks to act for you')
    const main = person.page.getByRole('main')
    await main.getByText('see who received what about you, and why').waitFor()
    await main.getByText('you are sent back to helper.example.org').waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await person.page.emulateMedia({ colorScheme })
      expect(await faultsOf(person.page)).toEqual([])
      expect(await person.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    }
    await main.getByRole('button', { name: 'Allow', exact: true }).press('Enter')
    await person.heading('Connected')
    expect([answer.searchParams.get('state'), answer.searchParams.get('iss')]).toEqual(['0123', node.origin])
  })

  it('reads what it may, until the person withdraws it', async () => {
    const response = await fetch(`${node.origin}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: answer.searchParams.get('code') ?? '',
        redirect_uri: redirect,
        code_verifier: verifier,
      }),
    })
    const { access_token: token } = (await response.json()) as { access_token: string }
    const read = () => fetch(`${node.origin}/v1/me/disclosures`, { headers: { authorization: `Bearer ${token}` } })
    expect((await read()).status).toBe(200)
    await person.open('/me/consents')
    const connected = person.page.getByRole('region', { name: 'Connected applications' }).getByRole('article', { name: 'Budget helper' })
    await connected.getByText('see who received what about you, and why').waitFor()
    expect(await faultsOf(person.page)).toEqual([])
    await connected.getByRole('button', { name: 'Withdraw' }).click()
    await person.press('Withdraw it')
    await connected.waitFor({ state: 'detached' })
    await expect.poll(async () => (await read()).status, { timeout: 2_000 }).toBe(401)
  })

  it('that leads elsewhere is not followed', async () => {
    await person.open(`/oauth/authorize?client_id=${client}&response_type=code&redirect_uri=https%3A%2F%2Fevil.example.org%2F`)
    await person.page.getByRole('main').getByRole('alert').waitFor()
    expect(new URL(person.page.url()).origin).toBe(node.origin)
  })

  it('is changed, and has to be judged again: by a panel where the institution demands one', async () => {
    must(await node.operator.POST('/v1/products', { body: { slug: 'budget', name: 'Budget', purposes: [purpose] } }))
    const rule = {
      params: { path: { kind: 'application_admission' as const } },
      body: { panels: [{ kind: 'role' as const, id: 'officer', quorum: 1 }], deadline_days: 7, demanded: true },
    }
    must(await (await member(node, 'officer', 'olga@example.org')).PUT('/v1/review-rules/{kind}', rule))
    must(await node.operator.PUT('/v1/review-rules/{kind}', rule))
    await ada.open('/administration/applications')
    const card = ada.page.getByRole('article', { name: 'Budget helper' })
    await card.getByRole('button', { name: 'Change' }).press('Enter')
    const dialog = ada.page.getByRole('dialog')
    await dialog.getByText('A change is judged again').waitFor()
    await dialog.getByRole('checkbox', { name: 'The e-mail address (email)' }).press('Space')
    await dialog.getByRole('button', { name: 'Ask for more' }).press('Enter')
    await dialog.getByRole('combobox', { name: 'Area' }).last().fill('release')
    await dialog.getByRole('combobox', { name: 'Where' }).last().click()
    await ada.page.getByRole('option', { name: 'in the product Budget' }).click()
    expect(await faultsOf(ada.page)).toEqual([])
    await shot(ada, 'application-change')
    await dialog.getByRole('button', { name: 'Save' }).press('Enter')
    await card.getByText(/^email own_disclosure:read release:read@product\/[0-9a-f-]{36}$/).waitFor()
    await card.getByText('Sandbox', { exact: true }).waitFor()
    await card.getByRole('button', { name: 'Submit' }).press('Enter')
    await card.getByRole('button', { name: 'Ask for a review' }).press('Enter')
    expect(await card.getByRole('button', { name: 'Admit' }).count()).toBe(0)
    await ada.press('Ask for it')
    await card.getByRole('link', { name: 'To the review' }).press('Enter')
    await ada.heading('Admission of an application')
  })

  it('gets another secret, and the one before opens nothing; retired, it is no client any more', async () => {
    const errorWith = async (given: string) => {
      const response = await fetch(`${node.origin}/oauth/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${client}:${given}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'authorization_code', code: 'none', redirect_uri: redirect, code_verifier: verifier }),
      })
      return ((await response.json()) as { error: string }).error
    }
    await ada.open('/administration/applications')
    const card = ada.page.getByRole('article', { name: 'Budget helper' })
    await card.getByRole('button', { name: 'New secret' }).press('Enter')
    await ada.press('Make a new one')
    const next = ((await ada.page.getByRole('dialog').getByText(/^gha_/).textContent()) ?? '').trim()
    expect([await errorWith(secret), await errorWith(next)]).toEqual(['invalid_client', 'invalid_grant'])
    await ada.press('I have kept it')
    await shot(ada, 'applications')
    await card.getByRole('button', { name: 'Retire' }).press('Enter')
    await ada.press('Retire it')
    await card.getByText('Retired', { exact: true }).waitFor()
    expect(await card.getByRole('button').allTextContents()).toEqual(['Copy'])
    expect(await errorWith(next)).toBe('invalid_client')
  })

  it('whom the institution trusts is listed by keyboard, changed, and trusted no longer', async () => {
    await ada.open('/administration/deployments')
    await ada.page.getByRole('button', { name: 'Trust a deployment' }).press('Enter')
    const dialog = ada.page.getByRole('dialog')
    const field = (name: string) => dialog.getByRole('textbox', { name, exact: true })
    await field('Name').fill('Lakeside')
    await field('Issuer').fill('https://lakeside.example.org')
    await field('Where its keys are (jwks_uri)').fill('https://169.254.169.254/jwks')
    await field('Audience').fill('https://lakeside.example.org/institutions/1')
    expect(await faultsOf(ada.page)).toEqual([])
    await field('Audience').press('Enter')
    // Whom the node may not ask for keys is not trusted.
    await dialog
      .getByRole('alert')
      .getByText(/is not on the allow list/)
      .waitFor()
    await field('Issuer').fill('')
    await field('Where its keys are (jwks_uri)').fill('')
    await field('Audience').press('Enter')
    const card = ada.page.getByRole('article', { name: 'Lakeside' })
    await card.getByText('Tokens are made for it').waitFor()
    await card.getByRole('button', { name: 'Change' }).press('Enter')
    expect(await field('Issuer').count()).toBe(0)
    await field('Audience').fill('https://lakeside.example.org/institutions/2')
    await field('Audience').press('Enter')
    await card.getByText('https://lakeside.example.org/institutions/2').waitFor()
    await shot(ada, 'deployments')

    const phone = await visit(browser, node, { width: 390, colorScheme: 'dark', locale: 'es-MX' })
    await phone.context.addCookies(await ada.context.cookies())
    for (const path of ['deployments', 'applications']) {
      await phone.open(`/administration/${path}`)
      await phone.page.getByRole('article').first().waitFor()
      expect(await faultsOf(phone.page)).toEqual([])
      await shot(phone, `${path}-phone`)
    }
    await phone.press('Registrar una aplicación')
    await phone.page.getByRole('dialog').getByRole('button', { name: 'Pedir más' }).waitFor()
    expect(await faultsOf(phone.page)).toEqual([])
    await shot(phone, 'application-register-phone')

    await card.getByRole('button', { name: 'End the trust' }).press('Enter')
    await ada.press('End it')
    await card.waitFor({ state: 'detached' })
    await ada.page.getByText('Nobody is trusted yet').waitFor()
    for (const one of [ada, judge, phone]) expect(one.complaints).toEqual([])
  })
})
