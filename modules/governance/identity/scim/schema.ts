/** Provisioning by SCIM 2.0 (RFC 7643, RFC 7644): what is sent, and every bound. */
import { z } from 'zod'
import { filterCharactersMax } from './filter.ts'

export const scimLimits = {
  /** People and teams that one directory keeps; more are not read. */
  resources: 5000,
  pageDefault: 100,
  pageMax: 200,
  operations: 100,
  membersPerGroup: 1000,
} as const

/** Attributes of the standard that are not kept are passed over (RFC 7644 section 3.3). */
export const resourceInput = z.looseObject({ schemas: z.array(z.string().max(200)).max(10).optional() })

export const patchInput = z.looseObject({
  schemas: z.array(z.string().max(200)).max(10).optional(),
  // Entra writes the words with a capital.
  Operations: z
    .array(
      z.looseObject({
        op: z
          .string()
          .toLowerCase()
          .pipe(z.enum(['add', 'replace', 'remove'])),
        path: z.string().max(filterCharactersMax).optional(),
        value: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(scimLimits.operations),
})

/** Names of attributes, with commas between them. */
const names = z.string().max(2000).optional()
export const wantedInput = { attributes: names, excludedAttributes: names }

export const listInput = z.looseObject({
  filter: z.string().max(filterCharactersMax).optional(),
  startIndex: z.coerce.number().int().optional(),
  count: z.coerce.number().int().optional(),
  ...wantedInput,
})

export const scimId = z.string().max(64)
/** SCIM's own form: attributes that are not set are left out. */
export const scimOutput = z.record(z.string(), z.unknown())
