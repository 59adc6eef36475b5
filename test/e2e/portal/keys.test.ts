/**
 * The keys of an institution in a real browser: what signs is changed, the browsers that knew the old key follow, and a log that is behind its head says
 * why it signs nothing.
 */
import { join } from 'node:path'
import { folderHeads } from '@gatehouse/runtime/data/heads/folder'
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gatehouse, standing } from '../backed-up.ts'
import { type NodeProcess, startNode, until } from '../node.ts'
import { type Account, addAccount, faultsOf, missing, openBrowser, signIn, skipped, type Visit, visit } from './browser.ts'

/** The pages of the wing by their titles. */
const spanish = {
  '/ledger/audit': 'Auditoría',
  '/ledger/log': 'Libro completo',
  '/ledger/witnesses': 'Testigos',
  '/ledger/anchors': 'Anclas',
  '/ledger/consent-proofs': 'Pruebas de consentimiento',
  '/ledger/keys': 'Claves',
  '/ledger/erasures': 'Supresiones',
  '/ledger/credentials': 'Credenciales',
  '/ledger/verify': 'Verificar',
} as const

describe.skipIf(missing.length > 0)(`keys that sign${skipped}`, { timeout: 90_000 }, () => {
  let node: NodeProcess
  let browser: Browser
  let account: Account
  let admin: Visit
  let auditor: Visit
  let outsider: Visit
  let audit: string

  beforeAll(async () => {
    node = await startNode()
    audit = `/audit/${(await standing(node)).origin.split('/')[1]}`
    await gatehouse(node.home, 'log', 'publish')
    browser = await openBrowser()
    ;[admin, auditor, outsider] = [
      await visit(browser, node),
      await visit(browser, node, { width: 390, colorScheme: 'dark' }),
      await visit(browser, node, { width: 390, colorScheme: 'dark' }),
    ]
    account = await addAccount(node, 'admin@example.org', 'administrator')
    await signIn(admin, account)
    await signIn(auditor, await addAccount(node, 'auditor@example.org', 'auditor'))
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
  })

  const shot = async ({ page }: Visit, name: string) => {
    const { width = 0 } = page.viewportSize() ?? {}
    if (process.env.SCREENSHOTS !== undefined) await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}-${width}.png`, fullPage: true })
  }
  const says = ({ page }: Visit, text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).first().waitFor({ timeout: 60_000 })
  const generation = ({ page }: Visit, number: number, state: string) =>
    page.getByRole('row', { name: new RegExp(`^Checkpoints of the log ${number} ${state}`) }).waitFor()

  it('are known to a browser from its first look on', async () => {
    await admin.open('/ledger/verify')
    await says(admin, 'The newest checkpoint')
    await outsider.open(audit)
    await says(outsider, 'The newest checkpoint')
  })

  it('are shown generation by generation, and changed by an administrator who confirms it, not by an auditor', async () => {
    const { page, press } = admin
    await auditor.open('/ledger/keys')
    await generation(auditor, 1, 'Signs')
    expect(await auditor.page.getByRole('button', { name: /^New key/ }).count()).toBe(0)
    await admin.open('/ledger/keys')
    await press('New key: Checkpoints of the log')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('From its entry in the log on the new key signs.').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(admin, 'new-key')
    await page.keyboard.press('Escape')
    expect(must(await node.operator.GET('/v1/keys', {})).signing_keys.filter(({ key }) => key === 'log')).toHaveLength(1)
    await press('New key: Checkpoints of the log')
    await dialog.getByLabel('Days for which the old key signs along').fill('7')
    await dialog.getByRole('button', { name: 'Take a new key' }).click()
    await generation(admin, 2, 'Signs')
    await generation(admin, 1, 'Signs along')
    expect(await faultsOf(page)).toEqual([])
    await shot(admin, 'signing-keys')
    await auditor.open('/ledger/keys')
    await generation(auditor, 2, 'Signs')
    expect(await faultsOf(auditor.page)).toEqual([])
    await shot(auditor, 'signing-keys')
  })

  it('are followed by every browser that knew the old one, with and without an account', async () => {
    await until(async () => (await standing(node)).waiting === 0)
    await admin.open('/ledger/verify')
    await says(admin, 'The signing key was changed, and the one that this browser knew vouches for the new one in the log.')
    expect(await faultsOf(admin.page)).toEqual([])
    await shot(admin, 'followed')
    await outsider.open(audit)
    await says(outsider, 'The signing key was changed, and the one that this browser knew vouches for the new one in the log.')
    await outsider.press('Recompute in this browser')
    await says(outsider, 'Everything holds')
    expect(await faultsOf(outsider.page)).toEqual([])
    await shot(outsider, 'followed-outside')
    // The growth from a size that the old key alone has signed.
    await admin.open('/ledger/log')
    await admin.page.getByLabel('Earlier size').fill('2')
    await admin.press('Check the growth')
    await says(admin, /begins with the whole log over \d+/)
    // Known now, and not told again.
    await admin.open('/ledger/verify')
    await says(admin, 'The log still begins with the checkpoint')
    expect(await admin.page.getByText('The signing key was changed').count()).toBe(0)
    expect([admin.complaints, auditor.complaints, outsider.complaints]).toEqual([[], [], []])
  })

  it('are shown in Spanish, like every page of the wing, without a fault', async () => {
    const [phone, desk] = [await visit(browser, node, { width: 390, colorScheme: 'dark', locale: 'es-MX' }), await visit(browser, node, { locale: 'es-MX' })]
    const officer = await addAccount(node, 'officer@example.org', 'officer')
    for (const [seen, { email, password }] of [
      [phone, account],
      [desk, officer],
    ] as const) {
      await seen.open('/sign-in')
      await seen.page.getByLabel('Correo electrónico').fill(email)
      await seen.page.getByRole('textbox', { name: 'Contraseña' }).fill(password)
      await seen.press('Iniciar sesión')
      await seen.page.waitForURL(({ pathname }) => pathname !== '/sign-in')
    }
    for (const [path, title] of Object.entries({ ...spanish, [audit]: 'Auditar este libro' })) {
      const seen = path === '/ledger/erasures' || path === '/ledger/consent-proofs' ? desk : phone
      await seen.open(path)
      await seen.heading(title)
      await seen.page.locator('[class*=mantine-Loader-root], [class*=mantine-Skeleton-root]').first().waitFor({ state: 'detached' })
      expect(await faultsOf(seen.page), path).toEqual([])
      await shot(seen, `es${path.replaceAll('/', '-').slice(0, 24)}`)
    }
    expect([phone.complaints, desk.complaints]).toEqual([[], []])
  })

  it('sign nothing while the log is behind its head, and the page says so and what to do', async () => {
    await node.stop()
    const heads = await folderHeads(join(node.home, 'heads'))
    const name = audit.replace('/audit/', 'log/')
    const head = await heads.read(name)
    const ahead = Buffer.from(head?.value ?? '')
      .toString()
      .replace(/\n\d+\n/, '\n999\n')
    await heads.compareAndSwap(name, head?.version, Buffer.from(ahead))
    node = await startNode({ home: node.home })
    must(await node.operator.POST('/v1/partners', { body: { reference: 'harbour', name: 'Harbour' } }))
    await until(async () => (await standing(node)).state === 'behind', 30_000)
    for (const [width, colorScheme] of [
      [1440, 'light'],
      [390, 'dark'],
    ] as const) {
      const seen = await visit(browser, node, { width, colorScheme })
      await signIn(seen, account)
      await seen.open('/ledger/log')
      await seen.page.getByText('The log signs nothing').waitFor()
      await seen.page.getByText('More was signed before than this database knows.').waitFor()
      expect(await faultsOf(seen.page)).toEqual([])
      await shot(seen, 'halted')
      expect(seen.complaints).toEqual([])
    }
    const said = await gatehouse(node.home, 'log', 'succeed', '--stored-size', '999')
    expect(said).toContain('The log goes on as')
    await until(async () => (await standing(node)).state === 'signing', 30_000)
  })
})
