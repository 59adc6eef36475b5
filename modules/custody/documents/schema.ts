import { idSchema, instantSchema, sensitive, slugSchema } from '@gatehouse/core/schema'
import { z } from 'zod'

/** One file. */
export const fileBytesMax = 2 * 1024 ** 3
export const titleMax = 200
export const versionsMax = 1_000
/** An object without a row is taken for an orphan after this: longer than any act between the two takes. */
export const orphanMs = 24 * 3_600_000
export const sweepPage = 500

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
  versions: z.array(versionSchema).describe('newest first'),
})
export type DocumentView = z.output<typeof documentSchema>
