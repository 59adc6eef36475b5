/** Each person's home in a real browser: what waits, what happened, and that it follows what happens. */
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from '../node.ts'
import { arrange, authorize, policyDocument, redeem, type Scenario } from '../scenario.ts'
import {
  type Account,
  addAccount,
  addEngineer,
  addPerson,
  faultsOf,
  hostile,
  missing,
  openBrowser,
  signIn,
  skipped,
  somethingRan,
  type Visit,
  visit,
} from './browser.ts'

const people = ['officer', 'auditor', 'administrator', 'engineer'] as const
type Who = (typeof people)[number]

/** What a home shows, by the names of its cards. */
const cards: Readonly<Record<Who, readonly string[]>> = {
  officer: ['Waiting for a second person', 'Alerts', 'Today'],
  auditor: ['Ledger', 'Proofs', 'What changed'],
  administrator: ['Alerts', 'Health of the node', 'Keys', 'Jobs', 'Letters', 'Webhooks'],
  engineer: ['Webhooks', 'Last calls', 'API keys', 'A working request'],
}

describe.skipIf(missing.length > 0)(`the homes${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let scenario: Scenario
  const accounts = new Map<Who, Account>()
  const visits: Visit[] = []

  beforeAll(async () => {
    ;[node, browser] = await Promise.all([startInCluster(), openBrowser()])
    scenario = await arrange(node)
    await redeem(node, (await authorize(node, scenario.partner, 'C1')).body.token)
    await authorize(node, scenario.partner, 'C3')
    const path = { path: { partner: scenario.partner.id } }
    must(await node.operator.PATCH('/v1/partners/{partner}', { params: path, body: { name: hostile[0] } }))
    const drafted = must(
      await node.operator.POST('/v1/policies', {
        body: { document: { ...policyDocument('second-service', scenario.partner.reference), title: hostile[1] } } as never,
      }),
    ) as unknown as { policy: string }
    must(await node.operator.POST('/v1/policies/{policy}/versions/{version}/publish', { params: { path: { policy: drafted.policy, version: '1' } } } as never))
    for (const who of people) {
      const email = `${who}@example.com`
      accounts.set(who, who === 'engineer' ? await addEngineer(node, scenario.partner.reference, email) : await addAccount(node, email, who))
    }
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  async function enter(who: Who, look: Parameters<typeof visit>[2] = {}): Promise<Visit> {
    const visited = await visit(browser, node, look)
    visited.page.setDefaultTimeout(20_000)
    visits.push(visited)
    await signIn(visited, accounts.get(who) as Account)
    await visited.heading(/^Welcome, /)
    return visited
  }
  const card = ({ page }: Visit, name: string) => page.getByRole('region', { name, exact: true }).first()

  it.each(people.flatMap((who) => [[who, 'light', 1440] as const, [who, 'dark', 390] as const]))(
    'shows %s its cards, in %s colours at %i pixels',
    async (who, colorScheme, width) => {
      const visited = await enter(who, { colorScheme, width })
      for (const name of cards[who]) await card(visited, name).waitFor()
      expect(await faultsOf(visited.page)).toEqual([])
      expect(await somethingRan(visited.page)).toBe(false)
      await visited.context.close()
    },
  )

  it('tells the officer what waits, and what leaves as it leaves', async () => {
    const officer = await enter('officer')
    await card(officer, 'Waiting for a second person').getByText('One act waits for you.').waitFor()
    await card(officer, 'Waiting for a second person').getByRole('link', { name: hostile[1] }).waitFor()
    const today = card(officer, 'Today')
    await today.getByText('One disclosure left today').waitFor()
    await today.getByRole('cell', { name: hostile[0] }).waitFor()
    await today.getByText('Denied: No consent (1)').waitFor()
    await redeem(node, (await authorize(node, scenario.partner, 'C2')).body.token)
    await today.getByText('2 disclosures left today').waitFor()
  })

  it('tells the auditor what changed until it was looked at, and offers nothing to change', async () => {
    const auditor = await enter('auditor')
    const changes = card(auditor, 'What changed')
    await changes.getByText('Partner changed').first().waitFor()
    await auditor.press('I have looked')
    await changes.getByText('Nothing was changed.').waitFor()
    must(await node.operator.PATCH('/v1/partners/{partner}', { params: { path: { partner: scenario.partner.id } }, body: { name: 'Northwind' } }))
    await changes.getByText('One change.').waitFor()
    await auditor.page.reload()
    await changes.getByText('One change.').waitFor()
    const proofs = card(auditor, 'Proofs')
    await proofs.getByText('Not checked yet.').first().waitFor()
    must(await node.operator.POST('/v1/ledger/verify'))
    await proofs.getByText('Nothing was changed').waitFor()
  })

  it('tells the administrator whether the node is well', async () => {
    const administrator = await enter('administrator')
    await card(administrator, 'Health of the node').getByText('Every part keeps up.').waitFor()
    await card(administrator, 'Letters').getByText('No mail server is set').waitFor()
    await card(administrator, 'Keys').getByRole('table', { name: 'Keys of the vault' }).waitFor()
    await card(administrator, 'Jobs').getByRole('link', { name: 'Import of customer' }).waitFor()
    await card(administrator, 'Webhooks').getByText('There is no webhook').waitFor()
  })

  it('tells the engineer what its calls were answered, and nothing that it must not learn', async () => {
    const engineer = await enter('engineer')
    const calls = card(engineer, 'Last calls')
    await calls.getByText('Of your last 3 calls 1 were refused').waitFor()
    await calls.getByText('Nothing available for this person').waitFor()
    // Refusals are not on a partner's stream; the next call that is permitted brings the list up to date.
    await authorize(node, scenario.partner, 'C1')
    await calls.getByText('Of your last 4 calls 1 were refused').waitFor()
    expect(await engineer.page.getByText('No consent').count()).toBe(0)
    await engineer.page.getByText('/v1/authorize').first().waitFor()
    await engineer.open('/insight/alerts')
    await engineer.heading('There is no such page')
  })

  it('sends a person to their own page', async () => {
    const person = await visit(browser, node, { width: 390 })
    visits.push(person)
    await signIn(person, await addPerson(node, scenario.officer, 'C1', 'ada@example.com'))
    await person.page.waitForURL(/\/me$/)
  })

  it('never broke its own policy, nor threw', () => {
    expect(visits.flatMap(({ complaints }) => complaints)).toEqual([])
  })
})
