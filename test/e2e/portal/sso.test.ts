/** Signing in at an institution's identity provider: set up, found by an address, gone to and come back from, in a real browser. */

import { type SamlAccount, samlPages } from '@gatehouse/modules/governance/identity/providers/saml/testing/provider'
import { client, realProvider } from '@gatehouse/modules/governance/identity/providers/testing/provider'
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspect, migratedDatabase, type SharedDatabase } from '../database.ts'
import { type NodeProcess, startNode } from '../node.ts'
import { addAccount, faultsOf, missing, openBrowser, shot, signIn, skipped, visit } from './browser.ts'

let database: SharedDatabase
let node: NodeProcess
let browser: Browser
let elsewhere: Awaited<ReturnType<typeof realProvider>>
let hill: Awaited<ReturnType<typeof samlPages>>
const rosa: SamlAccount = { nameId: 'r-1', email: 'rosa@hill.example', name: 'Rosa Parks' }
beforeAll(async () => {
  if (missing.length > 0) return
  elsewhere = await realProvider()
  hill = await samlPages(() => rosa)
  database = await migratedDatabase()
  node = await startNode({ environment: { DATABASE_URL: database.url, GATEHOUSE_EGRESS_ALLOW: '127.0.0.1' } })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await node?.remove()
  await elsewhere?.close()
  await hill?.close()
  await database?.drop()
})

describe.skipIf(missing.length > 0)(`single sign-on${skipped}`, () => {
  it('is set up by an administrator', async () => {
    const admin = await visit(browser, node)
    const { page } = admin
    await signIn(admin, await addAccount(node, 'mary@example.org', 'administrator'))
    must(await node.operator.POST('/v1/teams', { body: { name: 'Data protection' } }))
    await admin.open('/administration/identity-providers')
    await admin.heading('Identity providers')
    await page.getByText('Everybody signs in here').waitFor()
    await admin.press('Add a provider')
    const dialog = page.getByRole('dialog', { name: 'Add an identity provider' })
    await dialog.getByLabel('Issuer').fill('https://login.example.net')
    await dialog.getByLabel('Name').fill('Lakeside directory')
    await dialog.getByLabel('Client id').fill(client.id)
    await dialog.getByRole('textbox', { name: 'Client secret' }).fill(client.secret)
    await dialog.getByLabel('Domains of addresses').fill('lakeside.example')
    await page.keyboard.press('Enter')
    await dialog.getByLabel('Make an account for whoever comes for the first time').check()
    await dialog.getByRole('button', { name: 'Let a team follow a group' }).click()
    await dialog.getByLabel('Group there').fill('dpo')
    expect(await faultsOf(page)).toEqual([])
    await shot(admin, 'add')
    await dialog.getByRole('button', { name: 'Add the provider' }).click()
    await dialog.getByText('This provider cannot be reached from here.').waitFor()
    await dialog.getByLabel('Issuer').fill(elsewhere.issuer)
    await dialog.getByRole('button', { name: 'Add the provider' }).click()
    const card = page.getByRole('article', { name: 'Lakeside directory' })
    await card.waitFor()
    await card.getByRole('button', { name: 'Prove the domain lakeside.example' }).click()
    await card.getByText('The domain does not say so yet.').waitFor({ timeout: 15_000 })
    const [provider] = must(await node.operator.GET('/v1/identity-providers')).data
    elsewhere.register(provider?.redirect_uri ?? '')
    await card.getByRole('button', { name: 'Try it' }).click()
    await card.getByText('It answers as it should').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(admin, 'provider')
    await card.getByRole('button', { name: 'Issue a token' }).click()
    const shown = page.getByRole('dialog', { name: 'The token is issued' })
    await shown.getByText('ghp_').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(admin, 'directory')
    await shown.getByRole('button', { name: 'I have kept it' }).click()
    await card.getByText('It has a token').waitFor()
    // What a resolver would have said: the tests have none.
    const asNode = { ...database.connection, options: '-c gatehouse.tenant=node' }
    expect(await inspect(asNode, 'UPDATE identity.provider_domain SET verified_at = now() RETURNING domain')).toEqual([{ domain: 'lakeside.example' }])
    expect(admin.complaints).toEqual([])
    await admin.context.close()
  })

  it('leads by the address there and back, by keyboard alone', async () => {
    const [own] = must(await node.operator.GET('/v1/identity-providers')).data
    must(await node.operator.PATCH('/v1/identity-providers/{provider}', { params: { path: { provider: own?.id ?? '' } }, body: { signs_out: true } }))
    const grace = await visit(browser, node, { width: 390, colorScheme: 'dark' })
    const { page } = grace
    elsewhere.as({ sub: 'g-1', email: 'grace@lakeside.example', email_verified: true, name: 'Grace Hopper', groups: ['dpo'] })
    await grace.open('/sign-in')
    await page.getByLabel('E-mail address').fill('grace@lakeside.example')
    expect(await faultsOf(page)).toEqual([])
    await shot(grace, 'sign-in')
    await page.getByRole('button', { name: 'Sign in with your organisation' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(({ pathname, origin }) => pathname === '/' && origin === node.origin)
    const cookies = await grace.context.cookies()
    expect(cookies.filter(({ name }) => name.startsWith('gatehouse')).map(({ name, httpOnly }) => [name, httpOnly])).toEqual([['gatehouse_session', true]])
    expect(must(await node.operator.GET('/v1/teams')).data[0]?.members).toHaveLength(1)

    // Out here, then out there, and back: the provider asks on a page of its own.
    await page.getByRole('button', { name: 'Account of Grace Hopper' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Yes, sign me out' }).click()
    await page.waitForURL(({ pathname, origin }) => pathname === '/sign-in' && origin === node.origin)
    expect((await grace.context.cookies(node.origin)).filter(({ name }) => name === 'gatehouse_session')).toEqual([])
    expect(grace.complaints).toEqual([])
    await grace.context.close()
  })

  it('goes by SAML as well: set up from the metadata of the provider, there, and back from another site', async () => {
    const admin = await visit(browser, node)
    const { page } = admin
    await signIn(admin, await addAccount(node, 'paul@example.org', 'administrator'))
    await admin.open('/administration/identity-providers')
    await admin.press('Add a provider')
    const dialog = page.getByRole('dialog', { name: 'Add an identity provider' })
    await dialog.getByRole('combobox', { name: 'Protocol' }).click()
    await page.getByRole('option', { name: 'SAML 2.0' }).click()
    await dialog.getByLabel('Metadata of the provider').fill(hill.metadata)
    await dialog.getByRole('button', { name: 'Read the metadata' }).click()
    await dialog.getByText('BEGIN CERTIFICATE').waitFor()
    await dialog.getByRole('textbox', { name: /^Name/ }).fill('Hill directory')
    await dialog.getByLabel('Domains of addresses').fill('hill.example')
    await page.keyboard.press('Enter')
    await dialog.getByLabel('Make an account for whoever comes for the first time').check()
    expect(await faultsOf(page)).toEqual([])
    await shot(admin, 'saml-add')
    await dialog.getByRole('button', { name: 'Add the provider' }).click()
    const card = page.getByRole('article', { name: 'Hill directory' })
    await card.getByRole('button', { name: 'Try it' }).click()
    await card.getByText('It answers as it should').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(admin, 'saml-provider')
    const asNode = { ...database.connection, options: '-c gatehouse.tenant=node' }
    await inspect(asNode, 'UPDATE identity.provider_domain SET verified_at = now() WHERE verified_at IS NULL')
    expect(admin.complaints).toEqual([])
    await admin.context.close()

    const visitor = await visit(browser, node, { width: 390, colorScheme: 'dark' })
    await visitor.open('/sign-in')
    await visitor.page.getByLabel('E-mail address').fill(rosa.email ?? '')
    await visitor.page.getByRole('button', { name: 'Sign in with your organisation' }).focus()
    await visitor.page.keyboard.press('Enter')
    await visitor.page.waitForURL(({ pathname, origin }) => pathname === '/' && origin === node.origin)
    const cookies = await visitor.context.cookies()
    expect(cookies.filter(({ name }) => name.startsWith('gatehouse')).map(({ name }) => name)).toEqual(['gatehouse_session'])
    expect(visitor.complaints).toEqual([])
    await visitor.context.close()
  })

  it('says what is wrong where an answer opens nothing', async () => {
    const eve = await visit(browser, node)
    const [provider] = must(await node.operator.GET('/v1/identity-providers')).data
    await eve.open(`/sign-in/return/${provider?.id}?code=c&state=${'A'.repeat(43)}`)
    await eve.page.getByText('This answer is not for this browser').waitFor()
    expect(new URL(eve.page.url()).search).toBe('')
    expect(await faultsOf(eve.page)).toEqual([])
    await shot(eve, 'refused')
    await eve.open('/sign-in')
    await eve.page.getByLabel('E-mail address').fill('eve@nowhere.example')
    await eve.press('Sign in with your organisation')
    await eve.page.getByText('Addresses of this kind sign in here.').waitFor()
    expect(eve.complaints).toEqual([])
    await eve.context.close()
  })
})
