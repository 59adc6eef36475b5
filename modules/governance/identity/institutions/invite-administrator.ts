import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { recordOwnAct } from '../../../ledger/index.ts'
import { listTenants } from '../../tenancy/index.ts'
import { accountFor, invitationFor } from '../invitation.ts'
import { problems } from '../problems.ts'
import { invitationSchema } from '../schema.ts'
import { deleteUser } from '../store.ts'
import { administratorInput } from './institution.ts'
import { invitedAccounts, isClaimed, lockInstitution } from './store.ts'

export const inviteAdministrator = operation({
  name: 'identity.invite_administrator',
  kind: 'steps',
  summary: 'Invite the first administrator of an institution anew',
  description:
    'For operators of the node only, and only while nobody of the institution has ever set a password: from then on it governs itself. Earlier invitations end.',
  input: z.strictObject({ institution: idSchema('tenant'), administrator: administratorInput }),
  output: invitationSchema,
  access: { action: 'update', on: () => ({ type: 'institution' }) },
  audit: ({ institution }, { user }) => ({ object: { kind: 'tenant', id: institution }, details: { user: user.id } }),
  secretOutput: true,
  stepUp: true,
  http: { method: 'POST', path: '/v1/institutions/:institution/invitation', status: 201 },
  example: { input: { institution: '0198c1de-7b3a-7c4d-8e5f-000000000001', administrator: { email: 'grace@example.org', name: 'Grace Hopper' } } },
  problems: [problems.institution_claimed, doorProblems.not_found],
  async run({ node, now, newId }, { institution, administrator }) {
    return node.database.transaction('node', async (tx) => {
      const tenant = (await listTenants(tx)).find(({ id }) => id === institution)
      if (tenant === undefined) return refuse(doorProblems.not_found)
      await lockInstitution(tx, tenant.id)
      if (await isClaimed(tx, tenant.id)) return refuse(problems.institution_claimed)
      for (const user of await invitedAccounts(tx, tenant.id)) await deleteUser(tx, tenant.id, user)
      const inviting = { tx, tenant: tenant.id, now, newId, node }
      const user = await accountFor(inviting, { ...administrator, roles: ['administrator'], partner_id: null, subject_id: null })
      if (user === undefined) throw new Error('an institution that nobody has claimed has an account')
      await recordOwnAct(tx, node, {
        tenant: tenant.id,
        by: 'identity',
        type: 'identity.administrator_invited',
        facts: { object: { kind: 'user', id: user.id } },
      })
      return invitationFor(inviting, user)
    })
  },
})
