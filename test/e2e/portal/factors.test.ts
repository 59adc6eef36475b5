/** Signing in with a second factor, in a real browser: set up at the first run, asked for at the next, passkeys by a virtual authenticator, codes by real mail and a gateway for messages. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { makeCertificate } from '@gatehouse/runtime/base/certificate'
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from '../node.ts'
import { addAccount, faultsOf, missing, openBrowser, shot, signIn, skipped, type Visit, visit } from './browser.ts'

const letters: string[] = []
let folder: string
let mail: SMTPServer
const messages: { to: string; text: string }[] = []
let gateway: Server
/** A mail server and a gateway that take everything, and what a node must be told to use it. */
async function waysOut(): Promise<Record<string, string>> {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-mail-'))
  const certificate = await makeCertificate(['localhost'], Date.now())
  await writeFile(join(folder, 'ca.pem'), certificate.cert)
  mail = new SMTPServer({
    ...certificate,
    secure: true,
    authOptional: true,
    logger: false,
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        letters.push(Buffer.concat(chunks).toString())
        done()
      })
    },
  })
  await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve))
  const { port } = mail.server.address() as AddressInfo
  gateway = createServer(certificate, async (request, response) => {
    messages.push((await json(request)) as (typeof messages)[number])
    response.writeHead(202).end()
  })
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
  const { port: gatewayPort } = gateway.address() as AddressInfo
  return {
    GATEHOUSE_SMTP_HOST: 'localhost',
    GATEHOUSE_SMTP_PORT: String(port),
    GATEHOUSE_EGRESS_ALLOW: `localhost:${port},localhost:${gatewayPort}`,
    GATEHOUSE_SMS_URL: `https://localhost:${gatewayPort}/messages`,
    GATEHOUSE_SMS_KEY: 'key',
    GATEHOUSE_SMTP_FROM: 'gatehouse@example.org',
    GATEHOUSE_EXTRA_CA: join(folder, 'ca.pem'),
  }
}

const account = { email: 'ada@example.org', password: 'seven loud herons swim' }
let node: NodeProcess
let browser: Browser
beforeAll(async () => {
  if (missing.length > 0) return
  node = await startInCluster({ environment: { GATEHOUSE_SECOND_FACTOR: 'staff', ...(await waysOut()) } })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await node?.remove()
  await new Promise<void>((resolve) => (mail === undefined ? resolve() : mail.close(resolve)))
  gateway?.closeAllConnections()
  await new Promise<void>((resolve) => (gateway === undefined ? resolve() : gateway.close(() => resolve())))
  if (folder !== undefined) await rm(folder, { recursive: true })
})

/** At localhost, where browsers give passkeys, with an authenticator that answers at once. */
async function named(look = {}): Promise<Visit> {
  const seen = await visit(browser, { ...node, origin: node.origin.replace('127.0.0.1', 'localhost') }, look)
  const cdp = await seen.context.newCDPSession(seen.page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return seen
}

describe.skipIf(missing.length > 0)(`a second factor${skipped}`, () => {
  it('is set up at the first run by a passkey, which then signs in by itself and opens dangerous acts', async () => {
    const ada = await named({ width: 390, colorScheme: 'dark' })
    const { page } = ada
    await ada.open(`/first-run#${node.firstRunUrl?.split('#')[1]}`)
    await page.getByLabel('Your name').fill('Ada Lovelace')
    await page.getByLabel('E-mail address').fill(account.email)
    await page.getByRole('textbox', { name: 'Password' }).fill('FinalFantasy2019!')
    await ada.press('Become administrator')
    await page.getByRole('alert').getByText('This password is among the ones that stand most often in published leaks').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(ada, 'leaked')
    await page.getByRole('textbox', { name: 'Password' }).fill(account.password)
    await ada.press('Become administrator')
    await ada.heading('Set up a second factor')
    expect(await faultsOf(page)).toEqual([])
    await shot(ada, 'enrol')
    await ada.press('Make a passkey')
    await ada.heading('Recovery codes')
    const codes = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allTextContents()
    expect(codes).toHaveLength(10)
    expect(await faultsOf(page)).toEqual([])
    await shot(ada, 'codes')
    await ada.press('I have kept them')
    await page.waitForURL(({ pathname }) => pathname === '/')

    await ada.open('/me/security')
    await ada.heading('How you sign in')
    await page.getByRole('article', { name: 'Passkey' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(ada, 'security')

    // Wherever the address asks to be led, signing in leads home.
    await ada.context.clearCookies()
    await ada.open('/sign-in?callbackURL=https://evil.example&returnTo=//evil.example&redirect=https://evil.example#//evil.example')
    await ada.press('Sign in with a passkey')
    await page.waitForURL(({ pathname, hostname }) => pathname === '/' && hostname === 'localhost')

    // The password alone leads to the same question, by keyboard alone.
    await ada.context.clearCookies()
    await signIn(ada, account)
    await ada.heading('Prove that it is you')
    expect(await faultsOf(page)).toEqual([])
    await shot(ada, 'prove')
    await page.getByRole('button', { name: 'Lost the phone or the key? Use a recovery code' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Recovery code').fill(codes[0] as string)
    await page.getByLabel('Do not ask in this browser and network for 30 days').check()
    await ada.press('Continue')
    await page.waitForURL(({ pathname }) => pathname === '/')

    // A remembered browser lets in and proves nothing: what matters asks first, and then goes on by itself.
    await ada.context.clearCookies({ name: 'gatehouse_session' })
    await signIn(ada, account)
    await ada.open('/me/security')
    await ada.press('Change the password')
    const dialog = page.getByRole('dialog', { name: 'Change the password' })
    await dialog.getByRole('textbox', { name: 'Password' }).fill('five calm badgers sing')
    expect(await faultsOf(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Change the password' }).click()
    const asked = page.getByRole('dialog', { name: 'A fresh proof, please' })
    await asked.waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(ada, 'step-up')
    await asked.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByText('The password is changed. All other sessions have ended.').waitFor()
    await ada.context.clearCookies()
    await signIn(ada, { ...account, password: 'five calm badgers sing' })
    await ada.heading('Prove that it is you')
    expect(ada.complaints).toEqual([])
    await ada.context.close()
  })

  it('is all that an invitation asks for, where it is a passkey', async () => {
    const invited = must(await node.operator.POST('/v1/users', { body: { email: 'edsger@example.org', name: 'Edsger Dijkstra', roles: ['auditor'] } }))
    for (const look of [{ width: 390, colorScheme: 'dark' as const }, {}]) {
      const edsger = await named(look)
      const { page } = edsger
      await edsger.open(`/accept-invitation#${invited.token}`)
      await edsger.heading('Accept the invitation')
      expect(await faultsOf(page)).toEqual([])
      await shot(edsger, `accept-${look.width ?? 1440}`)
      if (look.width === undefined) {
        await page.getByRole('button', { name: 'Make a passkey' }).focus()
        await page.keyboard.press('Enter')
        await page.waitForURL(({ pathname }) => pathname === '/')
        await edsger.context.clearCookies()
        await edsger.open('/sign-in')
        await edsger.press('Sign in with a passkey')
        await page.waitForURL(({ pathname }) => pathname === '/')
      }
      expect(edsger.complaints).toEqual([])
      await edsger.context.close()
    }
  })

  it('is a code by mail where the institution takes one, by keyboard alone', async () => {
    must(await node.operator.PATCH('/v1/tenant', { body: { settings: { mailed_code: true } } }))
    const grace = await visit(browser, node)
    const { page } = grace
    await signIn(grace, await addAccount(node, 'grace@example.org', 'administrator'))
    await grace.heading('Prove that it is you')
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Send me a code' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => letters.length, { timeout: 15_000 }).toBe(1)
    expect(letters[0]).toMatch(/^To: grace@example\.org\r$/m)
    await page.getByLabel('Code from the letter').fill(/\d{4} \d{4}/.exec(letters[0] ?? '')?.[0] ?? '')
    expect(await faultsOf(page)).toEqual([])
    await shot(grace, 'mailed')
    await page.keyboard.press('Enter')
    await page.waitForURL(({ pathname }) => pathname === '/')

    await grace.open('/administration/settings')
    await page.getByLabel('Take a code by mail as a second factor').uncheck()
    expect(await faultsOf(page)).toEqual([])
    await shot(grace, 'settings')
    await grace.press('Save')
    await page.getByText('The settings are saved.').waitFor()
    expect(must(await node.operator.GET('/v1/tenant')).settings.mailed_code).toBe(false)
    expect(grace.complaints).toEqual([])
    await grace.context.close()
  })

  it('is a code by SMS where the institution takes one, from a telephone that was confirmed, by keyboard alone', async () => {
    must(await node.operator.PATCH('/v1/tenant', { body: { settings: { mailed_code: false, texted_code: true } } }))
    const mary = await visit(browser, node, { width: 390, colorScheme: 'dark' })
    const { page } = mary
    const hers = await addAccount(node, 'mary@example.org', 'auditor')
    await signIn(mary, hers)
    await mary.heading('Set up a second factor')
    await page.getByRole('button', { name: 'Or take codes by text message, the weaker way' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Telephone number').fill('+43 660 1234542')
    expect(await faultsOf(page)).toEqual([])
    await shot(mary, 'phone')
    await page.keyboard.press('Enter')
    await page.getByLabel('Code from the message').fill(await texted(1))
    expect(await faultsOf(page)).toEqual([])
    await shot(mary, 'phone-code')
    await page.keyboard.press('Enter')
    await page.waitForURL(({ pathname }) => pathname === '/')
    await mary.open('/me/security')
    await page.getByRole('article', { name: 'Telephone …42' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(mary, 'phone-kept')
    await mary.context.clearCookies()
    await signIn(mary, hers)
    await mary.heading('Prove that it is you')
    await page.getByRole('button', { name: 'Text message to …42' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Code from the message').fill(await texted(2))
    expect(await faultsOf(page)).toEqual([])
    await shot(mary, 'texted')
    await page.keyboard.press('Enter')
    await page.waitForURL(({ pathname }) => pathname === '/')
    must(await node.operator.PATCH('/v1/tenant', { body: { settings: { mailed_code: true } } }))
    await mary.open('/me/security')
    await mary.press('Remove')
    await page.getByRole('dialog', { name: 'Remove this telephone?' }).getByRole('button', { name: 'Remove the telephone' }).click()
    await page.getByRole('article', { name: 'Telephone …42' }).waitFor({ state: 'detached' })
    expect(mary.complaints).toEqual([])
    await mary.context.close()
  })
})

/** The code of the message that is the nth. */
async function texted(nth: number): Promise<string> {
  await expect.poll(() => messages.length, { timeout: 15_000 }).toBe(nth)
  expect(messages.at(-1)?.to).toBe('+436601234542')
  return /\d{4} \d{4}/.exec(messages.at(-1)?.text ?? '')?.[0] ?? ''
}
