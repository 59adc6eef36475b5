/** The ledger in a real browser: an auditor who sees what happens, and believes only what the own browser has verified. */
import { readFile } from 'node:fs/promises'
import type { Browser, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from '../node.ts'
import { arrange, authorize, type Scenario } from '../scenario.ts'
import { addAccount, addPerson, faultsOf, hostile, missing, openBrowser, signIn, skipped, somethingRan, type Visit, visit } from './browser.ts'

const rows = 'table.list tbody tr[data-index]'

describe.skipIf(missing.length > 0)(`the ledger in the portal${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let scenario: Scenario
  let auditor: Visit
  let page: Page

  beforeAll(async () => {
    node = await startInCluster()
    scenario = await arrange(node)
    for (const person of ['C1', 'C2', 'C3', 'C1', 'C3']) await authorize(node, scenario.partner, person)
    browser = await openBrowser()
    auditor = await visit(browser, node)
    page = auditor.page
    await signIn(auditor, await addAccount(node, 'grace@example.org', 'auditor'))
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  const refused = '/ledger/audit?type=release.authorize&decision=deny'
  /** The address of the newest refusal. */
  const anEntry = async () => {
    await auditor.open(refused)
    return (await page.locator(`${rows} a`).first().getAttribute('href')) ?? ''
  }
  const verified = () => page.getByRole('status').filter({ hasText: 'Verified here, in your browser' }).waitFor()
  const doubted = async () => {
    const alert = page.getByRole('alert').filter({ hasText: 'This evidence does not hold' })
    await alert.waitFor()
    expect(await page.getByText('Verified here').count()).toBe(0)
    return (await alert.textContent()) ?? ''
  }
  /** Answers as the node does, with something changed. */
  const tamper = (path: string, change: (answer: Record<string, unknown>) => unknown) =>
    page.route(path, async (route: Route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: change((await response.json()) as Record<string, unknown>) })
    })
  const flip = (base64: string) => {
    const bytes = Buffer.from(base64, 'base64')
    bytes[0] = (bytes[0] ?? 0) ^ 1
    return bytes.toString('base64')
  }

  it('does not exist for whoever has no right to it, whatever address is typed', async () => {
    const stranger = await visit(browser, node)
    await signIn(stranger, await addPerson(node, scenario.officer, 'C1', 'ada@example.org'))
    expect(await stranger.page.getByRole('navigation').getByRole('link', { name: 'Ledger' }).count()).toBe(0)
    for (const path of ['/ledger', '/ledger/audit', '/ledger/audit/0198c1de-7b3a-7c4d-8e5f-000000000001', '/ledger/verify']) {
      await stranger.open(path)
      await stranger.heading('There is no such page')
    }
    expect(stranger.complaints).toEqual([])
    await stranger.context.close()
  })

  it.each([
    [390, 'dark'],
    [1440, 'light'],
  ] as const)('is read, understood and verified at %i pixels in %s colours', async (width, colorScheme) => {
    await page.setViewportSize({ width, height: 844 })
    await page.emulateMedia({ colorScheme })
    await auditor.open('/ledger/audit')
    await auditor.heading('Audit')
    await page.locator(rows).first().waitFor()
    expect(await faultsOf(page)).toEqual([])
    const entry = await anEntry()
    await page.goto(new URL(entry, node.origin).href)
    await auditor.heading('Release asked for')
    await page.getByText('Release asked for, by a partner.').waitFor()
    await page.getByText('Why: No consent.').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('tab', { name: 'Evidence' }).click()
    await verified()
    expect(page.url()).toContain('tab=evidence')
    await page.getByRole('img', { name: 'Merkle path' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await auditor.press('As a table')
    await page.getByText('The root in the checkpoint, the same').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await auditor.open('/ledger/verify')
    await verified()
    await auditor.press('Recompute the log')
    await page.getByText('The log is sound').waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  it('shows an act within two seconds, stands still when told to, and says how much waits', async () => {
    await auditor.open('/ledger/audit?type=release.authorize')
    await page.locator(rows).first().waitFor()
    const newest = () => page.locator(`${rows} a`).first().getAttribute('href')
    const before = await newest()
    const began = performance.now()
    await authorize(node, scenario.partner, 'C1')
    await page.waitForFunction(([at, old]) => document.querySelector(`${at} a`)?.getAttribute('href') !== old, [rows, before] as const)
    expect(performance.now() - began).toBeLessThan(2_000)
    await auditor.press('Pause')
    const held = await newest()
    await authorize(node, scenario.partner, 'C2')
    await page.getByText('1 new entry waits.').waitFor()
    expect(await newest()).toBe(held)
    await auditor.press('Go on')
    await page.waitForFunction(([at, old]) => document.querySelector(`${at} a`)?.getAttribute('href') !== old, [rows, held] as const)
    await page.reload()
    await page.getByText(/^[1-9]\d* entr(y|ies) since you last looked,/).waitFor()
  })

  it('is walked by keyboard alone', async () => {
    await auditor.open(refused)
    await page.locator(rows).first().waitFor()
    const focused = () => page.evaluate(() => document.activeElement?.closest('tr')?.getAttribute('data-index') ?? null)
    const until = (index: string) => page.waitForFunction((wanted) => document.activeElement?.closest('tr')?.getAttribute('data-index') === wanted, index)
    await page.keyboard.press('j')
    await until('0')
    await page.keyboard.press('j')
    await until('1')
    await page.keyboard.press('k')
    await until('0')
    expect(await focused()).toBe('0')
    await page.getByText('Paused', { exact: true }).waitFor()
    await page.keyboard.press('Enter')
    await auditor.heading('Release asked for')
  })

  it('exports from the node just what the filters let through', async () => {
    await auditor.open(refused)
    const counted = Number(/\d+/.exec((await page.getByText(/^\d+ rows$/).textContent()) ?? '')?.[0])
    expect(counted).toBeGreaterThan(1)
    await auditor.press('Export')
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'NDJSON' }).click()])
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n')
    expect(lines).toHaveLength(counted)
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ type: 'release.authorize', decision: 'deny', body: expect.stringContaining('"no_consent"') })
  })

  it('names the place of a changed proof, a changed entry, and an entry shown otherwise than it is proven', async () => {
    const entry = await anEntry()
    const look = () => page.goto(new URL(`${entry}?tab=evidence`, node.origin).href)
    for (const [change, place] of [
      [(answer: Record<string, unknown>) => ({ ...answer, proof: (answer.proof as string[]).map((hash, at) => (at === 1 ? flip(hash) : hash)) }), '/proof'],
      [(answer: Record<string, unknown>) => ({ ...answer, proof: (answer.proof as string[]).map((hash, at) => (at === 1 ? 'AAAA' : hash)) }), '/proof/1'],
      [(answer: Record<string, unknown>) => ({ ...answer, body: flip(String(answer.body)) }), '/body'],
      [(answer: Record<string, unknown>) => ({ ...answer, checkpoint: String(answer.checkpoint).replace(/\n\d+\n/, '\n3\n') }), '/checkpoint'],
    ] as const) {
      await tamper('**/v1/logs/*/proof', change)
      await look()
      expect(await doubted()).toContain(`${place} –`)
      await page.unroute('**/v1/logs/*/proof')
    }
    await tamper(`**/v1/logs/${entry.split('/').at(-1)}`, (answer) => ({ ...answer, body: { ...(answer.body as object), decision: 'permit' } }))
    await look()
    expect(await doubted()).toContain('another entry than the one it proves')
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await look()
    await verified()
  })

  it('draws where the computed root and the signed one part', async () => {
    const entry = await anEntry()
    await tamper('**/v1/logs/*/proof', (answer) => ({ ...answer, proof: (answer.proof as string[]).map((hash, at) => (at === 0 ? flip(hash) : hash)) }))
    await page.goto(new URL(`${entry}?tab=evidence`, node.origin).href)
    await doubted()
    await page.getByText('Root computed here').waitFor()
    await page.getByText('Root as signed', { exact: true }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  })

  it('refuses a log that was set back behind what this browser has seen, and goes on when it is whole again', async () => {
    const entry = await anEntry()
    const proof = await page.evaluate(async (id) => (await (await fetch(`/v1/logs/${id}/proof`)).json()) as unknown, entry.split('/').at(-1))
    await authorize(node, scenario.partner, 'C1')
    await auditor.open('/ledger/verify')
    await verified()
    const size = (note: unknown) => Number(/\n(\d+)\n/.exec(String(note))?.[1])
    const old = size((proof as { checkpoint: string }).checkpoint)
    await expect
      .poll(async () =>
        page.evaluate(
          () =>
            JSON.parse(localStorage.getItem(Object.keys(localStorage).find((name) => name.startsWith('gatehouse-log ')) ?? '') ?? '{}').seen?.size as number,
        ),
      )
      .toBeGreaterThan(old)
    // A node whose database was restored from yesterday answers all of this truthfully.
    await page.route('**/v1/logs/*/proof', (route) => route.fulfill({ json: proof }))
    await page.route('**/v1/ledger/consistency**', (route) =>
      route.fulfill({
        status: 400,
        contentType: 'application/problem+json',
        json: { type: '/problems/ledger/beyond-log', title: 'The log has no such size', status: 400 },
      }),
    )
    await page.goto(new URL(`${entry}?tab=evidence`, node.origin).href)
    expect(await doubted()).toContain('The log was set back')
    expect(await faultsOf(page)).toEqual([])
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.reload()
    await verified()
  })

  it('holds the log to a pinned key, and to no other', async () => {
    await auditor.open('/ledger/verify')
    await verified()
    const key = await page.getByRole('region', { name: 'Key', exact: true }).textContent()
    const field = page.getByLabel('Key you were given by another way')
    await field.fill('not a key')
    await auditor.press('Pin this key')
    await page.getByText('This is not a verifier key').waitFor()
    await field.fill(key ?? '')
    await auditor.press('Pin this key')
    await page.getByText('The key is the one that was pinned in this browser.').waitFor()
    await tamper('**/v1/ledger/checkpoint', (answer) => ({ ...answer, vkey: 'other+00000000+AAAA' }))
    await page.reload()
    expect(await doubted()).toContain('/vkey')
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  })

  it('verifies the entries of any object on its own page', async () => {
    const release = await page.evaluate(async () => ((await (await fetch('/v1/releases?limit=1')).json()) as { data: { id: string }[] }).data[0]?.id)
    await auditor.open(`/exchange/releases/${release}?tab=evidence`)
    await verified()
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('tabpanel').getByRole('link').first().click()
    await auditor.heading('Release asked for')
  })

  it('shows hostile text as text', async () => {
    const [image] = hostile
    const partner = { params: { path: { partner: scenario.partner.id } } }
    await node.operator.PATCH('/v1/partners/{partner}', { ...partner, body: { name: image } })
    const id = (await anEntry()).split('/').at(-1)
    await page.getByText(image).first().waitFor()
    await tamper('**/v1/logs?*', (answer) => {
      const data = answer.data as { body: object }[]
      const [type, kind, purpose, actor] = hostile
      return { ...answer, data: data.map((row) => ({ ...row, body: { ...row.body, type, purpose, actor: { kind, id: actor }, object: { kind, id: actor } } })) }
    })
    await auditor.open('/ledger/audit')
    for (const text of hostile.slice(0, 3)) await page.locator(rows).getByText(text).first().waitFor()
    // A hostile node may put anything anywhere.
    await tamper(`**/v1/logs/${id}`, (answer) => {
      const [type, kind, name, value] = hostile
      const body = {
        ...(answer.body as object),
        type,
        purpose: value,
        actor: { kind, id: value },
        object: { kind: name, id: type },
        decision: kind,
        details: { [name]: value, reasons: [type] },
      }
      return { ...answer, body }
    })
    for (const tab of ['', '?tab=json', '?tab=evidence', '?tab=activity']) {
      await auditor.open(`/ledger/audit/${id}${tab}`)
      await auditor.heading(image)
      await page.getByRole('tabpanel').waitFor()
    }
    expect(await somethingRan(page)).toBe(false)
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  })

  it('never broke a rule of its own policy, nor threw', () => {
    expect(auditor.complaints).toEqual([])
  })
})
