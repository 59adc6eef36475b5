/** The pages that name a test for each promise: a test that was renamed or taken away is a promise that nobody shows. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const rowsOf = (page: string) =>
  readFileSync(join(root, page), 'utf8')
    .split('\n')
    .filter((line) => /^\| (?!promise|fault|feature|---)/.test(line))

it.each([
  ['query plans', 'docs/reference/query-plans.md', 20],
  ['federation', 'docs/reference/federation.md', 5],
] as const)('each promise of %s names a test that is there, by its words', (_, page, atLeast) => {
  const rows = rowsOf(page)
  expect(rows.length).toBeGreaterThan(atLeast)
  const missing = rows.flatMap((row) => {
    const shown = row.split('|').at(-2) ?? ''
    const files = [...shown.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, file]) => file as string)
    const texts = files.filter((file) => existsSync(join(root, file))).map((file) => readFileSync(join(root, file), 'utf8'))
    const named = [...shown.matchAll(/“([^”]+)”/g)].map(([, name]) => name as string)
    if (files.length === 0 || texts.length < files.length) return [row]
    return named.every((name) => texts.some((text) => text.includes(name))) ? [] : [row]
  })
  expect(missing).toEqual([])
})
