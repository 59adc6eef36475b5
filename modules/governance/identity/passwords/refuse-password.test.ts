import type { AuditEntry } from '@gatehouse/runtime/door/audit'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { acceptInvitation } from '../accept-invitation.ts'
import { firstRun, firstRunToken } from '../first-run.ts'
import { invite } from '../invite.ts'
import { identityModule } from '../module.ts'
import { problems } from '../problems.ts'
import { newPassword } from '../schema.ts'
import { ada, browser, type IdentityNode, identityNode, password } from '../testing/identity.ts'
import { changePassword } from './change-password.ts'
import { forgotPassword } from './forgot-password.ts'
import { resetPassword } from './reset-password.ts'
import { sendReset } from './send-reset.ts'

const leaked = 'FinalFantasy2019!'
const wording = 'it is one of the passwords that stand most often in published leaks, or little more than that'
let node: IdentityNode
beforeEach(async () => {
  node = await identityNode({ secondFactor: 'nobody' })
})
afterEach(() => node.close())

/** For every operation that takes a new password: how it is reached, and what else it is given. */
const ways = new Map<AnyOperation, () => Promise<{ readonly input: object; readonly sessionToken?: string }>>([
  [firstRun, async () => ({ input: { token: await firstRunToken(node.door.node), ...ada } })],
  [changePassword, async () => ({ input: {}, sessionToken: (await node.firstAdministrator()).session_token })],
  [
    acceptInvitation,
    async () => {
      const { session_token: sessionToken } = await node.firstAdministrator()
      const grace = { email: 'grace@example.org', name: 'Grace Hopper', roles: ['officer'] }
      return { input: { token: (await node.done<{ token: string }>(invite, grace, browser({ sessionToken }))).token } }
    },
  ],
  [
    resetPassword,
    async () => {
      const { user } = await node.firstAdministrator()
      const { tenant } = node.entries[0] as AuditEntry
      await node.done(forgotPassword, { email: ada.email })
      await node.door.enter(sendReset, { user: user.id }, node.principal({ tenant, kind: 'system', id: 'system', roles: ['system'] }))
      return { input: { token: /#(ghr_\S+)/.exec(node.letters[0]?.text ?? '')?.[1] } }
    },
  ],
])

it('there is no other way to set a password', () => {
  const setting = identityModule.operations.filter(({ input }) => (input as { shape?: { password?: unknown } }).shape?.password === newPassword)
  expect(new Set(setting)).toEqual(new Set(ways.keys()))
})

it.each([...ways])('$name refuses a password that stands in the leaks, says so, and still takes another', async (operation, reach) => {
  const { input, sessionToken } = await reach()
  const knock = browser(sessionToken === undefined || operation !== changePassword ? {} : { sessionToken })
  const problem = await node.refused(operation, { ...input, password: leaked }, knock)
  expect(problem.kind).toBe(problems.password_refused)
  expect(problem.document()).toMatchObject({ detail: expect.stringContaining(wording), reason: 'too_common' })
  expect(node.entries.at(-1)).toMatchObject({ type: operation.name, facts: { decision: 'deny', details: { reason: 'too_common' } } })
  expect(JSON.stringify(node.entries)).not.toContain(leaked)
  await node.done(operation, { ...input, password: `${password} again` }, knock)
})
