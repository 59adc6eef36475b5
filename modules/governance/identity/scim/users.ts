/** People, as a directory keeps them. */
import { Problem } from '@gatehouse/core/problem'
import { operation, Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { changeAccount } from '../change-account.ts'
import { problems } from '../problems.ts'
import { domainOf } from '../providers/said.ts'
import { isVerified, type ProviderRow } from '../providers/store.ts'
import { deleteUser, insertUser, lastAdministrator, revokeKeysOf } from '../store.ts'
import { afterPatch, directory, isOwnId, pageOfList, scimBase, taken, tokenReason, unfit } from './directory.ts'
import { projected, type Resource, readUser, type UserSaid, userResource } from './resources.ts'
import { listInput, patchInput, resourceInput, scimId, scimLimits, scimOutput, wantedInput } from './schema.ts'
import { lockScimUser, renameUser, type ScimUserRow, scimUsers } from './store.ts'

const access = { public: tokenReason }
const facts = (_input: object, { id }: Resource) => ({ object: { kind: 'user', id: String(id) } })
const example = '01980000-0000-7000-8000-0000000000aa'

export const listScimUsers = operation({
  name: 'identity.scim_users',
  summary: 'SCIM: the people of the provider’s domains',
  input: listInput,
  output: scimOutput,
  access,
  audit: { none: 'It tells the directory of the staff that it keeps.' },
  http: { method: 'GET', path: `${scimBase}/Users`, speaks: 'scim' },
  example: { input: { filter: 'userName eq "ada@lakeside.example"' } },
  problems: [problems.scim_invalid],
  async run(ctx, asked) {
    const { provider, base } = await directory(ctx)
    const rows = await scimUsers(ctx.tx, provider.tenant_id, provider.id, scimLimits.resources)
    return pageOfList(
      rows.map((row) => userResource(base, row)),
      asked,
    )
  },
})

export const readScimUser = operation({
  name: 'identity.scim_user',
  summary: 'SCIM: one of them',
  input: z.looseObject({ user: scimId, ...wantedInput }),
  output: scimOutput,
  access,
  audit: { none: 'It tells the directory of the staff that it keeps.' },
  http: { method: 'GET', path: `${scimBase}/Users/:user`, speaks: 'scim' },
  example: { input: { user: example } },
  problems: [doorProblems.not_found],
  async run(ctx, { user, ...wanted }) {
    const { provider, base } = await directory(ctx)
    return projected(userResource(base, await found(ctx, provider, user)), wanted)
  },
})

export const createScimUser = operation({
  name: 'identity.scim_create_user',
  summary: 'SCIM: somebody new',
  description: 'Gets the provider’s roles, by default none, and signs in there. The address is of a proven domain.',
  input: resourceInput,
  output: scimOutput,
  access,
  audit: facts,
  http: { method: 'POST', path: `${scimBase}/Users`, status: 201, speaks: 'scim' },
  example: { input: { userName: 'ada@lakeside.example', displayName: 'Ada Lovelace' } },
  problems: [problems.scim_invalid, problems.scim_taken],
  async run(ctx, resource) {
    const { provider, base } = await directory(ctx)
    const said = readUser(resource)
    const fault = await faultOf(ctx, provider, said)
    if (fault !== undefined || 'fault' in said) return unfit('invalidValue', fault ?? '')
    const { tenant_id: tenant, roles } = provider
    const row = {
      tenant_id: tenant,
      id: ctx.newId<'user'>(),
      email: said.email,
      name: said.name,
      roles,
      created_at: ctx.now,
      partner_id: null,
      subject_id: null,
    }
    if (!(await insertUser(ctx.tx, row))) return taken()
    const now = { ...row, disabled_at: null, external_id: null }
    const refused = await keep(ctx, provider, now, said)
    return refused ?? userResource(base, { ...now, external_id: said.externalId, disabled_at: said.active ? null : ctx.now })
  },
})

export const replaceScimUser = operation({
  name: 'identity.scim_replace_user',
  summary: 'SCIM: somebody as the directory has them now',
  description: '`active: false` closes the account: its sessions and keys end at once.',
  input: resourceInput.extend({ user: scimId }),
  output: scimOutput,
  access,
  audit: facts,
  http: { method: 'PUT', path: `${scimBase}/Users/:user`, speaks: 'scim' },
  example: { input: { user: example, userName: 'ada@lakeside.example', active: false } },
  problems: [problems.scim_invalid, problems.scim_taken, problems.last_administrator, doorProblems.not_found],
  async run(ctx, { user, ...resource }) {
    const { provider, base } = await directory(ctx)
    return changed(ctx, provider, base, await found(ctx, provider, user), resource)
  },
})

export const patchScimUser = operation({
  name: 'identity.scim_patch_user',
  summary: 'SCIM: change something of somebody',
  input: patchInput.extend({ user: scimId }),
  output: scimOutput,
  access,
  audit: facts,
  http: { method: 'PATCH', path: `${scimBase}/Users/:user`, speaks: 'scim' },
  example: { input: { user: example, Operations: [{ op: 'replace', path: 'active', value: false }] } },
  problems: [problems.scim_invalid, problems.scim_taken, problems.last_administrator, doorProblems.not_found],
  async run(ctx, { user, Operations }) {
    const { provider, base } = await directory(ctx)
    const row = await found(ctx, provider, user)
    const next = afterPatch(userResource(base, row), Operations)
    return next instanceof Refusal ? next : changed(ctx, provider, base, row, next)
  },
})

export const deleteScimUser = operation({
  name: 'identity.scim_delete_user',
  summary: 'SCIM: remove somebody’s account',
  input: z.looseObject({ user: scimId }),
  output: z.strictObject({ user: z.string() }),
  access,
  audit: ({ user }) => ({ object: { kind: 'user', id: user } }),
  http: { method: 'DELETE', path: `${scimBase}/Users/:user`, status: 204, speaks: 'scim' },
  example: { input: { user: example } },
  problems: [problems.last_administrator, doorProblems.not_found],
  async run(ctx, { user }) {
    const { provider } = await directory(ctx)
    const row = await found(ctx, provider, user)
    if ((await lastAdministrator(ctx.tx, ctx.tenant)) === row.id) return refuse(problems.last_administrator)
    await revokeKeysOf(ctx.tx, ctx.tenant, row.id, ctx.now)
    await deleteUser(ctx.tx, ctx.tenant, row.id)
    return { user: row.id }
  },
})

async function found(ctx: TransactionContext, provider: ProviderRow, id: string): Promise<ScimUserRow> {
  const row = isOwnId(id) ? await lockScimUser(ctx.tx, provider.tenant_id, provider.id, id) : undefined
  if (row === undefined) throw new Problem(doorProblems.not_found)
  return row
}

async function faultOf(ctx: TransactionContext, provider: ProviderRow, said: UserSaid | { readonly fault: string }): Promise<string | undefined> {
  if ('fault' in said) return said.fault
  if (await isVerified(ctx.tx, provider.tenant_id, provider.id, domainOf(said.email))) return undefined
  return 'the address is of no domain that is proven for this provider'
}

async function changed(ctx: TransactionContext, provider: ProviderRow, base: string, row: ScimUserRow, resource: Resource): Promise<Resource | Refusal> {
  const said = readUser(resource, row.name)
  const fault = await faultOf(ctx, provider, said)
  if (fault !== undefined || 'fault' in said) return unfit('invalidValue', fault ?? '')
  const refused = await keep(ctx, provider, row, said)
  if (refused !== undefined) return refused
  return userResource(base, {
    ...row,
    email: said.email,
    name: said.name,
    external_id: said.externalId,
    disabled_at: said.active ? null : (row.disabled_at ?? ctx.now),
  })
}

async function keep(ctx: TransactionContext, { tenant_id: tenant }: ProviderRow, row: ScimUserRow, said: UserSaid): Promise<Refusal | undefined> {
  if (!said.active && row.disabled_at === null && (await lastAdministrator(ctx.tx, tenant)) === row.id) return refuse(problems.last_administrator)
  if (!(await renameUser(ctx.tx, tenant, { id: row.id, email: said.email, name: said.name, external_id: said.externalId }))) return taken()
  if (said.active === (row.disabled_at === null)) return undefined
  await changeAccount(ctx.tx, tenant, row, row.roles, said.active ? null : ctx.now, ctx.now)
  return undefined
}
