import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { operations } from '../../apps/server/modules.ts'
import { accessMatrix } from '../../modules/governance/access/index.ts'
import { resourceTypes } from '../../modules/governance/access/resource-types.ts'
import type { AnyOperation } from '../../runtime/door/operation.ts'
import { expectCommitted } from '../committed.ts'

const someId = '01980000-0000-7000-8000-000000000001'
/** What an operation without an example takes beside ids. */
const more: Readonly<Record<string, object>> = {
  'documents.append': { offset: 0, body: Readable.from([]) },
  'catalog.upload': { name: 'patients', body: Readable.from([]) },
  'documents.upload': { body: Readable.from([]) },
  'vault.import': { body: Readable.from([]) },
  'webhooks.update': { state: 'paused' },
}

/** The table asks each operation with its example. */
function exampled(operation: AnyOperation): AnyOperation {
  if (operation.example !== undefined) return operation
  const missing: string[] =
    operation.input.safeParse({ ...more[operation.name] }).error?.issues.map(({ path }: { path: PropertyKey[] }) => String(path[0])) ?? []
  return { ...operation, example: { input: { ...Object.fromEntries(missing.map((name) => [name, someId])), ...more[operation.name] } } }
}

const sorted = [...operations].sort((a, b) => (a.name < b.name ? -1 : 1))
const matrix = accessMatrix(operations.map(exampled))
const publicOnes = sorted.flatMap(({ name, access }) => ('public' in access ? [`${name}: ${access.public}`] : []))
const unaudited = sorted.flatMap(({ name, audit }) => (typeof audit === 'function' ? [] : [`${name}: ${audit.none}`]))

it('every operation has one row', () => {
  const rows = matrix.trimEnd().split('\n').slice(1)
  expect(rows.map((row) => row.split(' ')[0])).toEqual(sorted.map(({ name }) => name))
})

it.each(['en', 'es'])('every area has a word in the portal (%s)', (language) => {
  const file = join(import.meta.dirname, `../../apps/portal/src/features/governance/access/words.${language}.json`)
  const { areas: words } = JSON.parse(readFileSync(file, 'utf8')) as { areas: Record<string, string> }
  expect(resourceTypes.filter((type) => words[type] === undefined)).toEqual([])
})

it('whoever is asked nothing, or leaves no entry, says why in a sentence', () => {
  for (const line of [...publicOnes, ...unaudited]) expect(line).toMatch(/^[a-z_.]+: .{15,}$/)
})

it('nothing that changes something goes without an entry: these two make something of what was sent and keep nothing', () => {
  const silent = sorted.filter(({ audit, http }) => typeof audit !== 'function' && http !== undefined && http.method !== 'GET')
  const changing = silent.filter(({ access }) => 'action' in access && !['read', 'use'].includes(access.action))
  expect(changing.map(({ name }) => name)).toEqual(['policies.from_template', 'vault.propose'])
})

it('the committed table is the table', () => {
  const part = (title: string, lines: readonly string[]) => `\n${title}\n\n${lines.map((line) => `  ${line}\n`).join('')}`
  expectCommitted(
    'test/policy/access-matrix.out',
    `${matrix}${part('Public: nobody is asked who they are, because', publicOnes)}${part('Not in the ledger unless denied, because', unaudited)}`,
  )
})
