/** A published log, read by a client that is not ours: the libraries of Go's checksum database. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, root, startInCluster, until } from './node.ts'
import { arrange, authorize } from './scenario.ts'

const run = promisify(execFile)
const source = join(root, 'test/tlog-client')
const missing = whatIsMissing()
const skipped = missing === undefined ? '' : ` (skipped: ${missing})`

describe.skipIf(missing !== undefined)(`a client that is not ours${skipped}`, () => {
  let folder: string
  let client: string
  let node: NodeProcess
  let log: string
  let vkey: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-tlog-client-'))
    client = join(folder, 'tlog-client')
    // Without C: nothing here needs it, and compiling the part of it takes as long as the rest.
    await run('go', ['build', '-mod=readonly', '-o', client, '.'], { cwd: source, env: { ...process.env, CGO_ENABLED: '0' } })
    node = await startInCluster()
    const { partner } = await arrange(node)
    // More than one full tile.
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        for (let asked = 0; asked < 30; asked++) await authorize(node, partner, 'C3')
      }),
    )
    must(await node.operator.PATCH('/v1/ledger/settings', { body: { publish_log: true } }))
    await until(async () => must(await node.operator.GET('/v1/ledger/standing', {})).waiting === 0, 60_000)
    const keys = must(await node.operator.GET('/v1/evidence/keys', {}))
    log = `${node.origin}/logs/${keys.origin.split('/')[1]}`
    vkey = keys.log
  }, 240_000)
  afterAll(async () => {
    await node?.remove()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  })

  it('opens the checkpoint, finds every tile and every entry under its root, and proves its growth', async () => {
    const { stdout } = await run(client, [log, vkey])
    expect(Number(/: (\d+) entries/.exec(stdout)?.[1])).toBeGreaterThan(300)
  })

  it('opens nothing with the key of another log', async () => {
    const other = must(await node.operator.GET('/v1/evidence/keys', {})).vault
    await expect(run(client, [log, other])).rejects.toMatchObject({ code: 1, stdout: expect.stringMatching(/no verifiable signatures/) })
  })
})

/** Go, and the one module, which it fetches where it is not at hand yet. */
function whatIsMissing(): string | undefined {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' })
  } catch {
    return 'there is no Go here'
  }
  try {
    execFileSync('go', ['mod', 'download'], { cwd: source, stdio: 'ignore', timeout: 60_000 })
  } catch {
    return 'golang.org/x/mod cannot be fetched'
  }
  return undefined
}
