/** What every driver of the port has to do: the published cases of SpiceDB (reference data, if present), and its own promises. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Id } from '@gatehouse/core/id'
import { parseRelationship } from '@gatehouse/policy/relations/relationship'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Authorizer } from '../authorizer.ts'

const folder = join(import.meta.dirname, '../../../../../shared/data/standards/spicedb/testconfigs')
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yaml')) : []

export interface Driver {
  readonly name: string
  /** A driver with this schema and nothing written. */
  open(schema: string): Promise<Authorizer>
  /** Cases that it refuses, each with the reason. */
  readonly refused?: Readonly<Record<string, string>>
}

const asked = /^(.+?)#([a-z0-9_]+)@(.+?)(?: with (\{.*\}))?$/
const tenants = ['01980000-0000-7000-8000-0000000000a1', '01980000-0000-7000-8000-0000000000a2'] as const
const one = tenants[0] as Id<'tenant'>
const other = tenants[1] as Id<'tenant'>

interface TestFile {
  readonly schema: string
  readonly relationships?: string | null
  readonly assertions?: { readonly assertTrue?: string[] | null; readonly assertCaveated?: string[] | null; readonly assertFalse?: string[] | null } | null
}

export function authorizerSuite({ name, open, refused = {} }: Driver): void {
  const opened: Authorizer[] = []
  afterAll(() => Promise.all(opened.map((driver) => driver.close())))
  const begin = async (schema: string) => {
    const driver = await open(schema)
    opened.push(driver)
    return driver
  }
  const write = (driver: Authorizer, ...lines: string[]) => driver.write(one, { touch: lines.map(relationship) })

  describe.skipIf(files.length === 0)(`${name}: the published cases`, () => {
    let count = 0
    it.each(files.filter((file) => refused[file] === undefined))('%s', async (file) => {
      const { schema, relationships, assertions } = parse(readFileSync(join(folder, file), 'utf8')) as TestFile
      const driver = await begin(schema)
      const lines = (relationships ?? '').split('\n').map((line) => line.trim())
      // A server may refuse to keep what is over; it grants nothing either way.
      const touch = lines.filter((line) => line !== '' && !line.startsWith('//')).map(relationship)
      const atLeast = await driver.write(one, { touch: touch.filter(({ expiresAtMs }) => expiresAtMs === undefined || expiresAtMs > Date.now()) })
      for (const [list, expected] of [
        [assertions?.assertTrue, 'yes'],
        [assertions?.assertCaveated, 'unknown'],
        [assertions?.assertFalse, 'no'],
      ] as const) {
        for (const assertion of list ?? []) {
          const [, object = '', permission = '', subject = '', context] = asked.exec(assertion) ?? []
          const { object: of, subject: who } = relationship(`${object}#x@${subject}`)
          const question = { object: of, permission, subject: who, atLeast, ...(context === undefined ? {} : { context: JSON.parse(context) }) }
          expect(await driver.check(one, question), assertion).toBe(expected)
          count++
        }
      }
    })

    const left = Object.entries(refused).map(([file, reason]) => `${file} (${reason})`)
    it(`are all ${files.length}, ${left.length} of them refused by name${left.length === 0 ? '' : `: ${left.join(', ')}`}`, () => {
      expect(count).toBeGreaterThan(200)
    })
  })

  describe(`${name}: its promises`, () => {
    const schema = 'definition user {}\n\ndefinition doc {\n  relation reader: user | user:*\n  permission read = reader\n}'
    const question = { object: { type: 'doc', id: 'a' }, permission: 'read', subject: { type: 'user', id: 'ada' } }

    it('what is written is seen by a check that names the revision, and what is taken away is not', async () => {
      const driver = await begin(schema)
      for (let round = 0; round < 5; round++) {
        const given = await write(driver, 'doc:a#reader@user:ada')
        expect(await driver.check(one, { ...question, atLeast: given })).toBe('yes')
        const taken = await driver.write(one, { delete: [relationship('doc:a#reader@user:ada')] })
        expect(await driver.check(one, { ...question, atLeast: taken })).toBe('no')
      }
    })

    it('keeps institutions apart, everybody of a type too', async () => {
      const driver = await begin(schema)
      const atLeast = await write(driver, 'doc:a#reader@user:ada', 'doc:b#reader@user:*')
      expect(await driver.check(one, { ...question, atLeast })).toBe('yes')
      const elsewhere = await driver.write(other, { touch: [relationship('doc:z#reader@user:zoe')] })
      expect(await driver.check(other, { ...question, atLeast: elsewhere })).toBe('no')
      expect(await driver.check(other, { ...question, object: { type: 'doc', id: 'b' }, atLeast: elsewhere })).toBe('no')
    })

    it('refuses what the schema does not take', async () => {
      const driver = await begin(schema)
      await expect(write(driver, 'doc:a#owner@user:ada')).rejects.toThrow()
      await expect(write(driver, 'doc:a#reader@doc:b')).rejects.toThrow()
    })

    it('tells who has a permission', async () => {
      const driver = await begin(schema)
      const atLeast = await write(driver, 'doc:a#reader@user:ada', 'doc:a#reader@user:ben', 'doc:b#reader@user:cam')
      expect((await driver.subjects(one, question.object, 'read', 'user', atLeast)).sort()).toEqual(['ada', 'ben'])
    })
  })
}

function relationship(line: string) {
  const read = parseRelationship(line)
  if (read === undefined) throw new Error(`not a relationship: ${line}`)
  return read
}
