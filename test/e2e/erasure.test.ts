/** People are erased on a real node that is killed in the middle; afterwards nothing of them is found anywhere, and all chains verify. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodePrimitives, nodeSigner } from '@gatehouse/crypto/node'
import { must } from '@gatehouse/sdk/client'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gatehouse } from './backed-up.ts'
import { migratedDatabase, type SharedDatabase } from './database.ts'
import { faults } from './log.ts'
import { type NodeProcess, root, startNode } from './node.ts'
import { certified, dump, eraseAll, type Plantation, plant, said, searcher } from './planted.ts'
import { authorize, redeem } from './scenario.ts'

const count = 12
let database: SharedDatabase
let node: NodeProcess
let planted: Plantation
let erased: string
const verifier = join(root, 'apps/verify/dist/gatehouse-verify.mjs')

beforeAll(async () => {
  database = await migratedDatabase()
  node = await startNode({ environment: { DATABASE_URL: database.url, GATEHOUSE_LOG_LEVEL: 'trace' } })
  planted = await plant(node, count)
})
afterAll(async () => {
  await node?.remove()
  await database?.drop()
})

describe('erasing', () => {
  it('needs two people, of whom the machine is one', async () => {
    const { id } = must(await node.operator.POST('/v1/erasures', { body: { user_id: planted.people[0]?.userId ?? '', ground: 'objection' } }))
    const path = { params: { path: { erasure: id } } }
    for (let times = 0; times < 2; times++) expect((await node.operator.POST('/v1/erasures/{erasure}/approve', path)).response.status).toBe(202)
    must(await node.operator.DELETE('/v1/erasures/{erasure}', path))
    expect((await planted.second.POST('/v1/erasures/{erasure}/approve', path)).response.status).toBe(409)
  })

  it('leaves nothing that could be found, though the node was killed at any step', async () => {
    const search = searcher(planted.people)
    const before = search(await dump(database.superuser))
    // What stands in clear is found, so the search can find. Names stand in sealed blocks only, and user ids nowhere.
    expect(before).toEqual(expect.arrayContaining([planted.people[0]?.values[2], planted.people[0]?.values[3]]))
    const open = (await authorize(node, planted.partner, planted.people[0]?.userId ?? '')).body.token
    const ids = await eraseAll(node, planted.second, planted.people)
    for (const pauseMs of [50, 300, 900]) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      await node.kill()
      node = await startNode({ home: node.home, environment: { DATABASE_URL: database.url, GATEHOUSE_LOG_LEVEL: 'trace' } })
    }
    await certified(node, ids)
    erased = ids[0] ?? ''
    expect(search(await dump(database.superuser))).toEqual([])
    expect(search(await said(node))).toEqual([])
    expect((await redeem(node, open)).status).toBe(403)
    expect((await authorize(node, planted.partner, planted.people[0]?.userId ?? '')).status).toBe(403)
    expect(await faults(node.operator)).toEqual([])
    const check = must(await node.operator.POST('/v1/vault/verify', { body: {} }))
    expect(check).toMatchObject({ blocks: count, unreadable: count, fault_count: 0 })
  })

  it.skipIf(!existsSync(verifier))(
    'ends with a certificate that the one file of the verifier believes, and only as it is and under the log’s own key',
    async () => {
      const desk = await mkdtemp(join(tmpdir(), 'gatehouse-certificate-'))
      const [file, keys, strangers] = ['erasure.json', 'keys.txt', 'strangers.txt'].map((name) => join(desk, name)) as [string, string, string]
      const check = (certificate: string, keyFile: string) =>
        new Promise<{ code: number; said: string }>((resolve) => {
          execFile(process.execPath, [verifier, 'erasure', certificate, '--key', keyFile], { cwd: desk, env: { HOME: desk } }, (error, stdout, stderr) =>
            resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
          )
        })
      try {
        const certificate = must(await node.operator.GET('/v1/erasures/{erasure}/certificate', { params: { path: { erasure: erased } } }))
        await writeFile(file, JSON.stringify(certificate))
        await gatehouse(node.home, 'log', 'keys', '-o', keys)
        const good = await check(file, keys)
        expect([good.code, good.said]).toEqual([0, expect.stringMatching(/the keys of one person were destroyed at .*\n\nVerdict: good/)])
        const origin = certificate.log.origin
        await writeFile(strangers, formatNoteKey(noteKey(nodePrimitives.sha256, origin, nodeSigner(new Uint8Array(32).fill(9)).publicKey)))
        // Nothing wrong was found, and nobody known vouches for it.
        expect(await check(file, strangers)).toMatchObject({ code: 2, said: expect.stringContaining('no key in the key file signed this checkpoint') })
        const forged = join(desk, 'forged.json')
        for (const [from, place] of [
          [certificate.statement.ground, '/signature'],
          [certificate.signature, '/signature'],
          [certificate.log.entry.body, '/log/entry'],
          [certificate.log.checkpoint.split('\n')[2] ?? '', '/log/checkpoint'],
          [certificate.log.entry.proof[0] ?? '', '/log/entry'],
        ] as const) {
          const text = await readFile(file, 'utf8')
          const at = text.indexOf(from) + 4
          await writeFile(forged, text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1))
          expect(await check(forged, keys), place).toMatchObject({ code: 1, said: expect.stringMatching(new RegExp(`BAD +${place}`)) })
        }
      } finally {
        await rm(desk, { recursive: true })
      }
    },
    60_000,
  )
})
