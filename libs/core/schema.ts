/**
 * One schema per noun gives the type, the validation and the OpenAPI description. Objects are strict: an unknown field is an
 * error and not a silent loss.
 */
import { z } from 'zod'
import { type Id, type IdKind, parseId } from './id.ts'
import { type Instant, parseInstant } from './instant.ts'

export interface FieldMeta {
  /** A value that may tell something of a person. It can never be logged, measured or audited. */
  sensitive?: boolean
  description?: string
  example?: unknown
}

const metadata = z.registry<FieldMeta>()

/** Marks a schema's values as personal: the log and audit serialisers refuse them. */
export function sensitive<T extends z.ZodType>(schema: T): T {
  const marked = schema.clone() as T
  metadata.add(marked, { sensitive: true })
  return marked
}

export function isSensitive(schema: z.ZodType): boolean {
  return metadata.get(schema)?.sensitive === true
}

/** The names of a schema's members that are marked sensitive, at any depth. */
export function sensitiveNames(schema: z.ZodType, found = new Set<string>()): Set<string> {
  if (schema instanceof z.ZodObject) {
    for (const [name, member] of Object.entries(schema.shape as Record<string, z.ZodType>)) {
      if (containsSensitive(member)) found.add(name)
      sensitiveNames(member, found)
    }
  } else {
    for (const inner of innerSchemas(schema)) sensitiveNames(inner, found)
  }
  return found
}

function containsSensitive(schema: z.ZodType): boolean {
  return isSensitive(schema) || (!(schema instanceof z.ZodObject) && innerSchemas(schema).some(containsSensitive))
}

function innerSchemas(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) return [schema.unwrap() as z.ZodType]
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType]
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType]
  if (schema instanceof z.ZodUnion) return schema.options as z.ZodType[]
  return []
}

/** A UUID of one kind of thing. */
export function idSchema<K extends IdKind>(kind: K) {
  return z
    .string()
    .transform((text, context) => {
      const id = parseId<K>(text)
      if (id === undefined) {
        context.addIssue({ code: 'custom', message: `a ${kind} id is a UUID such as 0198c1de-7b3a-7c4d-8e5f-000000000001` })
        return z.NEVER
      }
      return id
    })
    .pipe(z.custom<Id<K>>())
    .meta({ format: 'uuid' })
}

/** An RFC 3339 time; kept as UTC with milliseconds. */
export const instantSchema = z
  .string()
  .max(40)
  .transform((text, context) => {
    const at = parseInstant(text)
    if (at === undefined) {
      context.addIssue({ code: 'custom', message: 'a time is RFC 3339 with an offset, such as 2026-11-22T09:30:00Z' })
      return z.NEVER
    }
    return at
  })
  .pipe(z.custom<Instant>())

export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue }
/** Whatever came as JSON. */
export const jsonValue = z.unknown() as z.ZodType<JsonValue, JsonValue>

/** A short machine name: lower-case letters, digits, `_` and `-`, starting with a letter. */
export const slugSchema = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, 'use lower-case letters, digits, "_" and "-", starting with a letter, at most 63')

/** A page of a list. `next` is the cursor of the following page, or null at the end. */
export function pageSchema<T extends z.ZodType>(item: T) {
  return z.strictObject({ data: z.array(item), next: z.string().nullable() })
}

export const pageLimitMax = 500

/** The query members that every list takes. */
export const pageQuery = {
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(50),
}
