/** Linking in a real browser: a member links two uploaded tables, and by keyboard alone a custodian decides what is in doubt. */
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { atGp, atHospital } from '../../../modules/exchange/linkage/testing/people.ts'
import { type NodeProcess, startInCluster } from '../node.ts'
import { addAccount, faultsOf, missing, openBrowser, shot, signIn, skipped, type Visit, visit } from './browser.ts'

const csvOf = (rows: ReturnType<typeof atGp>) => {
  const names = Object.keys(rows[0] ?? {})
  return `${[names.join(','), ...rows.map((row) => names.map((name) => row[name] ?? '').join(','))].join('\n')}\n`
}

describe.skipIf(missing.length > 0)(`linking in the portal${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let carla: Visit
  let anna: Visit
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
    node = await startInCluster()
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
    browser = await openBrowser()
    carla = await visit(browser, node)
    await signIn(carla, await addAccount(node, 'carla@example.org', 'data_custodian'))
    anna = await visit(browser, node)
    const account = await addAccount(node, 'anna@example.org', 'researcher')
    const staff = must(await node.operator.GET('/v1/users', { params: { query: { kind: 'staff', limit: 100 } } })).data
    const holder = staff.find(({ email }) => email === account.email)?.id ?? ''
    must(await node.operator.POST('/v1/projects/{project}/members', { params: { path }, body: { kind: 'user', holder, role: 'project_analyst' } as never }))
    await signIn(anna, account)
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  it('is begun by a member, who sees where the threshold stands and why pairs are links, and no value', async () => {
    const { page } = anna
    await anna.open('/exchange/link-jobs')
    await anna.heading('Link jobs')
    await page.getByText('Nothing was linked yet').waitFor()
    await anna.press('Link two tables')
    const form = page.getByRole('dialog', { name: 'Link two tables' })
    for (const [label, table] of [
      ['First table', 'patients (gp.patients)'],
      ['Second table', 'patients (hospital.patients)'],
    ] as const) {
      await form.getByRole('combobox', { name: label }).click()
      await page.getByRole('option', { name: table }).click()
    }
    await form.getByLabel('People decide from').fill('99.999')
    await form.getByText('Between 0 and 100 %, and at most what makes a link.').waitFor()
    expect(await form.getByRole('button', { name: 'Link', exact: true }).isDisabled()).toBe(true)
    await form.getByLabel('People decide from').fill('50')
    await form.getByRole('radio', { name: 'A model of my own' }).check()
    await form.getByLabel('Model as JSON').fill('{')
    await form.getByText('This is no JSON object.').waitFor()
    expect(await form.getByRole('button', { name: 'Link', exact: true }).isDisabled()).toBe(true)
    await form.getByRole('radio', { name: /^Drafted/ }).check()
    await form.getByLabel('A link from').fill('99.99')
    expect(await faultsOf(page)).toEqual([])
    await shot(anna, 'link-job-start')
    await form.getByRole('button', { name: 'Link', exact: true }).click()
    await anna.heading('gp.patients and hospital.patients')
    await page.getByText('Done', { exact: true }).waitFor({ timeout: 60_000 })
    await page.getByText(/pairs are one person: .* of the .* records of gp\.patients/).waitFor()
    await page.getByRole('heading', { name: /links, of which about .* are expected to be wrong/ }).waitFor()
    await page.getByRole('img', { name: /bits in all/ }).waitFor()
    await page.getByRole('combobox', { name: 'Pair' }).click()
    await page
      .getByRole('option', { name: /^Just not linked/ })
      .first()
      .click()
    await page.getByRole('heading', { name: /bits in all: one person with a probability of/ }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(anna, 'link-job')
    // The same as numbers, and nobody's name in any of it.
    const pictures = page.getByRole('button', { name: 'As a table' })
    while ((await pictures.count()) > 0) await pictures.first().click()
    const told = (await page.locator('main').textContent()) ?? ''
    for (const value of ['archer', 'YO1', 'ada ']) expect(told.toLowerCase()).not.toContain(value.toLowerCase())
    expect(await page.getByRole('link', { name: 'Decide pairs' }).count()).toBe(0)
    project.job = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    const job = { params: { path: { project: project.id, job: project.job } } }
    project.pairs = must(await node.operator.GET('/v1/projects/{project}/link-jobs/{job}', job)).doubtful ?? 0
    expect(anna.complaints).toEqual([])
  })

  it('shows nothing to whoever has no right to it', async () => {
    const rita = await visit(browser, node)
    await signIn(rita, await addAccount(node, 'rita@example.org', 'researcher'))
    for (const path of [`link-reviews/${project.job}`, 'link-jobs', `link-jobs/${project.job}`]) {
      await rita.open(`/exchange/${path}?project=${project.id}`)
      await rita.heading('There is no such page')
    }
    await rita.context.close()
  })

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
    await page.getByText('Family name', { exact: true }).waitFor()
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
  })

  it('reads well on a phone, in the dark and in Spanish', async () => {
    const phone = await visit(browser, node, { width: 390, colorScheme: 'dark', locale: 'es-MX' })
    await phone.context.addCookies(await carla.context.cookies())
    await phone.open(`/exchange/link-reviews/${project.job}?project=${project.id}`)
    await phone.heading('Decidir vínculos dudosos')
    await phone.page.getByText('Apellidos', { exact: true }).waitFor()
    expect(await faultsOf(phone.page)).toEqual([])
    await shot(phone, 'link-review-phone')
    await phone.open(`/exchange/link-jobs/${project.job}?project=${project.id}`)
    await phone.heading('gp.patients y hospital.patients')
    await phone.page.getByRole('img', { name: /bits en total/ }).waitFor()
    expect(await faultsOf(phone.page)).toEqual([])
    await shot(phone, 'link-job-phone')
    await phone.page.getByRole('link', { name: 'Decidir pares' }).waitFor()
    expect([...carla.complaints, ...phone.complaints]).toEqual([])
    await phone.context.close()
  })
})
