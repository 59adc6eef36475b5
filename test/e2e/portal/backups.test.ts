/** Backups of a real node in a real browser: one is made, comes back and verifies; and each way in which it may not stand well is seen. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runningSuperuser } from '@gatehouse/runtime/data/postgres/running'
import { must } from '@gatehouse/sdk/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gatehouse } from '../backed-up.ts'
import { inspect } from '../database.ts'
import { type NodeProcess, startNode, until } from '../node.ts'
import { addAccount, faultsOf, missing, openBrowser, signIn, skipped, type Visit, visit } from './browser.ts'

describe('a node does not start', () => {
  it.each([
    ['with a folder that is not a whole path', { GATEHOUSE_BACKUPS: 'backups' }, 'the whole path of a folder is expected'],
    ['with a folder that is a file', { GATEHOUSE_BACKUPS: import.meta.filename }, 'is no folder that backups can be written to'],
    ['with a server of its operator’s own', { GATEHOUSE_BACKUPS: '/tmp', DATABASE_URL: 'postgresql://localhost/x' }, 'back it up with its own tools'],
  ])(
    '%s',
    async (_, environment, words) => {
      await expect(startNode({ environment })).rejects.toThrow(words)
    },
    60_000,
  )
})

describe.skipIf(missing.length > 0)(`backups${skipped}`, () => {
  let folder: string
  let node: NodeProcess
  let browser: Browser
  let desk: Visit
  let phone: Visit

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-shelf-'))
    node = await startNode({ environment: { GATEHOUSE_BACKUPS: folder } })
    browser = await openBrowser()
    const account = await addAccount(node, 'grace@example.org', 'administrator')
    desk = await visit(browser, node)
    phone = await visit(browser, node, { width: 390, colorScheme: 'dark' })
    await signIn(desk, account)
    await signIn(phone, account)
  })
  afterAll(async () => {
    await browser?.close()
    await node?.remove()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  })

  const told = async () => must(await node.operator.GET('/v1/backups'))
  const health = async () => must(await node.operator.GET('/v1/health')).backups
  /** On both, each without a fault. */
  const stands = async (words: string) => {
    for (const { page, open, heading } of [desk, phone]) {
      await open('/administration/backups')
      await heading('Backups')
      await page.getByText(words, { exact: true }).waitFor()
      expect(await faultsOf(page)).toEqual([])
    }
  }
  const change = async (sql: string) => {
    await inspect({ ...(await runningSuperuser(node.home)), database: 'gatehouse' }, `UPDATE backups.backup SET ${sql}`)
  }

  it('are none at first, which the page and the health say', async () => {
    await stands('None yet')
    expect(await health()).toBe('none')
  })

  it('are made, restored beside the node, verified there, and listed by the command too', async () => {
    must(await node.operator.POST('/v1/backups'))
    await until(async () => ['good', 'faulty'].includes((await told()).standing), 120_000)
    const { data, standing } = await told()
    expect([standing, data[0]?.fault]).toEqual(['good', null])
    expect(await gatehouse(node.home, 'backup', '--to', folder, '--list')).toContain(data[0]?.id)
    await stands('In order')
    expect(await health()).toBe('good')
  }, 180_000)

  it.each([
    ['Too old', 'late', `made_at = now() - interval '49 hours'`],
    ['The newest does not come back', 'faulty', `made_at = now(), fault = 'base: frame 3 was changed'`],
    ['Waits for its trial', 'untried', 'fault = NULL, tried_at = NULL'],
  ])('are seen as they are: %s', async (words, standing, sql) => {
    await change(sql)
    await stands(words)
    expect(await health()).toBe(standing)
    await desk.open('/administration/health')
    await desk.page.getByText(standing === 'untried' ? 'Nothing to do' : 'Need a look', { exact: true }).waitFor()
    expect(await faultsOf(desk.page)).toEqual([])
  })

  it.each([
    ['No schedule', 'off'],
    ['Your own database server', 'external'],
  ])('that are not the node’s to make: %s', async (words, standing) => {
    for (const { page } of [desk, phone])
      await page.route('**/v1/backups', async (route) => {
        const answer = await route.fetch()
        await route.fulfill({ response: answer, json: { ...(await answer.json()), standing, schedule: null, data: [] } })
      })
    await stands(words)
    for (const { page } of [desk, phone]) await page.unroute('**/v1/backups')
    expect([desk.complaints, phone.complaints]).toEqual([[], []])
  })
})
