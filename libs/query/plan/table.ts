import type { Field, Sensitivity } from '@gatehouse/tabular/field'
import type { DateOrder } from '@gatehouse/tabular/value'
import type { PlanElement } from './schema.ts'

/** Whom a column tells of. `subject`: it holds the ids by which people are known at the source. */
export const identifierRoles = ['none', 'subject', 'direct', 'quasi', 'sensitive'] as const
export type IdentifierRole = (typeof identifierRoles)[number]

/** What the catalogue knows of a column, as far as plans ask. The field's name is the name in the catalogue. */
export interface PlanColumn {
  readonly field: Field
  readonly identifierRole: IdentifierRole
  /** 0 to 1, how much the loss of it would hurt. */
  readonly weightHint?: number
  /** How its dates are written where they are not ISO 8601. */
  readonly dateOrder?: DateOrder
}

export interface PlanTable {
  /** `source.table`. */
  readonly reference: string
  readonly columns: readonly PlanColumn[]
  /** Columns that together name one row, by their names in the catalogue. */
  readonly key?: readonly string[]
  readonly rows?: number
}

export type ElementRole = PlanElement['role']

/** From the strictest to the least strict. */
export const elementRoles = ['identifying', 'quasi', 'sensitive', 'insensitive'] as const satisfies readonly ElementRole[]

const roleOfSensitivity = {
  direct_identifier: 'identifying',
  quasi_identifier: 'quasi',
  sensitive: 'sensitive',
  plain: 'insensitive',
} as const satisfies Record<Sensitivity, ElementRole>

const roleOfIdentifier = {
  none: 'insensitive',
  subject: 'identifying',
  direct: 'identifying',
  quasi: 'quasi',
  sensitive: 'sensitive',
} as const satisfies Record<IdentifierRole, ElementRole>

/** The least strict role that an element of the column may have. */
export function leastRole({ field, identifierRole }: PlanColumn): ElementRole {
  return stricterRole(roleOfSensitivity[field.sensitivity], roleOfIdentifier[identifierRole])
}

export function stricterRole(one: ElementRole, other: ElementRole): ElementRole {
  return elementRoles.indexOf(one) <= elementRoles.indexOf(other) ? one : other
}

export function columnOfTable(table: PlanTable | undefined, name: string): PlanColumn | undefined {
  return table?.columns.find(({ field }) => field.name === name)
}
