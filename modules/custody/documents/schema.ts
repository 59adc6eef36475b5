import { idSchema, instantSchema, sensitive, slugSchema } from '@gatehouse/core/schema'
import { z } from 'zod'

/** One file. */
export const fileBytesMax = 2 * 1024 ** 3
export const titleMax = 200
export const versionsMax = 1_000
/** An object without a row is taken for an orphan after this: longer than any act between the two takes. */
export const orphanMs = 24 * 3_600_000
export const sweepPage = 500
/** What a node keeps of an upload at a time, and so the most that is sent twice. */
export const partBytes = 4 * 1024 ** 2
export const partsMax = 4_096
/** Uploads of one document that are under way. */
export const uploadsMax = 20
/** An upload that is not finished by then is forgotten. */
export const uploadMs = 7 * 86_400_000

export const scanStates = ['pending', 'clean', 'infected', 'unscanned'] as const

/** What a file is, told by its bytes and by nothing else. */
export const mediaTypes = [
  'application/pdf',
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/tiff',
  'application/dicom',
  'application/zip',
  'application/gzip',
  'application/rtf',
  'application/x-ole-storage',
  'text/plain',
  'application/octet-stream',
] as const
export type MediaType = (typeof mediaTypes)[number]

export const titleSchema = sensitive(z.string().trim().min(1).max(titleMax))

export const versionSchema = z.strictObject({
  version: z.number().int(),
  bytes: z.number().int(),
  media_type: z.enum(mediaTypes),
  scan: z.enum(scanStates).describe('pending: in quarantine; unscanned: this node has no scanner'),
  signature: z.string().nullable().describe('what the scanner calls what it found'),
  scanned_at: instantSchema.nullable(),
  created_at: instantSchema,
  created_by: z.string(),
})

export const documentSchema = z.strictObject({
  id: idSchema('document'),
  subject_id: idSchema('subject').nullable(),
  source: slugSchema,
  title: titleSchema,
  retain_until: instantSchema.nullable(),
  created_at: instantSchema,
  created_by: z.string(),
  held: z.boolean().describe('a legal hold forbids to delete it'),
  versions: z.array(versionSchema).describe('newest first'),
})
export type DocumentView = z.output<typeof documentSchema>

export const receivedSchema = versionSchema.extend({ document_id: idSchema('document'), repeated: z.boolean() })

export const uploadInput = z.strictObject({ document: idSchema('document'), upload: idSchema('upload') })

export const uploadSchema = z.strictObject({
  id: idSchema('upload'),
  document_id: idSchema('document'),
  bytes: z.number().int(),
  received: z.number().int().describe('where to go on'),
  version: z.number().int().nullable().describe('what it became'),
  created_at: instantSchema,
  created_by: z.string(),
  expires_at: instantSchema,
})
