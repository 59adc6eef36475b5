import { createHash } from 'node:crypto'
import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failuresMax } from '../attempts.ts'
import { importUsers } from '../import-users.ts'
import { problems } from '../problems.ts'
import { signIn } from '../sign-in.ts'
import { accountsOf } from '../store.ts'
import { ada, browser, type IdentityNode, identityNode } from '../testing/identity.ts'
import { isLegacy, keepLegacy, legacyHash, verifyStored } from './legacy.ts'

const password = 'k9 mtd4w'
const hashOf = (salt: string, of = password) =>
  `sha512$${salt}$${createHash('sha512')
    .update(salt + of)
    .digest('hex')}`
const grace = { name: 'Grace Hopper', email: 'grace@example.org', roles: ['officer'], password_hash: hashOf('f3a1') }

describe('a legacy hash', () => {
  it('is SHA-512 as FIPS 180-4 computes it, over salt and password', async () => {
    // The standard's own example: "abc".
    const abc = 'DDAF35A193617ABACC417349AE20413112E6FA4E89A97EA20A9EEEE64B55D39A2192992A274FC1A836BA3C23A3FEEBBD454D4423643CE80E2A9AC94FA54CA49F'
    for (const [salt, secret] of [
      ['', 'abc'],
      ['a', 'bc'],
      ['abc', ''],
    ] as const) {
      const stored = await keepLegacy(`sha512$${salt}$${abc}`)
      expect(await verifyStored(stored, secret)).toBe(true)
      expect(await verifyStored(stored, `${secret}x`)).toBe(false)
    }
  })

  it('is refused in any other form', () => {
    const digest = 'a'.repeat(128)
    for (const wrong of [digest, `sha512$${digest}`, `sha512$a$${digest}0`, `sha512$a$${digest.slice(1)}`, `sha512$a$b$${digest}`, `sha256$a$${digest}`])
      expect(legacyHash.safeParse(wrong).success).toBe(false)
  })
})

describe('an account carried over', () => {
  let node: IdentityNode
  let sessionToken: string
  beforeEach(async () => {
    node = await identityNode({ secondFactor: 'nobody' })
    sessionToken = (await node.firstAdministrator()).session_token
  })
  afterEach(() => node.close())
  const carry = (...users: object[]) => node.done<{ imported: number; taken: number[] }>(importUsers, { users }, browser({ sessionToken }))
  const stored = async (user: string) => {
    const tenant = node.entries[0]?.tenant as Id<'tenant'>
    const rows = await node.door.node.database.transaction(tenant, (tx) => accountsOf(tx, tenant, user))
    return rows[0]?.password ?? ''
  }

  it('opens with its old password once, and with argon2id ever after', async () => {
    expect(await carry(grace)).toEqual({ imported: 1, taken: [] })
    const first = await node.signIn(grace.email, password)
    const after = await stored(first.user.id)
    expect(isLegacy(after)).toBe(false)
    expect(after).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(node.entries.filter(({ type }) => type === 'identity.password_migrated')).toMatchObject([{ facts: { object: { kind: 'user', id: first.user.id } } }])
    await node.signIn(grace.email, password)
    expect(node.entries.filter(({ type }) => type === 'identity.password_migrated')).toHaveLength(1)
    expect((await node.refused(signIn, { email: grace.email, password: `${password}!` })).kind).toBe(problems.sign_in_refused)
  })

  it('is never kept as fast to guess as it came', async () => {
    await carry(grace)
    const { output } = (await node.ask(signIn, { email: grace.email, password })) as { output: { user: { id: string } } }
    await carry({ ...grace, email: 'other@example.org' })
    const everything = await node.door.node.database.transaction('node', (tx) => tx.query('SELECT to_json(a)::text AS row FROM identity.account a'))
    expect(JSON.stringify([everything, node.entries, output])).not.toContain(grace.password_hash.split('$')[2])
  })

  it('is locked by wrong guesses like any other, and keeps its hash until a right one', async () => {
    await carry(grace)
    const wrong = () => node.refused(signIn, { email: grace.email, password: 'not the right password' })
    for (let i = 0; i < failuresMax; i++) expect((await wrong()).kind).toBe(problems.sign_in_refused)
    expect((await node.refused(signIn, { email: grace.email, password })).kind).toBe(problems.sign_in_refused)
    node.clock.advance(30_000)
    await node.signIn(grace.email, password)
  })

  it('does not open by a password that stands in the leaks: a link by mail does', async () => {
    await carry({ ...grace, password_hash: hashOf('f3a1', 'monkey12') })
    await expect(node.ask(signIn, { email: grace.email, password: 'monkey12' })).rejects.toThrowError(
      expect.objectContaining({ kind: problems.password_outdated }) as Problem,
    )
    expect(node.entries.at(-1)).toMatchObject({ type: 'identity.sign_in', facts: { decision: 'error' } })
    await expect(node.ask(signIn, { email: grace.email, password: 'monkey12' })).rejects.toThrow(Problem)
  })

  it('takes nobody’s place', async () => {
    expect(await carry({ ...grace, email: ada.email }, grace, grace)).toEqual({ imported: 1, taken: [0, 2] })
    await node.signIn()
    expect(node.entries.find(({ type }) => type === 'identity.import_users')).toMatchObject({ facts: { details: { imported: 1, taken: 2 } } })
    expect(JSON.stringify(node.entries)).not.toContain('@')
  })
})
