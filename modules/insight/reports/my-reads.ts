/** Who of the staff has looked at what is kept about a person: by role and purpose, never by name. */
import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { idSchema, instantSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { labelOf } from '@gatehouse/policy/purposes'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { toldOf } from '../../exchange/query/index.ts'
import { staffRoles } from '../../governance/access/index.ts'
import { wardOf } from '../../governance/consents/index.ts'
import { staffMember } from '../../governance/identity/index.ts'
import { purposeTree } from '../../governance/policies/index.ts'
import { type EntryBody, readAbout } from '../../ledger/index.ts'

const look = z.strictObject({
  entry: idSchema('entry'),
  at: instantSchema,
  what: z.enum(['record', 'document', 'identity']).describe('identity: who is behind a pseudonym'),
  roles: z.array(z.enum(staffRoles)).describe('In which roles of the product; none for whoever looked by another right of the staff.'),
  purpose: z.string().nullable(),
  purpose_label: z.string().nullable(),
  record_type: z.string().nullable(),
  fields: z.array(z.string()),
})

/** The acts by which staff sees something of a person. */
const looks: Readonly<Record<string, z.output<typeof look>['what']>> = {
  'release.read_record': 'record',
  'documents.download': 'document',
  [toldOf]: 'identity',
}

const page = { ...pageQuery, cursor: idSchema('entry').optional() }

export const myReads = operation({
  name: 'reports.my_reads',
  summary: 'Who of the staff looked at what about the person who is signed in, newest first',
  description: 'By role and purpose: colleagues are not named to those whose records they look after, and the entry tells an auditor who it was.',
  input: z.strictObject(page),
  output: pageSchema(look),
  access: { action: 'read', on: (_input, { subject }) => ({ type: 'own_disclosure', ...(subject === undefined ? {} : { owner: subject }) }) },
  audit: { none: 'a person looks at what concerns nobody else, and no value stands in it' },
  http: { method: 'GET', path: '/v1/me/reads' },
  example: { input: {} },
  async run(ctx, asked) {
    const { subject } = ctx.principal
    if (subject === undefined) throw new Problem(doorProblems.not_found)
    return looksAt(ctx, subject, asked)
  },
})

export const wardReads = operation({
  name: 'reports.ward_reads',
  summary: 'Who of the staff looked at what about somebody one may act for, newest first',
  input: z.strictObject({ ...page, guardianship: idSchema('guardianship') }),
  output: pageSchema(look),
  access: { action: 'read', on: (_input, { subject }) => ({ type: 'own_disclosure', ...(subject === undefined ? {} : { owner: subject }) }) },
  audit: ({ guardianship }, { data }) => ({ object: { kind: 'guardianship', id: guardianship }, details: { reads: data.length } }),
  http: { method: 'GET', path: '/v1/me/wards/:guardianship/reads' },
  example: { input: { guardianship: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { guardianship, ...asked }) {
    const ward = await wardOf(ctx.tx, ctx.principal, guardianship, ctx.now)
    if (ward === undefined) return refuse(doorProblems.not_found)
    ctx.describe({ subject: { id: ward.subject.id, commitment: ward.subject.commitment } })
    return looksAt(ctx, ward.subject.id, asked)
  },
})

async function looksAt(
  ctx: TransactionContext,
  subject: Id<'subject'>,
  { cursor, limit }: { readonly cursor?: Id<'entry'> | undefined; readonly limit: number },
): Promise<{ data: z.output<typeof look>[]; next: Id<'entry'> | null }> {
  const found = await readAbout(ctx.tx, subject, Object.keys(looks), { before: cursor, limit: limit + 1 })
  const shown = found.slice(0, limit)
  const tree = await purposeTree(ctx.node, ctx.tx)
  const data: z.output<typeof look>[] = []
  // What was refused showed nothing, and what a person or a job fetched is no look of the staff.
  for (const body of shown.filter(({ actor, decision }) => actor.kind === 'user' && decision !== 'deny' && decision !== 'error')) {
    const { fields, record_type } = body.details ?? {}
    data.push({
      entry: body.id,
      at: body.at,
      what: looks[body.type] ?? 'record',
      roles: await rolesOf(ctx, body),
      purpose: body.purpose ?? null,
      purpose_label: body.purpose === undefined ? null : (tree.get(body.purpose)?.label ?? labelOf(body.purpose)),
      record_type: typeof record_type === 'string' ? record_type : null,
      fields: Array.isArray(fields) ? fields.map(String) : [],
    })
  }
  return { data, next: found.length > limit ? (shown.at(-1)?.id ?? null) : null }
}

/** As the entry has them; where it has none, those of the account now. */
async function rolesOf(ctx: TransactionContext, { actor, details }: EntryBody) {
  const kept = details?.reader_roles
  const roles = Array.isArray(kept) ? kept : ((await staffMember(ctx.tx, ctx.tenant, actor.id as Id<'user'>))?.roles ?? [])
  return staffRoles.filter((role) => roles.includes(role))
}
