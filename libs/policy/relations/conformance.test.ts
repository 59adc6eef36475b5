/** Every file of the reference data, if present: each is a test here or is refused by name, and the count is printed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { check } from './check.ts'
import { compileSchema } from './compile-schema.ts'
import { parseSchema } from './parse-schema.ts'
import { answerOf } from './proof.ts'
import { edgeOf, parseRelationship } from './relationship.ts'
import { SchemaError } from './schema.ts'
import { MemoryTuples } from './tuples.ts'

const folder = join(import.meta.dirname, '../../../../shared/data/standards/spicedb')
const present = existsSync(folder)

describe.skipIf(!present)('the syntax of the reference data', () => {
  const outcomes = present
    ? readFileSync(join(folder, 'syntax/outcomes.tsv'), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t') as [string, string])
    : []
  const refused = { 'localimport.zed': 'import is not carried', 'localimport_with_quotes_in_quotes.zed': 'import is not carried' } as Record<string, string>

  it.each(outcomes)('%s: %s', (file, outcome) => {
    const text = readFileSync(join(folder, 'syntax', file), 'utf8')
    const read = () => parseSchema(text)
    if (outcome === 'reject') expect(read).toThrow(SchemaError)
    else if (refused[file] !== undefined) expect(read).toThrow(refused[file])
    else expect(read).not.toThrow()
  })

  it('is whole', () => {
    console.log(`syntax: ${outcomes.length} texts, ${Object.keys(refused).length} refused by name (import)`)
    expect(outcomes.length).toBe(readdirSync(join(folder, 'syntax')).filter((name) => name.endsWith('.zed')).length)
  })
})

interface TestFile {
  readonly schema: string
  readonly relationships?: string | null
  readonly assertions?: { assertTrue?: string[] | null; assertCaveated?: string[] | null; assertFalse?: string[] | null } | null
}

const asked = /^(.+?)#([a-z0-9_]+)@(.+?)(?: with (\{.*\}))?$/

describe.skipIf(!present)('the answers of the reference data', () => {
  const nowMs = Date.parse('2026-01-01T00:00:00Z')
  let count = 0
  const files = present ? readdirSync(join(folder, 'testconfigs')).filter((name) => name.endsWith('.yaml')) : []

  it.each(files)('%s', (name) => {
    const file = parse(readFileSync(join(folder, 'testconfigs', name), 'utf8')) as TestFile
    const schema = compileSchema(file.schema)
    const lines = (file.relationships ?? '').split('\n').map((line) => line.trim())
    const tuples = new MemoryTuples(
      schema,
      lines
        .filter((line) => line !== '' && !line.startsWith('//'))
        .map((line) => {
          const relationship = parseRelationship(line)
          if (relationship === undefined) throw new Error(`not read: ${line}`)
          const edge = edgeOf(schema, relationship)
          if (typeof edge === 'string') throw new Error(`${line}: ${edge}`)
          return edge
        }),
    )
    const { assertTrue, assertCaveated, assertFalse } = file.assertions ?? {}
    for (const [assertions, expected] of [
      [assertTrue, 'yes'],
      [assertCaveated, 'unknown'],
      [assertFalse, 'no'],
    ] as const) {
      for (const assertion of assertions ?? []) {
        const [, object = '', permission = '', subject = '', context = '{}'] = asked.exec(assertion) ?? []
        const { object: of, subject: who } = parseRelationship(`${object}#x@${subject}`) ?? { object: { type: '', id: '' }, subject: { type: '', id: '' } }
        const proof = check(schema, tuples, of, permission, who)
        expect(answerOf(schema, proof, { context: JSON.parse(context), nowMs }), assertion).toBe(expected)
        count++
      }
    }
  })

  it('is whole', () => {
    console.log(`answers: ${files.length} files, ${count} assertions, none refused`)
    expect(files.length).toBeGreaterThan(40)
    expect(count).toBeGreaterThan(200)
  })
})
