/** Two nodes as participants of a dataspace, by command and in a real browser: one asks, people of the other decide, and the data leaves. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csv, offered } from '../../../modules/exchange/dataspace/testing/dataspace.ts'
import { type NodeProcess, startInCluster } from '../node.ts'
import { typed } from '../program.ts'
import { member } from '../scenario.ts'
import { addAccount, faultsOf, missing, openBrowser, shot, signIn, skipped, type Visit, visit } from './browser.ts'

const environment = { GATEHOUSE_DATASPACE: 'true', GATEHOUSE_EGRESS_ALLOW: '127.0.0.1' }
const dataset = 'urn:gatehouse:table:open.wards'

describe.skipIf(missing.length > 0)(`a dataspace${skipped}`, () => {
  let hospital: NodeProcess
  let clinic: NodeProcess
  let browser: Browser
  let olga: Visit
  let folder: string

  /** As a person of the clinic would type it. */
  const gatehouse = (...args: string[]) => typed(clinic.home, ['dataspace', ...args])

  /** The one registers the other; the key that comes of it is what the other presents. */
  async function partnerOf(node: NodeProcess, reference: string): Promise<string> {
    must(await node.operator.POST('/v1/partners', { body: { reference, name: reference } }))
    return must(await node.operator.POST('/v1/api-keys', { body: { partner: reference, label: 'connector', expires_in_days: 1 } })).key
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-dataspace-'))
    ;[hospital, clinic] = await Promise.all([startInCluster({ environment }), startInCluster({ environment })])
    const { id: source } = must(await hospital.operator.POST('/v1/data-sources', { body: { slug: 'open', kind: 'file', title: 'Open figures' } }))
    await fetch(`${hospital.origin}/v1/data-sources/${source}/uploads?name=wards`, {
      method: 'POST',
      headers: { authorization: `Bearer ${hospital.credential.key}`, 'content-type': 'application/octet-stream' },
      body: csv,
    })
    const [table] = must(await hospital.operator.GET('/v1/tables', { params: { query: { source } } })).data
    const columns = ['ward', 'beds', 'open'].map((name) => ({ name, identifier_role: 'none' as const }))
    must(await hospital.operator.PATCH('/v1/tables/{table}', { params: { path: { table: table?.id ?? '' } }, body: { columns } }))
    const [toClinic, toHospital] = [await partnerOf(hospital, 'clinic'), await partnerOf(clinic, 'hospital')]
    const hanna = await member(hospital, 'administrator', 'hanna@example.org')
    const carl = await member(clinic, 'administrator', 'carl@example.org')
    await writeFile(join(folder, 'carl'), must(await carl.POST('/v1/api-keys', { body: { label: 'carl', expires_in_days: 1 } })).key)
    await writeFile(join(folder, 'token'), `Bearer ${toClinic}\n`)
    must(
      await hanna.POST('/v1/dataspace/participants', {
        body: { partner: 'clinic', participant_id: 'did:web:clinic', address: `${clinic.origin}/dsp`, authorization: `Bearer ${toHospital}` },
      }),
    )
    const { policy, version } = must(await hospital.operator.POST('/v1/policies', { body: { document: offered('clinic') as never } }))
    for (const name of ['ann', 'bob']) {
      const officer = await member(hospital, 'officer', `${name}@example.org`)
      await officer.POST('/v1/policies/{policy}/versions/{version}/publish', { params: { path: { policy, version } } })
    }
    browser = await openBrowser()
    olga = await visit(browser, hospital)
    await signIn(olga, await addAccount(hospital, 'olga@example.org', 'data_owner'))
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await Promise.all([hospital?.remove(), clinic?.remove()])
    await rm(folder, { recursive: true, force: true })
  })

  it('is joined by a person, and not by a machine', async () => {
    const words = ['register', 'hospital', 'did:web:hospital', `${hospital.origin}/dsp`, '--authorization', join(folder, 'token')]
    expect((await gatehouse(...words)).stderr).toContain('registered by a person')
    const offer = must(await clinic.operator.GET('/v1/dataspace/participants')).data
    expect(offer).toEqual([])
    expect((await gatehouse(...words, '--key-file', join(folder, 'carl'))).stderr).toBe('')
    const catalogue = await gatehouse('catalogue', 'hospital')
    expect(catalogue.stdout).toContain(dataset)
  })

  it('waits for people of the other side, who see what is asked for', async () => {
    const asked = await gatehouse('negotiate', 'hospital', dataset, '--no-wait')
    expect([asked.code, asked.stderr]).toEqual([0, ''])
    await olga.open('/exchange/dataspace')
    await olga.heading('Dataspace')
    await olga.page.getByText('clinic').first().waitFor()
    expect(await faultsOf(olga.page)).toEqual([])
    await shot(olga, 'dataspace-list')
    const [waiting] = must(await hospital.operator.GET('/v1/dataspace/negotiations')).data
    await olga.open(`/exchange/dataspace/negotiations/${waiting?.id}`)
    await olga.heading('Negotiation with clinic')
    await olga.page.getByText('It waits for people').waitFor()
    await olga.page.getByText('the purpose is one of').waitFor()
    expect(await faultsOf(olga.page)).toEqual([])
    await shot(olga, 'dataspace-negotiation')
    for (const [name, look] of Object.entries({ phone: { width: 390 }, dark: { colorScheme: 'dark', locale: 'es-MX' } } as const)) {
      const other = await visit(browser, hospital, look)
      await other.context.addCookies(await olga.context.cookies())
      for (const path of ['/exchange/dataspace', `/exchange/dataspace/negotiations/${waiting?.id}`]) {
        await other.open(path)
        await other.page.getByRole('heading', { level: 1 }).waitFor()
        await other.page.getByText('clinic').first().waitFor()
        expect(await faultsOf(other.page)).toEqual([])
      }
      await shot(other, `dataspace-${name}`)
      await other.context.close()
    }
    await olga.page.getByRole('link', { name: 'Open the review' }).first().click()
    await olga.page.getByText('Request from a dataspace').first().waitFor()
    expect(await faultsOf(olga.page)).toEqual([])
    await shot(olga, 'dataspace-review')
    const odo = await member(hospital, 'data_owner' as never, 'odo@example.org')
    const review = waiting?.review ?? ''
    const { digest } = must(await odo.GET('/v1/reviews/{review}', { params: { path: { review } } }))
    must(await odo.POST('/v1/reviews/{review}/vote', { params: { path: { review } }, body: { choice: 'approve', digest } }))
  })

  it('hands over the data under the agreement, once', async () => {
    const agreement = await expect
      .poll(async () => must(await clinic.operator.GET('/v1/dataspace/agreements')).data[0]?.name, { timeout: 20_000 })
      .toMatch(/^urn:uuid:/)
      .then(async () => must(await clinic.operator.GET('/v1/dataspace/agreements')).data[0]?.name ?? '')
    const file = join(folder, 'wards.csv')
    const fetched = await gatehouse('transfer', 'hospital', agreement, '--out', file)
    expect([fetched.code, fetched.stderr]).toEqual([0, ''])
    expect((await readFile(file, 'utf8')).trim().split(/\r?\n/)).toEqual(['ward,beds', 'North,12', 'South,30', 'East,7'])
    await expect.poll(async () => must(await hospital.operator.GET('/v1/dataspace/transfers')).data[0]?.state, { timeout: 20_000 }).toBe('COMPLETED')
    const [transfer] = must(await hospital.operator.GET('/v1/dataspace/transfers')).data
    await olga.open(`/exchange/dataspace/transfers/${transfer?.id}`)
    await olga.heading('Transfer with clinic')
    await olga.page.getByText('Completion').waitFor()
    expect(await faultsOf(olga.page)).toEqual([])
    await shot(olga, 'dataspace-transfer')
    expect(olga.complaints).toEqual([])
  })
})
