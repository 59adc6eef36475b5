/** What people look at while the vault works: imports under way, and what was checked. */
import { setTimeout as wait } from 'node:timers/promises'
import { Problem } from '@gatehouse/core/problem'
import { systemPrincipal } from '@gatehouse/runtime/base/context'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { overview } from '../overview.ts'
import { problems } from '../problems.ts'
import { batchRowsMax, verifyAtOnceMax, verifyQueue } from '../schema.ts'
import { bytesOf, customerFile, openVault, type VaultNode } from '../testing/vault.ts'
import { beginVerification } from '../verifications/begin.ts'
import { listVerifications } from '../verifications/list.ts'
import { verify } from '../verifications/verify.ts'
import { verifying } from '../verifications/verifying.ts'
import { listImports } from './list.ts'
import { stopImport } from './stop.ts'

let vault: VaultNode
beforeEach(async () => {
  vault = await openVault()
})
afterEach(() => vault.close())

const header = 'customer_id,given_name,date_of_birth,balance,internal\n'
const rows = (from: number, count: number) => Array.from({ length: count }, (_, index) => `C-${from + index},Ana,1980-04-12,1,x\n`).join('')
const imports = async (filter: { status?: 'stopped' | 'finished' } = {}) => {
  const answer = await vault.door.enter(listImports, filter, vault.admin)
  return answer.outcome === 'done' ? answer.output.data : []
}
const stop = (id: string) => vault.door.enter(stopImport, { import: id }, vault.admin)

describe('stopping an import', () => {
  it('is refused where it does not run', async () => {
    const id = await vault.plan()
    await vault.send(id, bytesOf(customerFile))
    expect(await stop(id)).toMatchObject({ outcome: 'refused' })
    expect(await stop('01980000-0000-7000-8000-00000000dead')).toMatchObject({ outcome: 'refused' })
  })

  it('keeps what was stored, takes nothing more, and the same file goes on from there', async () => {
    const id = await vault.plan()
    let stopped: unknown
    async function* file(halt: boolean) {
      yield Buffer.from(header + rows(0, batchRowsMax * 2))
      // Reading is two batches ahead of writing at most.
      if (halt) {
        while ((await imports())[0]?.progress.batches === 0) await new Promise((resolve) => setTimeout(resolve, 5))
        stopped = await stop(id)
      }
      yield Buffer.from(rows(batchRowsMax * 2, batchRowsMax * 3))
    }
    const refused = await vault.send(id, file(true)).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Problem)
    expect((refused as Problem).kind.type).toBe('/problems/vault/import-halted')
    expect(stopped).toMatchObject({ outcome: 'done', output: { status: 'stopped' } })
    const [shown] = await imports({ status: 'stopped' })
    expect(shown).toMatchObject({ import_id: id, status: 'stopped' })
    expect(shown?.progress.imported).toBeLessThan(batchRowsMax * 5)
    expect(await vault.send(id, file(false))).toMatchObject({ read: batchRowsMax * 5, imported: batchRowsMax * 5 - (shown?.progress.imported ?? 0) })
    expect(await imports({ status: 'finished' })).toHaveLength(1)
  })
})

describe('a stopped import whose batch still waits for the ledger', () => {
  it('fails where somebody waits for it, and ends nothing else', async () => {
    const unseen: unknown[] = []
    const see = (error: unknown) => unseen.push(error)
    const slow = await openVault({ append: async (_tx, { type }) => wait(type === 'vault.head' ? 400 : 0) })
    process.on('unhandledRejection', see)
    try {
      const id = await slow.plan()
      async function* file() {
        yield Buffer.from(header + rows(0, batchRowsMax))
        // The second batch is stored while the first is long in: by then the import is stopped.
        while ((await slow.door.enter(stopImport, { import: id }, slow.admin)).outcome !== 'done') await wait(5)
        yield Buffer.from(rows(batchRowsMax, batchRowsMax))
      }
      const refused = await slow.send(id, file()).catch((error: unknown) => error)
      expect((refused as Problem).kind.type).toBe('/problems/vault/import-halted')
      await wait(300)
      expect(unseen).toEqual([])
    } finally {
      process.off('unhandledRejection', see)
      await slow.close()
    }
  })
})

describe('what the vault tells of itself', () => {
  it('counts, ages of keys and the last check, and the place of each fault', async () => {
    await vault.importText(customerFile)
    const before = await vault.door.enter(overview, {}, vault.admin)
    expect(before).toMatchObject({ output: { subjects: 3, blocks: 3, keys: [{ version: 1, subjects: 3 }], last_verification: null } })
    await vault.tamper('UPDATE vault.block SET data_hash = sha256(data_hash) WHERE sequence = 1')
    const found = await vault.verified()
    const after = await vault.door.enter(overview, {}, vault.admin)
    expect(after).toMatchObject({ output: { last_verification: { blocks: 3, fault_count: found.fault_count } } })
    const checks = await vault.door.enter(listVerifications, {}, vault.admin)
    expect(checks).toMatchObject({ output: { next: null, data: [{ fault_count: found.fault_count, faults: found.faults }] } })
    expect(found.faults).toContainEqual(expect.objectContaining({ sequence: 1, fault: 'data_hash' }))
  })
})

describe('a check of a vault with more blocks than one can wait for', () => {
  const job = () => systemPrincipal(vault.tenant, `job:${verifyQueue}`)
  const going = async () => {
    const answer = await vault.door.enter(verifying, {}, vault.admin)
    return answer.outcome === 'done' ? answer.output.verifying : answer
  }

  it('is refused at a connection, but for one person, and begun as a job', async () => {
    await vault.importText(customerFile)
    await vault.tamper(`UPDATE vault.head SET sequence = ${verifyAtOnceMax}`)
    expect(await vault.door.enter(verify, {}, vault.admin)).toMatchObject({ outcome: 'refused', problem: { kind: problems.verify_too_long } })
    expect(await vault.door.enter(verify, { user_id: 'C-1' }, vault.admin)).toMatchObject({ output: { subjects: 1, blocks: 1 } })
    expect(await vault.door.enter(beginVerification, {}, vault.admin)).toMatchObject({ output: { blocks: 3 * verifyAtOnceMax } })
    expect(vault.enqueued.at(-1)).toMatchObject({ queue: verifyQueue, data: { tenant: vault.tenant } })
    expect(await vault.door.enter(verify, {}, job())).toMatchObject({ outcome: 'done', output: { blocks: 3, fault_count: 3 } })
  })

  it('tells how far it is, also where its process has died, until one is through', async () => {
    await vault.importText(customerFile)
    expect(await going()).toBeNull()
    await vault.tamper(`INSERT INTO vault.verifying (tenant_id, started_at, blocks, of_blocks) VALUES ('${vault.tenant}', now(), 2, 9)`)
    expect(await going()).toMatchObject({ blocks: 2, of_blocks: 9 })
    await vault.door.enter(verify, {}, job())
    expect(await going()).toBeNull()
  })
})
