import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { problems } from '../problems.ts'
import { readSession } from '../read-session.ts'
import type { SignedIn } from '../schema.ts'
import { signIn } from '../sign-in.ts'
import { ada, browser, type IdentityNode, identityNode, password } from '../testing/identity.ts'
import { changePassword } from './change-password.ts'
import { forgotPassword } from './forgot-password.ts'
import { resetPassword } from './reset-password.ts'
import { resetQueue, sendReset } from './send-reset.ts'

const fresh = 'five calm badgers sing'
let node: IdentityNode
let begun: SignedIn
beforeEach(async () => {
  node = await identityNode({ secondFactor: 'nobody' })
  begun = await node.firstAdministrator()
})
afterEach(() => node.close())

/** As the worker runs what was enqueued. */
async function letter(): Promise<string> {
  for (const { data } of node.enqueued.splice(0)) {
    const { tenant, user } = data as { tenant: string; user: string | null }
    await node.door.enter(sendReset, { user: user as never }, node.principal({ tenant: tenant as never, kind: 'system', id: 'system', roles: ['system'] }))
  }
  return /#(ghr_\S+)/.exec(node.letters.at(-1)?.text ?? '')?.[1] ?? ''
}

describe('a forgotten password', () => {
  it('is asked for with one answer, whether or not there is an account, and a letter leaves only where there is one', async () => {
    const known = await node.ask(forgotPassword, { email: ada.email })
    const unknown = await node.ask(forgotPassword, { email: 'nobody@example.org' })
    expect('output' in known && 'output' in unknown && [known.output, unknown.output]).toEqual([{ minutes: 30 }, { minutes: 30 }])
    expect(node.enqueued.map(({ queue }) => queue)).toEqual([resetQueue, resetQueue])
    await letter()
    expect(node.letters.map(({ to }) => to)).toEqual([ada.email])
    expect(JSON.stringify(node.entries)).not.toContain('@')
  })

  it('is set anew once by the link, which ends all sessions', async () => {
    await node.done(forgotPassword, { email: ada.email })
    const token = await letter()
    expect((await node.refused(resetPassword, { token, password: 'password1234' })).kind).toBe(problems.password_refused)
    await node.done(resetPassword, { token, password: fresh })
    node.clock.advance(900)
    await expect(node.ask(readSession, {}, browser({ sessionToken: begun.session_token, safe: true }))).rejects.toThrow()
    expect((await node.refused(resetPassword, { token, password: fresh })).kind).toBe(problems.token_refused)
    expect((await node.refused(signIn, { email: ada.email, password })).kind).toBe(problems.sign_in_refused)
    await node.signIn(ada.email, fresh)
  })

  it('is not set by a link that is late, replaced, made up, or by a page of another site', async () => {
    await node.done(forgotPassword, { email: ada.email })
    const replaced = await letter()
    await node.done(forgotPassword, { email: ada.email })
    const token = await letter()
    const foreign = browser({ origin: 'https://evil.example' })
    expect((await node.refused(resetPassword, { token, password: fresh }, foreign)).kind).toBe(problems.foreign_origin)
    node.clock.advance(30 * 60_000)
    for (const refused of [replaced, token, `ghr_${'A'.repeat(43)}`])
      expect((await node.refused(resetPassword, { token: refused, password: fresh })).kind).toBe(problems.token_refused)
  })
})

it('a changed password ends all other sessions and keeps this one', async () => {
  const other = await node.signIn()
  expect(await node.done<object>(changePassword, { password: fresh }, browser({ sessionToken: begun.session_token }))).toEqual({ ended: 1 })
  node.clock.advance(900)
  await expect(node.ask(readSession, {}, browser({ sessionToken: other.session_token, safe: true }))).rejects.toThrow()
  await node.done(readSession, {}, browser({ sessionToken: begun.session_token, safe: true }))
  await node.signIn(ada.email, fresh)
})
