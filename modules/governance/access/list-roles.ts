import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { areas, staffActions } from './areas.ts'
import { rightsIn } from './own-role.ts'
import { staffRoles } from './role-names.ts'
import { roles } from './roles.ts'
import { actionSchema, grantSchema } from './schema.ts'
import { ownRoles } from './store.ts'

const right = z.strictObject({ on: z.string(), may: z.array(z.string()), own: z.boolean() })

export const listRoles = operation({
  name: 'access.roles',
  summary: 'List the roles and their rights',
  description:
    'Those that ship with the product, then those of the institution’s own. `own` limits a right to what belongs to the partner or user who asks; a role of one’s own has an `id`, and its `grants` say for what part of the institution and on what condition it holds.',
  input: z.strictObject({}),
  output: z.strictObject({
    roles: z.array(
      z.strictObject({
        name: z.string(),
        summary: z.string(),
        rights: z.array(right),
        /** Null for a role that ships with the product. */
        id: z.string().nullable(),
        /** Whether people and teams can be given it. */
        given: z.boolean(),
        grants: z.array(grantSchema),
      }),
    ),
    /** What roles of one's own may speak of, with all that `write` gives. */
    areas: z.array(z.strictObject({ area: z.string(), may: z.array(actionSchema) })),
  }),
  access: { action: 'read', on: () => ({ type: 'role' }) },
  audit: { none: 'the rights of roles, which say nothing about any person' },
  http: { method: 'GET', path: '/v1/roles' },
  example: { input: {} },
  async run({ tx, tenant }) {
    const own = await ownRoles(tx, tenant)
    return {
      roles: [
        ...roles.map(({ name, summary, rights }) => ({
          name,
          summary,
          rights: rights.map(({ on, may, own: only }) => ({ on, may: [...may], own: only === true })),
          id: null,
          given: (staffRoles as readonly string[]).includes(name),
          grants: [],
        })),
        ...own.map(({ id, name, summary, grants }) => ({ name, summary, rights: merged(grants), id, given: true, grants: [...grants] })),
      ],
      areas: areas.map((area) => ({ area, may: staffActions(area) })),
    }
  },
})

/** One row per area; a right for a part of the institution, or on a condition, shows here as one for all. The grants say more. */
function merged(grants: Parameters<typeof rightsIn>[0]) {
  const byArea = new Map<string, Set<string>>()
  for (const { action, resource } of rightsIn(grants)) byArea.set(resource.type, (byArea.get(resource.type) ?? new Set()).add(action))
  return [...byArea].map(([on, may]) => ({ on, may: [...may], own: false }))
}
