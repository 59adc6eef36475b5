/** What a table file consists of. Small, sealed like its columns, and all that is needed to read any part of them. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toHex, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { type Field, fieldTypes, isSemantic, type Semantic, sensitivities } from '@gatehouse/tabular/field'
import { z } from 'zod'

/** Of one column within its chunk's object; `min` and `max` where it has numbers. */
const columnPlaceSchema = z.strictObject({ offset: z.int().min(0), length: z.int().min(1), min: z.number().optional(), max: z.number().optional() })

const chunkSchema = z.strictObject({
  object: z.string(),
  rows: z.int().min(1),
  /** Of the sealed columns, in hex. */
  sha256: z.string(),
  columns: z.array(columnPlaceSchema),
})

const fieldSchema: z.ZodType<Field> = z.strictObject({
  name: z.string(),
  type: z.enum(fieldTypes),
  semantic: z.custom<Semantic>(isSemantic).optional(),
  sensitivity: z.enum(sensitivities),
  nullable: z.boolean(),
  description: z.string().optional(),
}) as never

const manifestSchema = z.strictObject({
  version: z.literal(1),
  /** The name of the table file: the prefix of its objects. */
  file: z.string(),
  fields: z.array(fieldSchema),
  rows: z.int().min(0),
  chunks: z.array(chunkSchema),
})

export type ChunkPlace = z.output<typeof chunkSchema>
export type Manifest = z.output<typeof manifestSchema>

export function manifestOf(file: string, fields: readonly Field[], chunks: readonly ChunkPlace[]): Manifest {
  return { version: 1, file, fields: [...fields], rows: chunks.reduce((rows, chunk) => rows + chunk.rows, 0), chunks: [...chunks] }
}

/** What a step names its input by: two files have the same only when they are the same bytes. */
export function manifestHash(primitives: Pick<Primitives, 'sha256'>, manifest: Manifest): string {
  return toHex(primitives.sha256(manifestBytes(manifest)))
}

export function manifestBytes(manifest: Manifest): Uint8Array {
  return utf8(canonicalJson(manifest as never))
}

export function readManifestBytes(bytes: Uint8Array): Manifest {
  return manifestSchema.parse(JSON.parse(utf8Text(bytes) ?? ''))
}

export function chunkPlaceBytes(chunk: ChunkPlace): Uint8Array {
  return utf8(canonicalJson(chunk as never))
}

export function readChunkPlaceBytes(bytes: Uint8Array): ChunkPlace {
  return chunkSchema.parse(JSON.parse(utf8Text(bytes) ?? ''))
}
