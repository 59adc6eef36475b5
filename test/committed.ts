/** Compares what is generated with what is committed, so that a change of a promise shows as a change of text. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** With `UPDATE=1` in the environment the file is written instead, to be read and committed. */
export function expectCommitted(path: string, text: string): void {
  const file = join(root, path)
  if (process.env.UPDATE === '1') writeFileSync(file, text)
  const committed = existsSync(file) ? readFileSync(file, 'utf8') : ''
  expect(text, `${path} is not what the code says; if the change is meant: UPDATE=1 npx vitest run test`).toBe(committed)
}
