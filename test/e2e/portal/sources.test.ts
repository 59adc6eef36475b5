/** Sources in a real browser: a custodian sends a file, connects what does not answer, and says what columns mean. */
import { must } from '@gatehouse/sdk/client'
import pg from 'pg'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspect, type SharedDatabase, sharedDatabase } from '../database.ts'
import { type NodeProcess, startInCluster } from '../node.ts'
import { addAccount, faultsOf, hostile, missing, openBrowser, shot, signIn, skipped, somethingRan, type Visit, visit } from './browser.ts'

const rows = Array.from(
  { length: 400 },
  (_, at) => `P${1000 + at},${1930 + (at % 70)}-0${(at % 9) + 1}-1${at % 9},${['E11', 'I10', 'J45'][at % 3]},${20 + (at % 30)}`,
)
const stays = ['patient_number,date_of_birth,diagnosis,days', ...rows, ''].join('\n')

describe.skipIf(missing.length > 0)(`sources in the portal${skipped}`, () => {
  let hospital: SharedDatabase
  let node: NodeProcess
  let browser: Browser
  let carla: Visit

  beforeAll(async () => {
    hospital = await sharedDatabase()
    await inspect(hospital.connection, 'CREATE TABLE admissions (id int); CREATE TABLE patients (id int, born date)')
    node = await startInCluster({ environment: { GATEHOUSE_EGRESS_ALLOW: hospital.connection.host } })
    browser = await openBrowser()
    carla = await visit(browser, node)
    await signIn(carla, await addAccount(node, 'carla@example.org', 'data_custodian'))
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
    await hospital?.drop()
  })

  it('are nothing for whoever has no right to them', async () => {
    const rita = await visit(browser, node)
    await signIn(rita, await addAccount(node, 'rita@example.org', 'researcher'))
    for (const path of ['/custody/sources', '/custody/sources/new']) {
      await rita.open(path)
      await rita.heading('There is no such page')
    }
    await rita.context.close()
  })

  it('takes a file, shows what its columns were taken for, and keeps what somebody says of them', async () => {
    const { page } = carla
    await carla.open('/custody/sources')
    await carla.heading('Sources')
    await page.getByText('No sources yet').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('link', { name: 'Connect a source' }).first().click()
    await carla.heading('Connect a source')
    await page.getByRole('radio', { name: 'Uploaded files' }).check()
    await shot(carla, 'source-kinds')
    await carla.press('Next')
    await page.getByLabel('Title').fill(`Admissions ${hostile[0]}`)
    await page.getByLabel('Short name').fill('admissions')
    await carla.press('Make the source')
    await carla.heading(/^Admissions/)
    await page.locator('input[type=file]').setInputFiles({ name: 'Stays of 2026.csv', mimeType: 'text/csv', buffer: Buffer.from(stays) })
    expect(await page.getByLabel(/^Name of the table/).inputValue()).toBe('stays-of-2026')
    await page.getByLabel(/^Name of the table/).fill('stays')
    await carla.press('Send it')
    await page.getByText('stays is a table now').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(carla, 'source')
    await page.getByRole('link', { name: 'stays' }).click()
    await page.getByRole('rowheader', { name: 'diagnosis' }).waitFor()
    await page.getByText('400', { exact: true }).first().waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(carla, 'table')
    await carla.press('Change the column days')
    await page.getByRole('combobox', { name: 'Role' }).click()
    await page.getByRole('option', { name: 'known from elsewhere' }).click()
    await page.getByRole('slider', { name: 'Weight' }).press('End')
    await carla.press('Save')
    await page.getByRole('row', { name: /^days .*known from elsewhere .*1/ }).waitFor()
    expect(await somethingRan(page)).toBe(false)
  })

  it('asks what a kind of source asks, names what it refuses, and never shows a secret again', async () => {
    const { page } = carla
    await carla.open('/custody/sources/new')
    await page.getByRole('radio', { name: 'PostgreSQL' }).check()
    await carla.press('Next')
    await page.getByLabel('Title').fill('Ward database')
    await page.getByLabel('Short name').fill('ward')
    await page.getByLabel('Host').fill('127.0.0.1')
    await page.getByLabel('Port').fill('1')
    await page.getByLabel('Database').fill('ward')
    await page.getByLabel('User').fill('reader')
    await page.getByRole('textbox', { name: /^Password/ }).fill('four quiet cranes')
    expect(await faultsOf(page)).toEqual([])
    await shot(carla, 'source-settings')
    await carla.press('Keep the connection')
    await page.getByText('Not looked at yet').waitFor()
    expect(await page.getByRole('button', { name: 'Look through it' }).isDisabled()).toBe(true)
    await carla.press('See whether it answers')
    await page.getByText('Does not answer').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await carla.open('/custody/sources')
    await page.getByRole('link', { name: 'Ward database' }).click()
    await carla.heading('Ward database')
    await page.getByText('It is never shown again', { exact: false }).waitFor()
    expect(await page.content()).not.toContain('four quiet cranes')
    await carla.press('Give it another secret')
    await page.getByLabel('User').fill('reader')
    await page.getByRole('textbox', { name: /^Password/ }).fill('five quiet cranes')
    await carla.press('Keep the secret')
    await page.getByText('The secret is changed.').waitFor()
    const all = must(await node.operator.GET('/v1/data-sources', {}))
    expect(JSON.stringify(all)).not.toContain('quiet cranes')
  })

  it('looks through a database with a bar that anybody may find again and cancel, and tells what it found', async () => {
    const { page } = carla
    const { host, port, database, user } = hospital.connection
    const body = { slug: 'hospital', kind: 'postgresql', title: 'Hospital', settings: { host, port, database, tls: 'off' }, secret: { user, password: '' } }
    const { id } = must(await node.operator.POST('/v1/data-sources', { body }))
    // Whoever looks waits at the second table, for its lock.
    const holder = new pg.Client(hospital.connection)
    await holder.connect()
    await holder.query('BEGIN; LOCK TABLE patients')
    await carla.open('/custody/sources')
    await page.getByRole('link', { name: 'Hospital' }).click()
    await carla.press('Look through it')
    await page.getByText('50% · 1 of 2 · what their columns hold').waitFor()
    await page.reload()
    await page.getByText('50% · 1 of 2 · what their columns hold').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(carla, 'source-look')
    const phone = await visit(browser, node, { width: 390, colorScheme: 'dark', locale: 'es-MX' })
    await phone.context.addCookies(await carla.context.cookies())
    await phone.open(new URL(page.url()).pathname)
    await phone.page.getByText('qué contienen sus columnas', { exact: false }).waitFor()
    expect(await faultsOf(phone.page)).toEqual([])
    await shot(phone, 'source-look-phone')
    await phone.context.close()
    await carla.press('Cancel')
    await page.getByText('Cancelled. The catalogue is as it was.').waitFor()
    await page.getByText('No tables yet', { exact: false }).waitFor()
    await holder.query('ROLLBACK')
    await holder.end()
    await carla.press('Look through it')
    await page.getByRole('link', { name: 'public.patients' }).waitFor()
    await page.getByRole('heading', { name: 'What changed' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    must(await node.operator.DELETE('/v1/data-sources/{source}', { params: { path: { source: id } } }))
  })

  it('reads well on a phone, in the dark and in Spanish', async () => {
    const phone = await visit(browser, node, { width: 390, colorScheme: 'dark', locale: 'es-MX' })
    await phone.context.addCookies(await carla.context.cookies())
    await phone.open('/custody/sources')
    await phone.heading('Fuentes')
    await phone.page.getByRole('link', { name: /^Admissions/ }).waitFor()
    expect(await faultsOf(phone.page)).toEqual([])
    await phone.page.getByRole('link', { name: /^Admissions/ }).click()
    await phone.page.getByRole('link', { name: 'stays' }).click()
    await phone.page.getByRole('rowheader', { name: 'diagnosis' }).waitFor()
    expect(await faultsOf(phone.page)).toEqual([])
    await shot(phone, 'table-phone')
    expect([...carla.complaints, ...phone.complaints]).toEqual([])
    await phone.context.close()
  })
})
