/** Users and groups as SCIM writes them (RFC 7643 sections 4.1 and 4.2), and what is read of what a directory sends. Pure. */
import type { Instant } from '@gatehouse/core/instant'
import { email as emailSchema } from '../schema.ts'
import { member } from './filter.ts'
import type { ScimTeamRow, ScimUserRow } from './store.ts'

export const schemas = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
} as const

export type Resource = Record<string, unknown>

export function userResource(base: string, row: ScimUserRow): Resource {
  return {
    schemas: [schemas.user],
    id: row.id,
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
    userName: row.email,
    name: { formatted: row.name },
    displayName: row.name,
    active: row.disabled_at === null,
    emails: [{ value: row.email, type: 'work', primary: true }],
    meta: meta(base, 'User', row.id, row.created_at),
  }
}

export function groupResource(base: string, row: ScimTeamRow): Resource {
  return {
    schemas: [schemas.group],
    id: row.id,
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
    displayName: row.name,
    members: row.members.map((value) => ({ value, $ref: `${base}/Users/${value}`, type: 'User' })),
    meta: meta(base, 'Group', row.id, row.created_at),
  }
}

const meta = (base: string, resourceType: 'User' | 'Group', id: string, created: Instant) => ({
  resourceType,
  created,
  location: `${base}/${resourceType}s/${id}`,
})

export interface UserSaid {
  readonly email: string
  readonly name: string
  readonly active: boolean
  readonly externalId: string | null
}

/** @param known the name so far: of several spellings the one that differs is the new one. @returns what of the resource is kept, or which attribute does not fit. The address is `userName`, or the primary one where that is none. */
export function readUser(resource: Resource, known?: string): UserSaid | { readonly fault: string } {
  const userName = emailSchema.safeParse(member(resource, 'userName'))
  const emails = member(resource, 'emails')
  const listed = Array.isArray(emails) ? (emails.find((one) => member(one, 'primary') === true) ?? emails[0]) : undefined
  const address = userName.success ? userName : emailSchema.safeParse(member(listed, 'value'))
  if (!address.success) return { fault: 'userName, or the primary of emails, has to be an e-mail address' }
  const name = member(resource, 'name')
  const parts = ['givenName', 'familyName'].map((part) => text(member(name, part))).filter((part) => part !== undefined)
  const names = [text(member(resource, 'displayName')), text(member(name, 'formatted')), parts.length === 0 ? undefined : parts.join(' ')]
  const shown = names.find((one) => one !== undefined && one !== known)
  return {
    email: address.data,
    name: shown ?? known ?? address.data,
    // Some directories write the truth as a text (Entra).
    active: !/^false$/i.test(String(member(resource, 'active') ?? 'true')),
    externalId: text(member(resource, 'externalId')) ?? null,
  }
}

export interface GroupSaid {
  readonly name: string
  readonly externalId: string | null
  readonly members: readonly string[]
}

export function readGroup(resource: Resource, membersMax: number): GroupSaid | { readonly fault: string } {
  const name = text(member(resource, 'displayName'))
  if (name === undefined || name.length > 100) return { fault: 'displayName has 1 to 100 characters' }
  const members = member(resource, 'members') ?? []
  if (!Array.isArray(members) || members.length > membersMax) return { fault: `members is a list of at most ${membersMax}` }
  const ids = members.map((one) => member(one, 'value'))
  if (!ids.every((id) => typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id))) return { fault: 'each of members has the id of a user as its value' }
  return { name, externalId: text(member(resource, 'externalId')) ?? null, members: ids as string[] }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : undefined
}

/** What of a resource is asked for (RFC 7644 section 3.9). */
export interface Wanted {
  readonly attributes?: string | undefined
  readonly excludedAttributes?: string | undefined
}

const always = new Set(['id', 'schemas'])

/** Names may carry the URN of their schema, and one part: `name.formatted`. */
export function projected(resource: Resource, { attributes, excludedAttributes }: Wanted): Resource {
  if (attributes !== undefined) {
    const wanted = namesIn(attributes)
    return kept(resource, (name) => always.has(name) || wanted.has(name) || [...wanted].some((one) => one.startsWith(`${name}.`) || name.startsWith(`${one}.`)))
  }
  const unwanted = namesIn(excludedAttributes ?? '')
  return unwanted.size === 0 ? resource : kept(resource, (name) => always.has(name) || !unwanted.has(name))
}

const namesIn = (text: string) =>
  new Set(
    text
      .split(',')
      .map((name) =>
        name
          .trim()
          .replace(/^urn:.*:/, '')
          .toLowerCase(),
      )
      .filter((name) => name !== ''),
  )

function kept(resource: Resource, keeps: (name: string) => boolean): Resource {
  const part = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((one) => part(one, name))
    if (value === null || typeof value !== 'object' || always.has(name)) return value
    return Object.fromEntries(Object.entries(value).filter(([inner]) => keeps(`${name}.${inner.toLowerCase()}`)))
  }
  const entries = Object.entries(resource).map(([name, value]) => [name, name.toLowerCase(), value] as const)
  return Object.fromEntries(entries.filter(([, name]) => keeps(name)).map(([spelled, name, value]) => [spelled, part(value, name)]))
}
