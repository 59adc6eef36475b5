/** The mapping while it is being made: a row per column, which the table and the JSON view both edit. Pure. */
import type { Row } from '../../../api.ts'

type Field = Row<'/v1/vault/record-types'>['fields'][number]
export type FieldType = Field['type']
export type Semantic = NonNullable<Field['semantic']>
export type Sensitivity = Field['sensitivity']

/** What a person reads of the node's mapping: one member per column of the file. */
export interface Mapping {
  readonly record_type: string
  readonly subject: string
  readonly drop?: readonly string[]
  readonly fields: Readonly<Record<string, FieldMapping>>
}

interface FieldMapping {
  readonly name?: string
  readonly type?: FieldType
  readonly semantic?: Semantic
  readonly sensitivity?: Sensitivity
  readonly date_order?: string
  readonly nullable?: boolean
}

export interface ColumnDraft {
  readonly column: string
  /** A column that is not kept is left behind by name; nothing of a file is taken in or passed over by accident. */
  readonly kept: boolean
  readonly field: FieldMapping
  /** Why the node proposes it. */
  readonly reason?: string
}

export interface Draft {
  readonly recordType: string
  readonly subject: string | null
  readonly columns: readonly ColumnDraft[]
}

interface Proposal {
  readonly fields: readonly (Field & { readonly column: string; readonly date_order?: string | undefined; readonly reason: string })[]
  readonly subject: { readonly column: string } | null
}

export function draftOf({ fields, subject }: Proposal, recordType: string): Draft {
  return {
    recordType,
    subject: subject?.column ?? null,
    columns: fields.map(({ column, reason, name, type, semantic, sensitivity, date_order, nullable }) => ({
      column,
      kept: true,
      reason,
      field: { name, type, ...(semantic === undefined ? {} : { semantic }), sensitivity, ...(date_order === undefined ? {} : { date_order }), nullable },
    })),
  }
}

export function mappingOf({ recordType, subject, columns }: Draft): Mapping {
  const drop = columns.filter(({ column, kept }) => !kept && column !== subject).map(({ column }) => column)
  return {
    record_type: recordType,
    subject: subject ?? '',
    ...(drop.length === 0 ? {} : { drop }),
    fields: Object.fromEntries(columns.filter(({ kept }) => kept).map(({ column, field }) => [column, field])),
  }
}

/** What somebody wrote in the JSON view, as rows again; `undefined` where it has not the form of a mapping. Columns stay in the order of the file. */
export function draftFrom(value: unknown, before: Draft): Draft | undefined {
  if (!isRecord(value) || !isRecord(value.fields) || typeof value.record_type !== 'string' || typeof value.subject !== 'string') return undefined
  const fields = value.fields
  if (!Object.values(fields).every(isRecord)) return undefined
  const known = new Set(before.columns.map(({ column }) => column))
  return {
    recordType: value.record_type,
    subject: value.subject === '' ? null : value.subject,
    columns: [
      ...before.columns.map((row) => ({
        ...row,
        kept: Object.hasOwn(fields, row.column),
        field: (fields[row.column] as FieldMapping | undefined) ?? row.field,
      })),
      ...Object.keys(fields).flatMap((column) => (known.has(column) ? [] : [{ column, kept: true, field: fields[column] as FieldMapping }])),
    ],
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export interface ColumnFault {
  /** `undefined` for what concerns the mapping as a whole. */
  readonly column: string | undefined
  readonly member: string | undefined
  readonly detail: string
}

/** The node's errors at their columns. Their pointers (RFC 6901) begin with `/mapping/fields/<column>` or `/fields/<column>`. */
export function faultsIn(errors: readonly { readonly pointer: string; readonly detail: string }[], subject: string | null): ColumnFault[] {
  return errors.map(({ pointer, detail }) => {
    const steps = pointer
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    const [part, column, member] = steps[0] === 'mapping' ? steps.slice(1) : steps
    if (part === 'fields' && column !== undefined) return { column, member, detail }
    if (part === 'subject' && subject !== null) return { column: subject, member: undefined, detail }
    return { column: undefined, member: part, detail }
  })
}
