/** The mesh in a real browser: two hospitals and a coordinator as `gatehouse mesh` starts them, and a run that is seen travelling. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { programOf } from '../program.ts'
import { type Account, faultsOf, missing, openBrowser, shot, signIn, skipped, type Visit, visit } from './browser.ts'

interface Opened {
  readonly nodes: readonly [Account & { readonly portal: string }, ...unknown[]]
  readonly plan: Account & { readonly page: string }
}

describe.skipIf(missing.length > 0)(`a mesh in the portal${skipped}`, () => {
  let mesh: ChildProcess
  let opened: Opened
  let browser: Browser
  const ended: string[] = []

  beforeAll(async () => {
    mesh = spawn(process.execPath, [...programOf('cli'), '--json', 'mesh', '--nodes', '2', '--people', '200'], { stdio: ['ignore', 'pipe', 'inherit'] })
    opened = await firstObject(mesh)
    browser = await openBrowser()
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    mesh.kill('SIGINT')
    if (mesh.exitCode === null) await once(mesh, 'exit')
    expect(ended).toEqual([])
  })

  const enter = async (account: Account, address: string, look = {}): Promise<Visit> => {
    const who = await visit(browser, { origin: new URL(address).origin }, look)
    await signIn(who, account)
    await who.open(address)
    return who
  }
  const leave = async ({ context, complaints }: Visit) => {
    ended.push(...complaints)
    await context.close()
  }

  it('shows the node, its mailbox and the other hospital, by whose box one gets to its fingerprint', async () => {
    const [{ portal, ...account }] = opened.nodes
    const ada = await enter(account, portal)
    await ada.heading('Mesh')
    await ada.page.getByRole('img', { name: /^lakeside This node Lakeside Hospital/ }).waitFor()
    await ada.page.getByRole('img', { name: / Mailbox Asked / }).waitFor()
    await ada.page.getByRole('button', { name: /^hillside Approved Heard / }).click()
    await ada.page.getByText('Fingerprint', { exact: true }).waitFor()
    expect(await faultsOf(ada.page)).toEqual([])
    await shot(ada, 'mesh')
    await leave(ada)
  })

  it('takes the name of an identity provider, shows it, and believes it no more', async () => {
    const [{ portal, ...account }] = opened.nodes
    const ada = await enter(account, portal)
    await ada.page.getByText('None is named').waitFor()
    await ada.press('Name an identity provider')
    await ada.page.getByLabel('Issuer').fill('https://coordinator.example.org')
    await ada.page.getByLabel('Where its public keys are').fill('https://coordinator.example.org/oauth/jwks')
    await ada.page.getByLabel('Whom its tokens have to be for').fill('https://lakeside.example.org')
    expect(await faultsOf(ada.page)).toEqual([])
    await ada.press('Believe it')
    await ada.page.getByText('https://coordinator.example.org/oauth/jwks').waitFor()
    expect(await faultsOf(ada.page)).toEqual([])
    await shot(ada, 'mesh-provider')
    await ada.press('Believe it no more')
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Believe it no more' }).click()
    await ada.page.getByText('None is named').waitFor()
    await leave(ada)
  })

  it('has a page for the beacon: a form and its text are one setting, what does not fit is named, and it is switched off again', async () => {
    const [{ portal, ...account }] = opened.nodes
    const ada = await enter(account, new URL('/exchange/beacon', portal).href)
    await ada.page.getByText('Never switched on').waitFor()
    await ada.page.getByLabel('Name of the beacon').fill('Lakeside beacon')
    await ada.page.getByLabel('Its id').fill('org.example.lakeside')
    await ada.page.getByLabel('Institution', { exact: true }).fill('Lakeside Hospital')
    await ada.page.getByRole('combobox', { name: 'Project in whose name it asks' }).click()
    await ada.page.getByRole('option').first().click()
    await ada.page.getByLabel('Table of the individuals').fill('hospital.nobody')
    await ada.press('Save the setting')
    await ada.page.getByRole('alert').waitFor()
    await ada.page.getByLabel('Table of the individuals').fill('hospital.patients')
    const text = ada.page.getByLabel('Setting as JSON')
    const setting = JSON.parse(await text.inputValue()) as object
    const terms = [{ kind: 'alphanumeric', id: 'yearOfBirth', label: 'Year of birth', table: 'hospital.patients', column: 'birth_year' }]
    await text.fill(JSON.stringify({ ...setting, enabled: true, terms }, null, 2))
    await ada.press('Save the setting')
    await ada.page.getByText('Answers', { exact: true }).waitFor()
    await ada.page.getByText('hospital.patients.birth_year').waitFor()
    expect(await faultsOf(ada.page)).toEqual([])
    await shot(ada, 'beacon')
    await ada.press('Switch the beacon off')
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Switch the beacon off' }).click()
    await ada.page.getByText('Off', { exact: true }).waitFor()
    await leave(ada)
    const phone = await enter(account, new URL('/exchange/beacon', portal).href, { width: 390, colorScheme: 'dark' })
    await phone.heading('Beacon')
    await phone.page.getByText('hospital.patients.birth_year').waitFor()
    expect(await faultsOf(phone.page)).toEqual([])
    await shot(phone, 'beacon-phone')
    await leave(phone)
  })

  it('offers to link through a linkage unit, since the tables of the plan lie at two nodes', async () => {
    const { page: address, ...account } = opened.plan
    const ana = await enter(account, address)
    await ana.page.getByRole('link', { name: 'New version' }).click()
    await ana.page
      .getByRole('button', { name: /Linkage/ })
      .first()
      .click()
    await ana.page.getByRole('radio', { name: 'By encodings, through a linkage unit' }).check()
    await ana.page
      .getByRole('combobox', { name: 'Linkage unit' })
      .or(ana.page.getByRole('textbox', { name: 'Linkage unit' }))
      .fill('hillside')
    await ana.page
      .getByText(/holds a table/)
      .first()
      .waitFor()
    expect(await faultsOf(ana.page)).toEqual([])
    await shot(ana, 'plan-unit')
    await ana.page.setViewportSize({ width: 390, height: 900 })
    expect(await faultsOf(ana.page)).toEqual([])
    await shot(ana, 'plan-unit-phone')
    await leave(ana)
  })

  it('shows a run on its way to the other hospital, until that has answered and the result is held', async () => {
    const { page: address, ...account } = opened.plan
    const ana = await enter(account, address)
    await ana.press('Run it')
    await ana.page.waitForURL(/\/exchange\/runs\//)
    const part = (state: RegExp) => ana.page.getByRole('img', { name: new RegExp(`^hillside (?:${state.source}) s0$`) })
    await part(/asked|delivered|at work/).waitFor()
    expect(await ana.page.locator('.mesh-moving').count()).toBe(1)
    await part(/answered/).waitFor({ timeout: 60_000 })
    await ana.page.getByRole('img', { name: /^This node Held for review/ }).waitFor({ timeout: 60_000 })
    expect(await ana.page.locator('.mesh-moving').count()).toBe(0)
    await ana.page.getByText('The run across nodes: 1 of 1 have answered').waitFor()
    expect(await faultsOf(ana.page)).toEqual([])
    await shot(ana, 'mesh-run')
    const run = ana.page.url()
    await leave(ana)
    const phone = await enter(account, run, { width: 390, colorScheme: 'dark' })
    await phone.page.getByRole('img', { name: /^hillside answered/ }).waitFor()
    expect(await faultsOf(phone.page)).toEqual([])
    await shot(phone, 'mesh-run-phone')
    await leave(phone)
  }, 180_000)
})

/** What the command says once, before it waits. */
async function firstObject({ stdout }: ChildProcess): Promise<Opened> {
  let text = ''
  for await (const piece of stdout ?? []) {
    text += String(piece)
    if (text.trimEnd().endsWith('\n}')) return JSON.parse(text) as Opened
  }
  throw new Error(`the mesh did not open: ${text}`)
}
