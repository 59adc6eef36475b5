/** What a coordinator does for the mesh besides carrying messages: it offers releases, and says in its log how nodes are doing. */
import { generateKeyPairSync } from 'node:crypto'
import { CompactSign } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { watchLoop } from '../coordinator/watch.ts'
import { type Mesh, type MeshNode, openMesh } from './testing/mesh.ts'

let mesh: Mesh
let lake: MeshNode
const release = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519')

beforeAll(async () => {
  mesh = await openMesh(['lake'], { releaseKeys: [release.publicKey.export({ format: 'jwk' }).x ?? ''] })
  lake = mesh.at('lake')
})
afterAll(() => mesh.close())

const manifest = (version: string, key = release.privateKey, more: object = {}) =>
  new CompactSign(
    Buffer.from(
      JSON.stringify({
        product: 'gatehouse',
        version,
        released_at: new Date(mesh.clock.nowMs()).toISOString(),
        notes: 'Mends the mailbox.',
        files: [{ name: 'gatehouse.tgz', sha256: 'ab'.repeat(32), size: 7 }],
        ...more,
      }),
    ),
  )
    .setProtectedHeader({ alg: 'EdDSA', typ: 'gatehouse-release' })
    .sign(key)
type Updates = { version: string; releases: { version: string; newer: boolean; files: { sha256: string }[] }[]; refused: number }

describe('releases', () => {
  it('are shown where a key that the operator named has signed them, and are otherwise only counted', async () => {
    await mesh.admin('coordinator.offer_release', { manifest: await manifest('1.2.0') })
    await mesh.admin('coordinator.offer_release', { manifest: await manifest('9.9.9', stranger.privateKey) })
    const [head, , signature] = (await manifest('1.3.0')).split('.')
    const payload = Buffer.from(
      JSON.stringify({ product: 'gatehouse', version: '1.3.0', released_at: new Date(mesh.clock.nowMs()).toISOString(), notes: '', files: [] }),
    )
    await mesh.admin('coordinator.offer_release', { manifest: `${head}.${payload.toString('base64url')}.${signature}` })
    const found = await lake.done<Updates>('federation.updates', {})
    expect(found).toMatchObject({ version: '0.0.0', refused: 2, releases: [{ version: '1.2.0', newer: true, files: [{ sha256: 'ab'.repeat(32) }] }] })
  })

  it('that are no manifest are not offered', async () => {
    await expect(mesh.admin('coordinator.offer_release', { manifest: 'e30.e30.e30' })).rejects.toMatchObject({
      kind: { type: '/problems/coordinator/manifest-invalid' },
    })
  })
})

describe('the log of a coordinator', () => {
  const said = () => mesh.coordinator.logLines.splice(0).map((line) => JSON.parse(line) as { event?: string; mesh_node?: string; msg: string })
  const watch = async () => {
    await watchLoop.run(mesh.coordinator.door.node)
    return said().filter(({ event }) => event !== undefined)
  }

  it('says when a node goes away, comes back, or has another ledger, by name and count alone', async () => {
    await lake.poll()
    expect(await watch()).toEqual([])
    mesh.clock.advance(20 * 60_000)
    expect(await watch()).toMatchObject([{ event: 'availability', mesh_node: 'lake', msg: 'a node of the mesh has not asked for a while' }])
    expect(await watch()).toEqual([])
    await lake.poll()
    expect(await watch()).toMatchObject([{ event: 'availability', msg: 'a node of the mesh asks again' }])
    await mesh.lie(`UPDATE coordinator.node SET health = jsonb_set(health, '{ledger_size}', '40')`)
    await watch()
    await lake.poll()
    expect(await watch()).toMatchObject([{ event: 'operation', msg: 'the ledger of a node of the mesh has become shorter' }])
  })
})
