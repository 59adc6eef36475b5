import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstRun, firstRunToken } from './first-run.ts'
import { invite } from './invite.ts'
import { issueKey } from './issue-key.ts'
import { issueProcessCredential } from './process-credential.ts'
import type { SignedIn } from './schema.ts'
import { ada, browser, type IdentityNode, identityNode, password } from './testing/identity.ts'

let node: IdentityNode
beforeAll(async () => {
  node = await identityNode()
})
afterAll(() => node.close())

describe('no table and no log line', () => {
  it('holds a password, a token, a key or a session in clear, and passwords are argon2id', async () => {
    const token = (await firstRunToken(node.door.node)) as string
    const { session_token } = await node.done<SignedIn>(firstRun, { token, ...ada, password })
    const knock = browser({ sessionToken: session_token, idempotencyKey: 'once' })
    const invited = await node.done<{ token: string }>(invite, { email: 'g@example.org', name: 'G', roles: ['officer'] }, knock)
    const issued = await node.done<{ key: string }>(issueKey, { label: 'mine' }, { ...knock, idempotencyKey: 'twice' })
    const secrets = [token, session_token, password, invited.token, issued.key, await issueProcessCredential(node.door.node)]

    const tables = await node.database.transaction('node', (tx) =>
      tx.query<{ name: string }>(
        `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
      ),
    )
    expect(tables.map(({ name }) => name)).toContain('identity.session')
    let everything = node.logLines.join('\n') + JSON.stringify(node.entries)
    for (const { name } of tables) {
      const rows = await node.database.transaction('node', (tx) => tx.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`))
      everything += rows.map(({ text }) => text).join('\n')
    }
    for (const secret of secrets) {
      for (const form of [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64'), secret.slice(4)]) {
        expect(everything.includes(form), form.slice(0, 8)).toBe(false)
      }
    }
    expect(everything).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
  })
})
