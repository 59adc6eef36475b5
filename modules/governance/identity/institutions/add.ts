import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { recordOwnAct } from '../../../ledger/index.ts'
import { addTenant, tenantNameSchema, tenantSlugSchema } from '../../tenancy/index.ts'
import { accountFor, invitationFor } from '../invitation.ts'
import { problems } from '../problems.ts'
import { invitationSchema } from '../schema.ts'
import { administratorInput, institutionOf, institutionSchema } from './institution.ts'

export const addInstitution = operation({
  name: 'identity.add_institution',
  kind: 'steps',
  summary: 'Add an institution to the node, and invite its first administrator',
  description:
    'For operators of the node only. The link for the first administrator is shown once; until somebody has used it, another can be made. What the institution keeps is sealed under keys of its own, and operators see nothing of it.',
  input: z.strictObject({ slug: tenantSlugSchema, name: tenantNameSchema, administrator: administratorInput }),
  output: z.strictObject({ institution: institutionSchema, invitation: invitationSchema }),
  access: { action: 'create', on: () => ({ type: 'institution' }) },
  audit: (_input, { institution }) => ({ object: { kind: 'tenant', id: institution.id } }),
  secretOutput: true,
  stepUp: true,
  http: { method: 'POST', path: '/v1/institutions', status: 201 },
  example: { input: { slug: 'lakeside-clinic', name: 'Lakeside Clinic', administrator: { email: 'grace@example.org', name: 'Grace Hopper' } } },
  problems: [problems.slug_taken],
  // In the scope of the node and not of the operator's institution: nobody of one institution writes into another.
  async run(ctx, { slug, name, administrator }) {
    const { node, now, newId } = ctx
    return node.database.transaction('node', async (tx) => {
      const tenant = await addTenant(tx, ctx, slug, name)
      if (tenant === undefined) return refuse(problems.slug_taken)
      const inviting = { tx, tenant: tenant.id, now, newId, node }
      const user = await accountFor(inviting, { ...administrator, roles: ['administrator'], partner_id: null, subject_id: null })
      if (user === undefined) throw new Error('a new institution has an account already')
      await recordOwnAct(tx, node, { tenant: tenant.id, by: 'identity', type: 'identity.institution_added', facts: { object: { kind: 'user', id: user.id } } })
      return { institution: institutionOf(tenant, {}, false), invitation: await invitationFor(inviting, user) }
    })
  },
})
