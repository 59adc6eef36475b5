import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failuresMax } from './attempts.ts'
import { problems } from './problems.ts'
import { signIn } from './sign-in.ts'
import { ada, browser, type IdentityNode, identityNode, password } from './testing/identity.ts'

let node: IdentityNode
beforeEach(async () => {
  node = await identityNode()
  await node.firstAdministrator()
})
afterEach(() => node.close())

const wrong = 'not the right password'
const attempt = (email: string, secret: string) => node.refused(signIn, { email, password: secret })

describe('signing in refuses', () => {
  it('a wrong password, an unknown address and a locked account with the very same answer', async () => {
    const unknown = await attempt('nobody@example.org', wrong)
    const refused = await attempt(ada.email, wrong)
    for (let i = 1; i < failuresMax; i++) await attempt(ada.email, wrong)
    const locked = await attempt(ada.email, password)
    expect(unknown.document()).toEqual(refused.document())
    expect(locked.document()).toEqual(refused.document())
    expect(refused.kind).toBe(problems.sign_in_refused)
  })

  it('an unknown address after as much work as a wrong password', async () => {
    const time = async (email: string) => {
      const begun = performance.now()
      await attempt(email, wrong)
      return performance.now() - begun
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number
    const known: number[] = []
    const unknown: number[] = []
    for (let i = 0; i < 7; i++) {
      known.push(await time(ada.email))
      unknown.push(await time(`nobody${i}@example.org`))
      // Argon2 is most of the time; without it an answer takes a few milliseconds.
    }
    expect(median(unknown)).toBeGreaterThan(median(known) * 0.6)
    expect(median(known)).toBeGreaterThan(median(unknown) * 0.6)
  })

  it('the right password while waiting, and takes it afterwards', async () => {
    for (let i = 0; i < failuresMax; i++) await attempt(ada.email, wrong)
    await attempt(ada.email, password)
    node.clock.advance(29_999)
    await attempt(ada.email, password)
    node.clock.advance(1)
    expect((await node.signIn()).user.email).toBe(ada.email)
  })

  it('as many wrong passwords at once as one after the other', async () => {
    await Promise.all(Array.from({ length: failuresMax }, () => attempt(ada.email, wrong)))
    await attempt(ada.email, password)
  })

  it('somebody who is signed in already, and pages of other sites', async () => {
    const { session_token } = await node.signIn()
    const signedIn = browser({ sessionToken: session_token })
    expect((await node.refused(signIn, { email: ada.email, password }, signedIn)).kind).toBe(problems.signed_in)
    const foreign = browser({ origin: 'https://evil.example' })
    expect((await node.refused(signIn, { email: ada.email, password }, foreign)).kind).toBe(problems.foreign_origin)
  })
})

describe('the ledger', () => {
  it('keeps each failure: whose account in the institution, but not who tried', async () => {
    node.entries.length = 0
    await attempt(ada.email, wrong)
    await attempt('nobody@example.org', wrong)
    const [known, unknown] = node.entries
    expect(known).toMatchObject({
      type: 'identity.sign_in',
      actor: { kind: 'anonymous' },
      facts: { decision: 'deny', object: { kind: 'user' }, details: { reason: 'refused', failures: 1 } },
    })
    expect(unknown).toMatchObject({ tenant: '00000000-0000-0000-0000-000000000000', facts: { decision: 'deny' } })
    expect(unknown?.facts.object).toBeUndefined()
    expect(known?.tenant).not.toBe(unknown?.tenant)
    expect(JSON.stringify(node.entries)).not.toContain('@')
  })
})

describe('signing in', () => {
  it('takes the address in any case and with spaces around it, and forgets earlier failures', async () => {
    for (let i = 1; i < failuresMax; i++) await attempt(ada.email, wrong)
    expect((await node.signIn(' ADA@Example.org ')).user.name).toBe(ada.name)
    for (let i = 1; i < failuresMax; i++) await attempt(ada.email, wrong)
    await node.signIn()
  })
})
