/** The nouns of projects and products, and their limits. */
import { isUuid } from '@gatehouse/core/id'
import { idSchema, instantSchema, pageQuery, slugSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { roleRefSchema } from '../access/index.ts'
import { projectStates } from './states.ts'

export const limits = {
  productsMax: 200,
  purposesPerProduct: 20,
  membersPerProject: 500,
  sourcesPerProject: 100,
  holdersMax: 500,
} as const

const line = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'one line of text')
const description = z.string().trim().max(2_000)
const term = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/, 'a purpose by its name in the list of purposes')
const revision = z.int().min(1)

export const productTerms = z.strictObject({
  name: line,
  description: description.default(''),
  purposes: z.array(term).min(1).max(limits.purposesPerProduct),
})
export const productSchema = z.strictObject({
  id: idSchema('product'),
  /** Never changes. */
  slug: slugSchema,
  name: z.string(),
  description: z.string(),
  /** What its records may be used for. */
  purposes: z.array(z.string()),
  /** Grows with each change; send it back as `if_revision` to change only what you have seen. */
  revision,
  created_at: instantSchema,
  ended_at: instantSchema.nullable(),
})
export type Product = z.output<typeof productSchema>

/** What was agreed, by reference and by the digest of the document. */
export const agreementSchema = z.strictObject({
  reference: line,
  /** SHA-256 of the document, in hex. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '64 characters, 0-9 and a-f')
    .optional(),
})

export const projectTerms = z.strictObject({
  title: line,
  description: description.default(''),
  purpose: term,
  agreement: agreementSchema.nullable().default(null),
  starts_at: instantSchema,
  /** From this moment on nothing is allowed in it any more. */
  ends_at: instantSchema,
})
export type ProjectTerms = z.output<typeof projectTerms>

/** `asked` until every holder of the project's sources has approved; nothing is given before. */
export const admissionStates = ['asked', 'admitted'] as const

export const memberSchema = z.strictObject({
  id: idSchema('member'),
  kind: z.enum(['user', 'team']),
  /** The account or the team. */
  holder: z.uuid(),
  /** A role that holds in this project and nowhere else. */
  role: roleRefSchema,
  state: z.enum(admissionStates),
  added_by: z.string(),
  added_at: instantSchema,
})
export type Member = z.output<typeof memberSchema>

export const sourceKinds = ['record_type', 'document', 'table', 'other'] as const
export const sourceSchema = z.strictObject({
  id: idSchema('source'),
  kind: z.enum(sourceKinds),
  /** A record type by its name, a document by its id, a table of the catalogue as `source.table`. */
  reference: z.string(),
  state: z.enum(admissionStates),
  added_by: z.string(),
  added_at: instantSchema,
})
export type Source = z.output<typeof sourceSchema>

/** A table of the catalogue: its source's name and its own. */
const tableReference = /^[a-z0-9][a-z0-9-]{0,62}\.[a-z0-9][a-z0-9_-]{0,62}$/

export const sourceReference = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/, 'a record type by its name, a document by its id')
/**
 * What is looked at of a source is its form: a record type's name, a document's id. Custody lies beside governance, so whether it is there cannot be asked here; naming a source gives no right.
 */
export function fitsKind({ kind, reference }: { readonly kind: (typeof sourceKinds)[number]; readonly reference: string }): boolean {
  if (kind === 'record_type') return slugSchema.safeParse(reference).success
  if (kind === 'table') return tableReference.test(reference)
  return kind !== 'document' || isUuid(reference)
}
export const formOfSource = {
  path: ['reference'],
  error: 'a record type by its name in lower case, digits and hyphens; a document by its id; a table as source.table',
}
export const holderSchema = z.strictObject({
  kind: z.enum(sourceKinds),
  reference: z.string(),
  /** One of this team approves each project that works with it, and each of its members. */
  team: idSchema('team'),
  named_by: z.string(),
  named_at: instantSchema,
})
export type HolderOf = z.output<typeof holderSchema>

export const projectSchema = z.strictObject({
  id: idSchema('project'),
  title: z.string(),
  description: z.string(),
  purpose: z.string(),
  /** The partner that it works for; null where it is the institution's own. */
  partner: idSchema('partner').nullable(),
  agreement: agreementSchema.nullable(),
  starts_at: instantSchema,
  ends_at: instantSchema,
  state: z.enum(projectStates),
  revision,
  created_by: z.string(),
  created_at: instantSchema,
})
export type Project = z.output<typeof projectSchema>

export const projectDetail = projectSchema.extend({ members: z.array(memberSchema), sources: z.array(sourceSchema) })
export type ProjectDetail = z.output<typeof projectDetail>

export const projectPageQuery = z.strictObject({
  ...pageQuery,
  cursor: idSchema('project').optional(),
  state: z.enum(projectStates).optional(),
  /** Only those that one is a member of, oneself or by a team. */
  mine: z.enum(['true', 'false']).default('false'),
})

export const projectInput = z.strictObject({ project: idSchema('project') })
export const exampleId = '0198c1de-7b3a-7c4d-8e5f-000000000001'

/** Whatever is done in a project is asked of the project. */
export const inProject = ({ project }: { readonly project: string }) => ({
  type: 'project',
  id: project,
  scope: { kind: 'project' as const, id: project },
})
export const inProduct = ({ product }: { readonly product: string }) => ({
  type: 'product',
  id: product,
  scope: { kind: 'product' as const, id: product },
})
