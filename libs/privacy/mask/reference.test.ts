import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { masks } from './catalogue.ts'
import type { Kept } from './mask.ts'
import { parseMask } from './spec.ts'

const page = readFileSync(new URL('../../../docs/reference/masks.md', import.meta.url), 'utf8')
const written = [...page.matchAll(/^\| `(\{.*?\})` \|.*$/gm)].map(([row, spec]) => ({ row, spec: spec ?? '' }))

it('the table of the reference shows every mask with what it declares', () => {
  const kinds = new Set<string>()
  for (const { row, spec } of written) {
    const read = parseMask(JSON.parse(spec))
    if (!read.ok) throw new Error(`${spec}: ${read.errors[0]?.detail}`)
    const mask = masks.find((one) => one.kind === read.spec.mask)!
    const { reversible, deterministic, keepsFormat, keepsEquality, keepsOrder } = mask.declares(read.spec)
    const types = mask.appliesTo(read.spec)
    const cells = [
      `\`${spec}\``,
      mask.title,
      types.length === 6 ? 'all' : types.join(', '),
      ...[reversible, deterministic, keepsFormat, keepsEquality, keepsOrder].map(word),
    ]
    expect(row).toBe(`| ${cells.join(' | ')} |`)
    kinds.add(mask.kind)
  }
  expect([...kinds].sort()).toEqual(masks.map((mask) => mask.kind).sort())
})

const word = (kept: Kept) => (kept === 'within_subject' ? 'one person' : kept ? 'yes' : '–')
