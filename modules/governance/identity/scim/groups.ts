/** Groups of a directory: teams of the institution that only the directory keeps. */
import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { operation, Refusal, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import type { ProviderRow } from '../providers/store.ts'
import { deleteTeamRow, insertTeam, setMembers } from '../teams/store.ts'
import { afterPatch, directory, isOwnId, pageOfList, scimBase, taken, tokenReason, unfit } from './directory.ts'
import { groupResource, projected, type Resource, readGroup } from './resources.ts'
import { listInput, patchInput, resourceInput, scimId, scimLimits, scimOutput, wantedInput } from './schema.ts'
import { adoptTeam, lockScimTeam, renameTeam, type ScimTeamRow, scimTeams, scimUsers } from './store.ts'

const access = { public: tokenReason }
const facts = (_input: object, { id, members }: Resource) => ({
  object: { kind: 'team', id: String(id) },
  details: { members: Array.isArray(members) ? members.length : 0 },
})
const example = '01980000-0000-7000-8000-000000000001'

export const listScimGroups = operation({
  name: 'identity.scim_groups',
  summary: 'SCIM: the groups that the directory keeps',
  input: listInput,
  output: scimOutput,
  access,
  audit: { none: 'It tells the directory of the teams that it keeps.' },
  http: { method: 'GET', path: `${scimBase}/Groups`, speaks: 'scim' },
  example: { input: { filter: 'displayName eq "Data protection"' } },
  problems: [problems.scim_invalid],
  async run(ctx, asked) {
    const { provider, base } = await directory(ctx)
    const rows = await scimTeams(ctx.tx, provider.tenant_id, provider.id, scimLimits.resources)
    return pageOfList(
      rows.map((row) => groupResource(base, row)),
      asked,
    )
  },
})

export const readScimGroup = operation({
  name: 'identity.scim_group',
  summary: 'SCIM: one of them',
  input: z.looseObject({ group: scimId, ...wantedInput }),
  output: scimOutput,
  access,
  audit: { none: 'It tells the directory of the teams that it keeps.' },
  http: { method: 'GET', path: `${scimBase}/Groups/:group`, speaks: 'scim' },
  example: { input: { group: example } },
  problems: [doorProblems.not_found],
  async run(ctx, { group, ...wanted }) {
    const { provider, base } = await directory(ctx)
    return projected(groupResource(base, await found(ctx, provider, group)), wanted)
  },
})

export const createScimGroup = operation({
  name: 'identity.scim_create_group',
  summary: 'SCIM: a new group, which is a team here',
  input: resourceInput,
  output: scimOutput,
  access,
  audit: facts,
  http: { method: 'POST', path: `${scimBase}/Groups`, status: 201, speaks: 'scim' },
  example: { input: { displayName: 'Data protection', members: [] } },
  problems: [problems.scim_invalid, problems.scim_taken],
  async run(ctx, resource) {
    const { provider, base } = await directory(ctx)
    const said = readGroup(resource, scimLimits.membersPerGroup)
    if ('fault' in said) return unfit('invalidValue', said.fault)
    const team = { id: ctx.newId<'team'>(), name: said.name, external_id: said.externalId, created_at: ctx.now }
    if (!(await insertTeam(ctx.tx, ctx.tenant, team))) return taken()
    await adoptTeam(ctx.tx, ctx.tenant, provider.id, team.id)
    await setMembers(ctx.tx, ctx.tenant, { id: team.id, members: [] }, await own(ctx, provider, said.members))
    return groupResource(base, await found(ctx, provider, team.id))
  },
})

export const replaceScimGroup = operation({
  name: 'identity.scim_replace_group',
  summary: 'SCIM: a group as the directory has it now',
  input: resourceInput.extend({ group: scimId }),
  output: scimOutput,
  access,
  audit: facts,
  http: { method: 'PUT', path: `${scimBase}/Groups/:group`, speaks: 'scim' },
  example: { input: { group: example, displayName: 'Data protection', members: [] } },
  problems: [problems.scim_invalid, problems.scim_taken, doorProblems.not_found],
  async run(ctx, { group, ...resource }) {
    const { provider, base } = await directory(ctx)
    return changed(ctx, provider, base, await found(ctx, provider, group), resource)
  },
})

export const patchScimGroup = operation({
  name: 'identity.scim_patch_group',
  summary: 'SCIM: change something of a group',
  input: patchInput.extend({ group: scimId }),
  output: scimOutput,
  access,
  audit: facts,
  http: { method: 'PATCH', path: `${scimBase}/Groups/:group`, speaks: 'scim' },
  example: { input: { group: example, Operations: [{ op: 'remove', path: 'members[value eq "01980000-0000-7000-8000-0000000000aa"]' }] } },
  problems: [problems.scim_invalid, problems.scim_taken, doorProblems.not_found],
  async run(ctx, { group, Operations }) {
    const { provider, base } = await directory(ctx)
    const row = await found(ctx, provider, group)
    const next = afterPatch(groupResource(base, row), Operations)
    return next instanceof Refusal ? next : changed(ctx, provider, base, row, next)
  },
})

export const deleteScimGroup = operation({
  name: 'identity.scim_delete_group',
  summary: 'SCIM: dissolve a group',
  input: z.looseObject({ group: scimId }),
  output: z.strictObject({ group: z.string() }),
  access,
  audit: ({ group }) => ({ object: { kind: 'team', id: group } }),
  http: { method: 'DELETE', path: `${scimBase}/Groups/:group`, status: 204, speaks: 'scim' },
  example: { input: { group: example } },
  problems: [doorProblems.not_found],
  async run(ctx, { group }) {
    const { provider } = await directory(ctx)
    const row = await found(ctx, provider, group)
    await deleteTeamRow(ctx.tx, ctx.tenant, row)
    return { group: row.id }
  },
})

async function found(ctx: TransactionContext, provider: ProviderRow, id: string): Promise<ScimTeamRow> {
  const row = isOwnId(id) ? await lockScimTeam(ctx.tx, provider.tenant_id, provider.id, id) : undefined
  if (row === undefined) throw new Problem(doorProblems.not_found)
  return row
}

async function changed(ctx: TransactionContext, provider: ProviderRow, base: string, row: ScimTeamRow, resource: Resource): Promise<Resource | Refusal> {
  const said = readGroup(resource, scimLimits.membersPerGroup)
  if ('fault' in said) return unfit('invalidValue', said.fault)
  if (!(await renameTeam(ctx.tx, ctx.tenant, { id: row.id as Id<'team'>, name: said.name, external_id: said.externalId }))) return taken()
  await setMembers(ctx.tx, ctx.tenant, row, await own(ctx, provider, said.members))
  return groupResource(base, await found(ctx, provider, row.id))
}

/** Only people whom the directory keeps: an id of somebody else is passed over. */
async function own(ctx: TransactionContext, provider: ProviderRow, members: readonly string[]): Promise<string[]> {
  const known = new Set<string>((await scimUsers(ctx.tx, ctx.tenant, provider.id, scimLimits.resources)).map(({ id }) => id))
  return members.filter((id) => known.has(id))
}
