/** Which of our types a type of PostgreSQL is, how it is asked for and how its bytes are read. */
import type { FieldType } from '@gatehouse/tabular/field'

/** How a value travels in binary COPY. */
export type Wire = 'bool' | 'int2' | 'int4' | 'int8' | 'float8' | 'numeric' | 'number' | 'date' | 'timestamp' | 'uuid' | 'text'

/** A column as `pg_catalog` describes it now. */
export interface ServerColumn {
  readonly column: string
  /** `numeric(10,2)`, as `format_type` writes it. */
  readonly physical: string
  /** The type below any domain. */
  readonly base: string
  readonly is_enum: boolean
  readonly not_null: boolean
  /** Whether equal text is the same bytes. */
  readonly deterministic: boolean
}

interface Reading {
  readonly type: FieldType
  readonly wire: Wire
  /** The value is sent as text, whatever it is there. */
  readonly cast?: true
}

const readings: Readonly<Record<string, Reading>> = {
  bool: { type: 'boolean', wire: 'bool' },
  int2: { type: 'integer', wire: 'int2' },
  int4: { type: 'integer', wire: 'int4' },
  int8: { type: 'integer', wire: 'int8' },
  // As text: the double next to a single has digits that nobody wrote.
  float4: { type: 'number', wire: 'number', cast: true },
  float8: { type: 'number', wire: 'float8' },
  numeric: { type: 'number', wire: 'numeric' },
  date: { type: 'date', wire: 'date' },
  timestamptz: { type: 'instant', wire: 'timestamp' },
  // Without a zone it is read as UTC.
  timestamp: { type: 'instant', wire: 'timestamp' },
  uuid: { type: 'string', wire: 'uuid' },
  text: { type: 'string', wire: 'text' },
  varchar: { type: 'string', wire: 'text' },
}

const asText: Reading = { type: 'string', wire: 'text', cast: true }

/** @param wanted text is read of any type */
export function readingOf({ base, is_enum }: Pick<ServerColumn, 'base' | 'is_enum'>, wanted?: FieldType): Reading {
  if (is_enum) return { type: 'string', wire: 'text' }
  const own = readings[base] ?? asText
  return wanted === 'string' && own.type !== 'string' ? asText : own
}
