/** The evidence bundle as `docs/reference/evidence-bundle.md` describes it, from the writing side. */
import { idSchema, instantSchema, slugSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { purposeSchema } from '../schema.ts'

export const bundleFormat = 'gatehouse-evidence/v2'
/** Blocks of all chains of one bundle: some tens of megabytes. */
export const bundleBlocksMax = 20_000
/** Releases that one bundle gathers, the newest ones. */
export const bundleReleasesMax = 200

/** What a project's bundle is about: what all that is given has in common. */
export const selectionInput = {
  partner: idSchema('partner').optional(),
  purpose: purposeSchema.optional(),
  policy: idSchema('policy').optional(),
  since: instantSchema.optional(),
  until: instantSchema.optional().describe('Excluded.'),
}

/** The subject of the evidence. */
export const about = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('release'), release: idSchema('release') }),
  z.strictObject({ kind: z.literal('person'), subject: idSchema('subject') }),
  z.strictObject({ kind: z.literal('result'), project: idSchema('project'), run: idSchema('query_run'), result: idSchema('query_result') }),
  z.strictObject({ kind: z.literal('project'), project: slugSchema.optional(), ...selectionInput }),
])
export type About = z.output<typeof about>

export const bundle = z.strictObject({
  format: z.literal(bundleFormat),
  created: z.string(),
  origin: z.string(),
  about,
  selection: z.strictObject({
    entries: z.number().int(),
    left_out: z.number().int().describe('Entries that were found and are not in it, because one bundle holds only so many; the oldest ones.'),
  }),
  log: z.strictObject({ checkpoint: z.string(), entries: z.array(z.strictObject({ index: z.number().int(), body: z.string(), proof: z.array(z.string()) })) }),
  vault: z.strictObject({ chains: z.array(z.strictObject({ subject: z.string(), blocks: z.array(z.record(z.string(), z.string())) })) }),
  documents: z.array(
    z.strictObject({ kind: z.string(), id: z.string(), version: z.number().int().optional(), digest: z.string(), document: z.record(z.string(), z.unknown()) }),
  ),
  story: z.array(z.strictObject({ text: z.string(), entry: z.number().int() })),
  seal: z.string().describe('A signed note over the digest of all the rest, by the key named <origin>/evidence.'),
})
export type Bundle = z.output<typeof bundle>
