import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyFile, strangersKeyFile, writeBundle } from '../testing/write-bundle.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-verify-'))
const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const run = (...words: string[]) => spawnSync(process.execPath, ['--import', 'tsx', main, ...words], { encoding: 'utf8' })
const path = (name: string) => join(folder, name)

beforeAll(() => {
  const bundle = writeBundle({ subjects: 1, blocks: 2, noise: 1 })
  bundle.story[0]!.text = 'quiet\u001b[2J'
  writeFileSync(path('good.json'), JSON.stringify(bundle))
  bundle.vault.chains[0]!.blocks[1]!.timestamp = '2026-01-01T00:00:09.000Z'
  writeFileSync(path('bad.json'), JSON.stringify(bundle))
  writeFileSync(path('bytes'), Uint8Array.of(0xff))
  writeFileSync(path('keys'), keyFile)
  writeFileSync(path('strangers'), strangersKeyFile)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('gatehouse-verify', () => {
  it('ends with 2 and says why when it cannot tell', () => {
    for (const [words, say] of [
      [[], 'usage:'],
      [[path('good.json')], 'usage:'],
      [[path('none.json'), '--key', path('keys')], 'no such file'],
      [[path('bytes'), '--key', path('keys')], 'not UTF-8'],
      [[path('good.json'), '--key', path('strangers')], 'no key in the key file'],
    ] as const) {
      const { status, stdout } = run(...words)
      expect(stdout).toContain(say)
      expect(status).toBe(2)
    }
  })
  it('ends with 1 and names the place of the fault', () => {
    const { status, stdout } = run(path('bad.json'), '--key', path('keys'))
    expect(stdout).toContain('BAD         /vault/chains/0/blocks/1/signature')
    expect(stdout).toContain('Verdict: BAD')
    expect(status).toBe(1)
  })
  it('ends with 0, tells the story, and lets nothing repaint the terminal', () => {
    const { status, stdout } = run(path('good.json'), '--key', path('keys'))
    expect(stdout).toContain('entry 5  release.redeem, permit – This happened as entry 5.')
    expect(stdout).not.toContain('\u001b')
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('Verdict: good')
    expect(status).toBe(0)
    expect(JSON.parse(run(path('good.json'), '--key', path('keys'), '--json').stdout)).toMatchObject({ verdict: 'good' })
  })
})
