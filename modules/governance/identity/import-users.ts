import { sensitive } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { keepLegacy, legacyHash } from './passwords/legacy.ts'
import { inviteInput, limits } from './schema.ts'
import { insertAccount, insertUser } from './store.ts'

export const importUsers = operation({
  name: 'identity.import_users',
  summary: 'Carry staff over from an earlier system, with their passwords',
  description:
    'Each comes with the SHA-512 hash that the earlier system kept: `sha512$SALT$HEX`, over the salt followed by the password. It opens the account once; from the first sign-in on the password is kept as argon2id. Addresses that somebody has already are left as they are, and named by their place in the list.',
  input: z.strictObject({
    users: z
      .array(inviteInput.extend({ password_hash: sensitive(legacyHash) }))
      .min(1)
      .max(limits.importedUsers),
  }),
  output: z.strictObject({ imported: z.int().min(0), taken: z.array(z.int().min(0)) }),
  access: { action: 'create', on: () => ({ type: 'user' }) },
  audit: (_input, { imported, taken }) => ({ details: { imported, taken: taken.length } }),
  stepUp: true,
  http: { method: 'POST', path: '/v1/users/imports' },
  example: {
    input: { users: [{ email: 'grace@example.org', name: 'Grace Hopper', roles: ['officer'], password_hash: `sha512$f3a1$${'0'.repeat(128)}` }] },
  },
  async run({ tx, tenant, now, newId }, { users }) {
    const taken: number[] = []
    for (const [place, { email, name, roles, password_hash: hash }] of users.entries()) {
      const id = newId<'user'>()
      const added = await insertUser(tx, { tenant_id: tenant, id, email, name, roles, created_at: now, partner_id: null, subject_id: null })
      if (!added) taken.push(place)
      else {
        const account = { id: newId<'user'>(), userId: id, providerId: 'credential', accountId: id, password: await keepLegacy(hash) }
        await insertAccount(tx, tenant, account, now)
      }
    }
    return { imported: users.length - taken.length, taken }
  },
})
