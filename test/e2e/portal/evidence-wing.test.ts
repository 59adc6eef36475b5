/** The evidence wing in a real browser: the log by place, witnesses, anchors, consent proofs and keys, with real parts outside the node. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWitness } from '../../../apps/cli/witness/server.ts'
import compiled from '../../../modules/anchors/contract/CheckpointAnchor.json' with { type: 'json' }
import { startChain, type TestChain } from '../../../modules/anchors/testing/chain.ts'
import { startAuthority, type TestAuthority } from '../../../modules/anchors/testing/time-stamp-authority.ts'
import { endlessO1js } from '../../../modules/exchange/proofs/testing/endless-o1js.ts'
import { type NodeProcess, startInCluster, until } from '../node.ts'
import { addPartner, importPeople, member, purpose } from '../scenario.ts'
import { addAccount, faultsOf, missing, openBrowser, signIn, skipped, type Visit, visit } from './browser.ts'

const grantee = 'northwind-bank'

// Each goes through several pages, and waits for what is outside the node.
describe.skipIf(missing.length > 0)(`the evidence wing${skipped}`, { timeout: 90_000 }, () => {
  let node: NodeProcess
  let browser: Browser
  let admin: Visit
  let officer: Visit
  let witness: Server
  let folder: string
  let chain: TestChain
  let authority: TestAuthority
  let contract: string
  let o1js: string

  beforeAll(async () => {
    o1js = await endlessO1js()
    node = await startInCluster({ environment: { GATEHOUSE_EGRESS_ALLOW: '127.0.0.1:*,127.0.0.1', GATEHOUSE_O1JS: o1js } })
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-witness-'))
    chain = await startChain(Date.now)
    contract = (await chain.from(`0x${'dd'.repeat(20)}`, compiled.bytecode)).created ?? ''
    authority = await startAuthority()
    await importPeople(
      node,
      [
        'customer_id,given_name,family_name,email,date_of_birth,annual_income',
        ...Array.from({ length: 34 }, (_, at) => `P${at},Ada,Lovelace,ada@example.org,1815-12-10,51000`),
      ].join('\n'),
    )
    await addPartner(node, grantee)
    const consent = (userId: string, kind: string) => ({ user_id: userId, purposes: [purpose], recipients: [grantee], data_classes: [kind], method: 'paper' })
    for (let at = 0; at < 33; at++) must(await node.operator.POST('/v1/consents', { body: consent(`P${at}`, 'customer') as never }))
    must(await node.operator.POST('/v1/consents', { body: consent('P33', 'account') as never }))
    browser = await openBrowser()
    admin = await visit(browser, node)
    officer = await visit(browser, node, { width: 390, colorScheme: 'dark' })
    await signIn(admin, await addAccount(node, 'admin@example.org', 'administrator'))
    await signIn(officer, await addAccount(node, 'officer@example.org', 'officer'))
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
    witness?.close()
    await Promise.all([chain?.close(), authority?.close(), ...[folder, o1js].map((each) => (each === undefined ? undefined : rm(each, { recursive: true })))])
  })

  const shot = async ({ page }: Visit, name: string) => {
    const { width = 0 } = page.viewportSize() ?? {}
    if (process.env.SCREENSHOTS !== undefined) await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}-${width}.png`, fullPage: true })
  }
  const good = (seen: Visit, text: string | RegExp) => seen.page.getByRole('status').filter({ hasText: text }).first().waitFor()

  it('shows the log by place, draws its growth, and gives its files', async () => {
    const { page, press } = admin
    // A signed size, and one more entry behind it: the first entries may all stand under one checkpoint.
    const signed = async () => must(await node.operator.GET('/v1/ledger/standing', {})).size
    const earlier = await signed()
    must(await node.operator.POST('/v1/vault/verify', { body: {} }))
    await until(async () => (await signed()) > earlier)
    await admin.open('/ledger/log')
    await admin.heading('Log')
    await page.getByLabel('Place', { exact: true }).fill('0')
    await press('Go there')
    await page.getByText('Places 0 to 19 of').waitFor()
    await page.getByLabel('Earlier size').fill(String(earlier))
    await press('Check the growth')
    await good(admin, /begins with the whole log over \d+: \d+ were added, none was changed/)
    expect(await faultsOf(page)).toEqual([])
    await shot(admin, 'log')
    const [tile] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^tile\/0\// }).click()])
    expect((await readFile(await tile.path())).length % 32).toBe(0)
    // The way of one entry to the root, and its proof in the open format.
    await page.getByRole('group', { name: 'Entries by place' }).getByRole('link').first().click()
    await page.getByRole('tab', { name: 'Evidence' }).click()
    await page.getByRole('img', { name: /tree|root/i }).waitFor()
    const [proof] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download .tlog-proof' }).click()])
    expect(await readFile(await proof.path(), 'utf8')).toMatch(/^c2sp\.org\/tlog-proof@v1\n/)
    await officer.open('/ledger/log')
    await officer.heading('Log')
    await officer.page.getByText('Not published').waitFor()
    expect(await officer.page.getByRole('button', { name: 'Publish the log' }).count()).toBe(0)
    expect(await faultsOf(officer.page)).toEqual([])
    await shot(officer, 'log')
  })

  it('adds a witness, demands its cosignature, and says who is late', async () => {
    const { page, press } = admin
    await admin.open('/ledger/witnesses')
    await page.getByRole('heading', { name: 'Nobody witnesses this log yet' }).waitFor()
    const { vkey: log } = must(await node.operator.GET('/v1/ledger/checkpoint', {}))
    const opened = await openWitness({ folder, name: 'witness.example/w1', logs: [log] })
    witness = opened.server
    await once(witness.listen(0, '127.0.0.1'), 'listening')
    const add = async (vkey: string, url: string) => {
      await press('Add a witness')
      await page.getByLabel('Verifier key of the witness').fill(vkey)
      await page.getByLabel('Address').fill(url)
      await page.getByRole('dialog').getByRole('button', { name: 'Add the witness' }).click()
    }
    await add('not a key', 'http://127.0.0.1:1')
    await page.getByRole('dialog').getByRole('alert').waitFor()
    await page.keyboard.press('Escape')
    await add(opened.vkey, `http://127.0.0.1:${(witness.address() as AddressInfo).port}`)
    await page.getByText('Up to date').waitFor()
    const silent = await openWitness({ folder: join(folder, 'silent'), name: 'witness.example/w2', logs: [log] })
    await add(silent.vkey, 'http://127.0.0.1:1')
    await page.getByText('Did not cosign').waitFor()
    await page.getByLabel('How many must cosign').fill('1')
    await press('Save')
    await page.getByText('1 of 2 witnesses have to cosign').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(admin, 'witnesses')
    await officer.open('/ledger/witnesses')
    await officer.page.getByText('1 of 2 witnesses have to cosign').waitFor()
    expect(await faultsOf(officer.page)).toEqual([])
    await shot(officer, 'witnesses')
  })

  it('anchors by a time stamp and on a chain, and says why one is not confirmed', async () => {
    const { page, press } = admin
    await admin.open('/ledger/anchors')
    await page.getByRole('heading', { name: 'Checkpoints are not anchored anywhere yet' }).waitFor()
    await press('Add a target')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Test authority')
    await page.getByLabel('Address of the authority').fill(authority.url)
    await page.getByLabel('Root certificates of the authority (PEM)').fill(authority.root)
    await press('Add the target')
    await press('Add a target')
    await page.getByText('Chain (EVM)').first().click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Test chain')
    await page.getByLabel('Address of a chain node (RPC)').fill(chain.url)
    await page.getByLabel('Id of the chain').fill('31337')
    await page.getByLabel('Address of the contract').fill(contract)
    await press('Add the target')
    await page.getByRole('button', { name: 'Anchor now' }).click()
    // An account without money sends nothing, and says so.
    await page.getByText('Failed, tried again').first().waitFor()
    await page.getByText('The account has too little money.').first().waitFor()
    await shot(admin, 'anchors-failing')
    const { data } = must(await node.operator.GET('/v1/anchors/targets', {}))
    await chain.fund(data.find(({ kind }) => kind === 'evm')?.account ?? '')
    must(await node.operator.POST('/v1/anchors/run', {}))
    await chain.mine()
    must(await node.operator.POST('/v1/anchors/run', {}))
    await admin.open('/ledger/anchors?target=')
    const chainRow = page.getByRole('row').filter({ hasText: 'Test chain' }).filter({ hasText: /Sent/ }).last()
    await chainRow.waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(admin, 'anchors')
    const evm = must(await node.operator.GET('/v1/anchors', { params: { query: { state: 'sent' } } })).data[0]
    await officer.open(`/ledger/anchors/${evm?.id}`)
    await officer.page.getByText('Mined, 1 block deep; it needs some more.').waitFor()
    expect(await faultsOf(officer.page)).toEqual([])
    await shot(officer, 'anchor-shallow')
    await chain.mine(70)
    must(await node.operator.POST('/v1/anchors/run', {}))
    await admin.open(`/ledger/anchors/${evm?.id}`)
    await page.getByText('Gas', { exact: true }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(admin, 'anchor')
    const stamp = must(await node.operator.GET('/v1/anchors', { params: { query: { state: 'final' } } })).data.at(-1)
    await officer.open(`/ledger/anchors/${stamp?.id}`)
    const [token] = await Promise.all([officer.page.waitForEvent('download'), officer.page.getByRole('button', { name: 'Download the token (DER)' }).click()])
    expect((await readFile(await token.path()))[0]).toBe(0x30)
  })

  it('publishes sets, refuses the small one in words, and proves in the large one', async () => {
    const { page, press } = officer
    await officer.open('/ledger/consent-proofs')
    // Every five minutes the node does this by itself; it may have done so just before.
    await press('Publish the sets now')
    await page.getByText('Refused: too few').first().waitFor()
    await page.getByText('1 set has fewer than 32 members').first().waitFor()
    const ask = async (person: string, kind: string) => {
      await press('Prove a consent')
      const dialog = page.getByRole('dialog')
      for (const [label, value] of [
        ['Id of the person', person],
        ['Grantee', grantee],
        ['Purpose', purpose],
        ['Kind of record', kind],
        ['Who it is made for', grantee],
        ['Hash of their request', createHash('sha256').update(person).digest('hex')],
      ] as const)
        await dialog.getByLabel(label).fill(value)
      await dialog.getByRole('button', { name: 'Prove and download' }).click()
    }
    await ask('P33', 'account')
    await page.getByRole('dialog').getByRole('alert').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(officer, 'prove-refused')
    await page.keyboard.press('Escape')
    const downloading = page.waitForEvent('download')
    await ask('P1', 'customer')
    const document = await readFile(await (await downloading).path(), 'utf8')
    expect(JSON.parse(document)).toMatchObject({ format: 'gatehouse-consent-proof', system: 'gh-gk-ristretto-v1' })
    expect(document).not.toContain('P1"')
    await page.getByText('Goes into the log soon').first().waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(officer, 'consent-proofs')
    await admin.open('/ledger/consent-proofs')
    await admin.page.getByText('Refused: too few').first().waitFor()
    expect(await admin.page.getByRole('button', { name: 'Prove a consent' }).count()).toBe(0)
    expect(await faultsOf(admin.page)).toEqual([])
    await shot(admin, 'consent-proofs')
  })

  it('follows a proof over a large set, cancels it, and says why one was not made', async () => {
    const { page, press } = officer
    const body = { grantee, purpose, data_class: 'customer', request_hash: createHash('sha256').update('large').digest('hex'), verifier: grantee }
    // Somebody who consented to something else: found out before anything is computed.
    must(await node.operator.POST('/v1/proofs/requests', { body: { ...body, user_id: 'P33' } }))
    await officer.open('/ledger/consent-proofs')
    const requests = page.getByRole('region', { name: 'Asked for over large sets' })
    await requests.getByText('The person has no such consent in force for long enough.').waitFor({ timeout: 30_000 })
    await press('Prove a consent')
    const dialog = page.getByRole('dialog')
    for (const [label, value] of [
      ['Id of the person', 'P1'],
      ['Grantee', grantee],
      ['Purpose', purpose],
      ['Kind of record', 'customer'],
      ['Who it is made for', grantee],
      ['Hash of their request', body.request_hash],
    ] as const)
      await dialog.getByLabel(label).fill(value)
    await dialog.getByLabel('Hide among all such consents').check()
    expect(await faultsOf(page)).toEqual([])
    await shot(officer, 'prove-large')
    await dialog.getByRole('button', { name: 'Ask for the proof' }).click()
    await requests.getByText('Step 1 of 4: the consents are gathered.').waitFor({ timeout: 30_000 })
    expect(await faultsOf(page)).toEqual([])
    await shot(officer, 'requests')
    await admin.open('/ledger/consent-proofs')
    await admin.page.getByText('Step 1 of 4: the consents are gathered.').waitFor()
    expect(await admin.page.getByRole('button', { name: 'Cancel', exact: true }).count()).toBe(0)
    await shot(admin, 'requests')
    await requests.getByRole('button', { name: 'Cancel' }).click()
    await press('Cancel the proof')
    await requests.getByText('Cancelled').waitFor()
    expect(await requests.textContent()).not.toMatch(/P1\b|P33/)
    expect(await faultsOf(page)).toEqual([])
  })

  it('shows keys with their ages and what lies under them, and changes the key', async () => {
    const { page, press } = admin
    await admin.open('/ledger/keys')
    await page.getByText('34 · data keys of persons').waitFor()
    await press('Change the key now')
    await press('Change the key')
    await page.getByRole('row').filter({ hasText: 'Version 2' }).filter({ hasText: '34 · data keys of persons' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(admin, 'keys')
    const auditor = await visit(browser, node, { width: 390, colorScheme: 'dark' })
    await signIn(auditor, await addAccount(node, 'auditor@example.org', 'auditor'))
    await auditor.open('/ledger/keys')
    await auditor.page.getByText('34 · data keys of persons').waitFor()
    expect(await auditor.page.getByRole('button', { name: 'Change the key now' }).count()).toBe(0)
    expect(await faultsOf(auditor.page)).toEqual([])
    await shot(auditor, 'keys')
    expect([admin.complaints, officer.complaints, auditor.complaints]).toEqual([[], [], []])
  })

  it('keeps the node’s own log from everybody but an operator', async () => {
    const outsiders = [await member(node, 'administrator', 'second@example.org'), await member(node, 'auditor', 'third@example.org')]
    for (const client of outsiders) {
      expect((await client.GET('/v1/node/log', {})).response.status).toBe(403)
      expect((await client.GET('/v1/node/log/entries', {})).response.status).toBe(403)
    }
    expect((await fetch(`${node.origin}/logs/node/checkpoint`)).status).toBe(404)
    await until(async () => must(await node.operator.GET('/v1/node/log', {})).size > 0)
    const headers = { authorization: `Bearer ${node.credential.key}` }
    expect(await (await fetch(`${node.origin}/logs/node/checkpoint`, { headers })).text()).toMatch(/^gatehouse\/0{8}/)
  })
})
