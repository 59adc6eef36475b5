/** Clerical review in a real browser, by keyboard alone: two uploaded tables are linked, and what is in doubt is decided. */
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { atGp, atHospital } from '../../../modules/exchange/linkage/testing/people.ts'
import { type NodeProcess, startNode } from '../node.ts'
import { addAccount, faultsOf, missing, openBrowser, shot, signIn, skipped, type Visit, visit } from './browser.ts'

const csvOf = (rows: ReturnType<typeof atGp>) => {
  const names = Object.keys(rows[0] ?? {})
  return `${[names.join(','), ...rows.map((row) => names.map((name) => row[name] ?? '').join(','))].join('\n')}\n`
}

describe.skipIf(missing.length > 0)(`clerical review in the portal${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let carla: Visit
  const project = { id: '', job: '', pairs: 0 }

  async function table(slug: string, rows: ReturnType<typeof atGp>): Promise<string> {
    const { id: source } = must(await node.operator.POST('/v1/data-sources', { body: { slug, kind: 'file', title: slug } }))
    const sent = await fetch(`${node.origin}/v1/data-sources/${source}/uploads?name=patients`, {
      method: 'POST',
      headers: { authorization: `Bearer ${node.credential.key}`, 'content-type': 'application/octet-stream' },
      body: csvOf(rows),
    })
    expect(sent.status).toBe(201)
    const [found] = must(await node.operator.GET('/v1/tables', { params: { query: { source } } })).data
    if (found === undefined) throw new Error('no table')
    const columns = (['given_name', 'family_name', 'date_of_birth', 'postcode'] as const).map((name) => ({ name, semantic: name }))
    must(await node.operator.PATCH('/v1/tables/{table}', { params: { path: { table: found.id } }, body: { columns } }))
    return found.reference
  }

  beforeAll(async () => {
    node = await startNode()
    const [left, right] = [await table('gp', atGp()), await table('hospital', atHospital())]
    const day = 86_400_000
    const terms = {
      title: 'Falls at home',
      purpose: 'dpv:ScientificResearch',
      agreement: { reference: 'DSA 17' },
      starts_at: new Date(Date.now() - day).toISOString(),
      ends_at: new Date(Date.now() + 30 * day).toISOString(),
    }
    project.id = must(await node.operator.POST('/v1/projects', { body: terms })).id
    const path = { project: project.id }
    for (const reference of [left, right])
      must(await node.operator.POST('/v1/projects/{project}/sources', { params: { path }, body: { kind: 'table', reference } }))
    must(await node.operator.POST('/v1/projects/{project}/begin', { params: { path } }))
    project.job = must(
      await node.operator.POST('/v1/projects/{project}/link-jobs', { params: { path }, body: { left, right, threshold: 0.9999, review_from: 0.5 } }),
    ).id
    const job = { params: { path: { ...path, job: project.job } } }
    const finished = await vi.waitFor(
      async () => {
        const found = must(await node.operator.GET('/v1/projects/{project}/link-jobs/{job}', job))
        if (found.state !== 'done') throw new Error(`the job is ${found.state}: ${found.reason}`)
        return found
      },
      { timeout: 60_000, interval: 250 },
    )
    project.pairs = finished.doubtful ?? 0
    browser = await openBrowser()
    carla = await visit(browser, node)
    await signIn(carla, await addAccount(node, 'carla@example.org', 'data_custodian'))
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  it('is nothing for whoever has no right to it', async () => {
    const rita = await visit(browser, node)
    await signIn(rita, await addAccount(node, 'rita@example.org', 'researcher'))
    await rita.open(`/exchange/link-reviews/${project.job}?project=${project.id}`)
    await rita.heading('There is no such page')
    await rita.context.close()
  }, 60_000)

  it('shows two records side by side with what each agreement says, and is decided by keyboard alone', async () => {
    const { page } = carla
    expect(project.pairs).toBeGreaterThan(2)
    await carla.open('/exchange/link-reviews')
    await carla.heading('Doubtful links')
    expect(await faultsOf(page)).toEqual([])
    await shot(carla, 'link-reviews')
    await page.getByRole('link', { name: 'Decide pairs: Falls at home' }).press('Enter')
    await carla.heading('Decide doubtful links')
    await page.getByRole('heading', { name: `Pair 1 of ${project.pairs}` }).waitFor()
    await page.getByText('family name', { exact: true }).waitFor()
    await page.getByText('for one person', { exact: true }).first().waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(carla, 'link-review')
    await page.keyboard.press('l')
    await page.getByRole('heading', { name: `Pair 2 of ${project.pairs}` }).waitFor()
    await page.getByText('Kept: one person.').waitFor()
    await page.getByLabel('Why').selectOption({ label: 'A name that many have' })
    // Letters that are typed into a field decide nothing.
    await page.getByLabel('Why').press('n')
    await page.getByRole('heading', { name: `Pair 2 of ${project.pairs}` }).click()
    await page.keyboard.press('n')
    await page.getByRole('heading', { name: `Pair 3 of ${project.pairs}` }).waitFor()
    await page.keyboard.press('k')
    await page.getByText('Decided: two people.').waitFor()
    const answer = await page.request.get(`${node.origin}/v1/projects/${project.id}/link-reviews/${project.job}/pairs`)
    const { data } = (await answer.json()) as { data: { state: string }[] }
    expect(data.slice(0, 3).map(({ state }) => state)).toEqual(['link', 'no_link', 'open'])
  }, 60_000)

  it('reads well on a phone, in the dark and in Spanish', async () => {
    const phone = await visit(browser, node, { width: 390, colorScheme: 'dark', locale: 'es-MX' })
    await phone.context.addCookies(await carla.context.cookies())
    await phone.open(`/exchange/link-reviews/${project.job}?project=${project.id}`)
    await phone.heading('Decidir vínculos dudosos')
    await phone.page.getByText('family name', { exact: true }).waitFor()
    expect(await faultsOf(phone.page)).toEqual([])
    await shot(phone, 'link-review-phone')
    expect([...carla.complaints, ...phone.complaints]).toEqual([])
    await phone.context.close()
  }, 60_000)
})
