/** Credentials in a real browser: an officer defines a type; a person, on a phone, takes a proof that a wallet fetches; it is shown, refused and revoked. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWallet, postForm, readRequest, show, vpToken, type Wallet } from '../../../modules/exchange/credentials/testing/wallet.ts'
import { type NodeProcess, startInCluster } from '../node.ts'
import { importPeople, member, officer, publishPolicy } from '../scenario.ts'
import { addAccount, addPerson, faultsOf, missing, openBrowser, signIn, skipped, type Visit, visit } from './browser.ts'

const purpose = 'dpv:IdentityVerification'
/** Of an age that somebody can have. */
const people = 'customer_id,given_name,family_name,email,date_of_birth,annual_income\nC1,Ada,Lovelace,ada@example.org,1985-12-10,51000\n'
const policy = {
  uid: 'wallets',
  type: 'Set',
  profile: 'urn:gatehouse:odrl:v1',
  title: 'What people may carry away',
  assignee: 'holder',
  permission: [
    {
      uid: 'age',
      action: 'release',
      target: 'customer',
      purpose: [purpose],
      legal_basis: { basis: 'eu-gdpr:A6-1-b', law: 'Customer contract' },
      fields: { date_of_birth: { mask: 'keep' } },
    },
  ],
  prohibition: [],
}

describe.skipIf(missing.length > 0)(`credentials${skipped}`, () => {
  let node: NodeProcess
  let browser: Browser
  let staff: Visit
  let person: Visit
  let wallet: Wallet
  let credential: string

  beforeAll(async () => {
    node = await startInCluster()
    await importPeople(node, people)
    await publishPolicy(node, await officer(node), policy)
    wallet = await openWallet('ES256', Date.now)
    browser = await openBrowser()
    staff = await visit(browser, node)
    person = await visit(browser, node, { width: 390, colorScheme: 'dark' })
    await signIn(staff, await addAccount(node, 'one@example.org', 'officer'))
    await signIn(person, await addPerson(node, await member(node, 'officer', 'two@example.org'), 'C1', 'ada@example.org'))
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  const linkIn = async ({ page }: Visit) => ((await page.getByRole('region', { name: 'Link for the wallet' }).textContent()) ?? '').trim()

  it('begin with a type, which an officer defines', async () => {
    const { page, open, press, heading } = staff
    await open('/ledger/credentials')
    await heading('Credentials')
    await page.getByText('Nobody has fetched a credential yet').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('tab', { name: 'Types' }).click()
    await press('New type')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Of full age')
    await page.getByLabel('Short name').fill('of_age')
    await page.getByLabel('Name of the claim').fill('age_over_18')
    const choose = async (label: string, option: string | RegExp) => {
      await page.getByRole('combobox', { name: label, exact: true }).click()
      await page.getByRole('option', { name: option }).first().click()
    }
    await choose('Data class', 'customer')
    await choose('Field', 'date_of_birth')
    await page.getByLabel('Age in years').fill('18')
    await page.getByRole('combobox', { name: 'Purpose', exact: true }).fill('Identity')
    await page
      .getByRole('option', { name: /Identity ?Verification/i })
      .first()
      .click()
    await page.getByLabel('People may fetch it by themselves').check()
    expect(await faultsOf(page)).toEqual([])
    await press('Define the type')
    await page.getByRole('heading', { name: 'Of full age' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  it('are taken by a person on a phone in the dark, and fetched by their wallet', async () => {
    const { page, open, press, heading } = person
    await open('/me/credentials')
    await heading('Prove one thing')
    await page.getByRole('heading', { name: 'Of full age' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await press('Put it into my wallet')
    await page.getByRole('img', { name: 'QR code for your wallet' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    const [, code = ''] = /Code: (\d{6})/.exec((await page.getByRole('dialog').textContent()) ?? '') ?? []
    credential = await wallet.accept({ uri: await linkIn(person), tx_code: code })
    await press('Done')
    await page.getByText('Counts', { exact: true }).waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  it('are asked for, shown and looked at', async () => {
    const { page, open, press } = staff
    const issuer = JSON.parse(Buffer.from(credential.split('.')[1] ?? '', 'base64url').toString()) as { iss: string; vct: string }
    await open('/ledger/credentials')
    await press('Ask for a claim')
    await page.getByLabel('Type of credential').fill(issuer.vct)
    await page.getByRole('textbox', { name: 'Claims', exact: true }).fill('age_over_18')
    await page.getByLabel('Whose signature counts').fill(issuer.iss)
    await page.getByRole('combobox', { name: 'Purpose', exact: true }).fill('Identity')
    await page
      .getByRole('option', { name: /Identity ?Verification/i })
      .first()
      .click()
    await press('Make the request')
    await page.getByRole('img', { name: 'QR code of the request' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    const asked = await readRequest(await linkIn(staff), Date.now())
    const bound = await wallet.bind(show(credential, ['age_over_18']), { aud: asked.client_id, nonce: asked.nonce })
    expect(await postForm(asked.response_uri, { state: asked.state, vp_token: vpToken(asked, bound) })).toMatchObject({ status: 200 })
    await press('Done')
    await page.getByRole('tab', { name: 'Asked of wallets' }).click()
    await page.getByText('Proven', { exact: true }).waitFor()
    await press('Look')
    await page.getByRole('dialog').getByText('true', { exact: true }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
  })

  it('are revoked by the staff, which the person sees', async () => {
    const { page, open, press } = staff
    await open('/ledger/credentials')
    await page.getByText('Valid', { exact: true }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await press('Revoke')
    await press('Revoke the credential')
    await page.getByText('Revoked', { exact: true }).waitFor()
    await person.open('/me/credentials')
    await person.page.getByText('Counts no more').waitFor()
    expect([staff.complaints, person.complaints]).toEqual([[], []])
  })
})
