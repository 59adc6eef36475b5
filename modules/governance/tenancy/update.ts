import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { forgetBoundaries, keepsAuthor } from './boundaries.ts'
import { tenancyProblems } from './problems.ts'
import { settingsSchema, type Tenant, tenantNameSchema, tenantSchema } from './schema.ts'
import { lockOwnTenant, updateOwnTenant } from './store.ts'

/** Settings that are not sent stay as they are, so no default may slip in here. */
const settingsChange = z.strictObject({
  timezone: settingsSchema.shape.timezone.unwrap().optional(),
  working_hours: settingsSchema.shape.working_hours.unwrap().optional(),
  second_factor: settingsSchema.shape.second_factor.unwrap().optional(),
  mailed_code: settingsSchema.shape.mailed_code.unwrap().optional(),
  texted_code: settingsSchema.shape.texted_code.unwrap().optional(),
  boundaries: settingsSchema.shape.boundaries.unwrap().optional(),
})

export const updateTenant = operation({
  name: 'tenancy.update',
  summary: 'Change the name or the settings of your institution',
  description:
    'With `if_revision` the change happens only if nobody changed the institution since you read it. The entry in the ledger holds the digests of name and settings before and after.',
  input: z
    .strictObject({ name: tenantNameSchema.optional(), settings: settingsChange.optional(), if_revision: z.int().min(1).optional() })
    .refine((input) => input.name !== undefined || input.settings !== undefined, 'send a name, settings or both'),
  output: tenantSchema,
  access: { action: 'update', on: () => ({ type: 'tenant' }) },
  audit: (_input, tenant) => ({ object: { kind: 'tenant', id: tenant.id } }),
  stepUp: true,
  http: { method: 'PATCH', path: '/v1/tenant' },
  example: { input: { settings: { timezone: 'Europe/Vienna' } } },
  problems: [doorProblems.not_found, doorProblems.conflict, tenancyProblems.locks_out],
  async run(ctx, input) {
    const before = await lockOwnTenant(ctx.tx)
    if (before === undefined) return refuse(doorProblems.not_found)
    if (input.if_revision !== undefined && input.if_revision !== before.revision)
      return refuse(doorProblems.conflict, `the institution is at revision ${before.revision}, and the change is for ${input.if_revision}`)
    const tenant = {
      ...before,
      name: input.name ?? before.name,
      settings: {
        timezone: input.settings?.timezone ?? before.settings.timezone,
        working_hours: input.settings?.working_hours ?? before.settings.working_hours,
        second_factor: input.settings?.second_factor ?? before.settings.second_factor,
        mailed_code: input.settings?.mailed_code ?? before.settings.mailed_code,
        texted_code: input.settings?.texted_code ?? before.settings.texted_code,
        boundaries: input.settings?.boundaries ?? before.settings.boundaries,
      },
      revision: before.revision + 1,
    }
    if (!keepsAuthor(tenant.settings.boundaries, ctx.principal))
      return refuse(tenancyProblems.locks_out, undefined, { object: { kind: 'tenant', id: tenant.id } })
    await updateOwnTenant(ctx.tx, tenant)
    if (input.settings?.boundaries !== undefined) forgetBoundaries(ctx.node, ctx.tenant)
    const { primitives } = ctx.node.keys
    ctx.describe({
      details: {
        renamed: input.name !== undefined,
        settings: Object.keys(input.settings ?? {}),
        revision: tenant.revision,
        before: settingsDigest(primitives, before),
        after: settingsDigest(primitives, tenant),
      },
    })
    ctx.publish({ type: 'tenancy.changed', subject: tenant.id, data: { tenant: tenant.id, revision: tenant.revision } })
    return tenant
  },
})

/** SHA-256 in hex of name and settings as canonical JSON: whoever kept a copy of them can show which revision it was. */
export function settingsDigest({ sha256 }: Pick<Primitives, 'sha256'>, { name, settings }: Pick<Tenant, 'name' | 'settings'>): string {
  return toHex(sha256(utf8(canonicalJson({ name, settings }))))
}
