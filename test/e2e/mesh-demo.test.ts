/** The story of a query across hospitals as somebody tells it: a coordinator and its hospitals as processes, every claim of it true. */
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { programOf } from './program.ts'

it('gatehouse mesh demo keeps its word, from the fingerprints to the hospital that says no, and leaves nothing behind', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'gatehouse-e2e-'))
  // Where root runs this, the account of the databases walks through it.
  await chmod(temporary, 0o711)
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...programOf('cli'), 'mesh', 'demo', '--json', '--nodes', '2', '--people', '200'], {
      env: { ...process.env, TMPDIR: temporary },
    })
    const told = JSON.parse(stdout)
    expect(told).toMatchObject({ ok: true, nodes: 2, people: 200, refused: 'node_refused' })
    expect(told.claims.map(({ claim }: { claim: string }) => claim)).toContain(
      '180 people were found in all of them, by tokens: no number of a patient left its house.',
    )
    expect(told.claims.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([])
    expect((await readdir(temporary)).filter((name) => name.startsWith('gatehouse-'))).toEqual([])
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}, 240_000)
