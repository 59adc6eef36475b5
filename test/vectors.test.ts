/** No published vectors lie in the reference data without a test that runs them, or a reason why there is none. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const folder = join(root, '..', 'shared', 'data', 'crypto-vectors')
const absent = existsSync(folder) ? '' : ' (skipped: the reference data ../shared/data/crypto-vectors is absent)'
const table = readFileSync(join(root, 'docs/reference/vectors.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, vectors = '', tests = ''] = line.split('|')
    const named = /`([^`]+)`/.exec(vectors)?.[1]
    return named === undefined ? [] : [{ vectors: named, tests: [...tests.matchAll(/`([^`]+)`/g)].map((match) => String(match[1])) }]
  })

it.skipIf(absent)(`every file of published vectors stands in the table${absent}`, () => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.name !== 'README.md')
    .map((file) => relative(folder, join(file.parentPath, file.name)))
  expect(files.length).toBeGreaterThan(20)
  expect(files.filter((file) => !table.some(({ vectors }) => file === vectors || (vectors.endsWith('/') && file.startsWith(vectors))))).toEqual([])
})

it('the tests that the table names read those vectors', () => {
  expect(table.length).toBeGreaterThan(15)
  for (const { vectors, tests } of table) {
    for (const test of tests) {
      const text = readFileSync(join(root, test), 'utf8')
      expect(text, `${test} does not name ${vectors}`).toContain(vectors.split('/').filter(Boolean).at(-1))
    }
  }
})
