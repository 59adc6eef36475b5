/** Plans and tables of invented people, for tests. */
import { datasetFrom } from '@gatehouse/tabular/dataset'
import type { Field, FieldType, Semantic, Sensitivity } from '@gatehouse/tabular/field'
import type { SourceRecord } from '@gatehouse/tabular/value'
import type { QueryPlanInput } from '../plan/schema.ts'
import type { IdentifierRole, PlanColumn, PlanTable } from '../plan/table.ts'

export function column(name: string, type: FieldType, sensitivity: Sensitivity, semantic?: Semantic, identifierRole: IdentifierRole = 'none'): PlanColumn {
  const field: Field = { name, type, sensitivity, nullable: true, ...(semantic === undefined ? {} : { semantic }) }
  return { field, identifierRole }
}

export const gp: PlanTable = {
  reference: 'surgery.patients',
  columns: [
    column('patient_id', 'string', 'direct_identifier', 'identifier', 'subject'),
    column('nhs_number', 'string', 'direct_identifier', 'national_health_number'),
    column('family_name', 'string', 'direct_identifier', 'family_name'),
    column('given_name', 'string', 'direct_identifier', 'given_name'),
    column('date_of_birth', 'date', 'quasi_identifier', 'date_of_birth'),
    column('age', 'integer', 'quasi_identifier', 'age'),
    column('town', 'string', 'quasi_identifier', 'city'),
    column('weight_lb', 'number', 'sensitive', 'measurement'),
    column('smoker', 'boolean', 'sensitive'),
  ],
}

export const hospital: PlanTable = {
  reference: 'hospital.stays',
  columns: [
    column('number', 'string', 'direct_identifier', 'national_health_number'),
    column('surname', 'string', 'direct_identifier', 'family_name'),
    column('forename', 'string', 'direct_identifier', 'given_name'),
    column('born', 'string', 'quasi_identifier', 'date_of_birth'),
    column('diagnosis', 'string', 'sensitive', 'diagnosis'),
    column('nights', 'integer', 'plain'),
  ],
}

export const tables = new Map([
  ['gp', gp],
  ['ward', hospital],
])

/** Two sources, linked by two passes, treated. */
export const linkedPlan = {
  version: 1,
  form: 'anonymised',
  sources: [
    { as: 'gp', table: 'surgery.patients' },
    { as: 'ward', table: 'hospital.stays' },
  ],
  prepare: { gp: [{ do: 'convert', column: 'weight_lb', from: '[lb_av]', to: 'kg' }] },
  elements: [
    { name: 'age', source: 'gp', column: 'age', role: 'quasi', hierarchy: { kind: 'interval', widths: [5, 20] }, weight: 1 },
    { name: 'town', source: 'gp', column: 'town', role: 'quasi' },
    { name: 'weight', source: 'gp', column: 'weight_lb', role: 'sensitive' },
    { name: 'diagnosis', source: 'ward', column: 'diagnosis', role: 'sensitive' },
    { name: 'nights', source: 'ward', column: 'nights', role: 'insensitive', reduce: 'sum' },
  ],
  linkage: {
    keys: [
      { name: 'nhs', form: 'nhs_number', columns: { gp: 'nhs_number', ward: 'number' } },
      { name: 'family', form: 'name', columns: { gp: 'family_name', ward: 'surname' } },
      { name: 'given', form: 'name', columns: { gp: 'given_name', ward: 'forename' } },
      { name: 'born', form: 'date', columns: { gp: 'date_of_birth', ward: 'born' } },
    ],
    method: { kind: 'deterministic', passes: [['nhs'], ['family', 'given', 'born']] },
    keep: 'everybody',
  },
  cohort: { column: 'age', is: 'ge', value: 18 },
  treatment: { models: [{ model: 'k_anonymity', k: 3 }], suppression_limit: 0.1 },
  output: { title: 'Stays by age and town' },
} as const satisfies QueryPlanInput

/** The plan with members of it changed; `undefined` takes one out. */
export function changed(plan: object, pointer: string, value: unknown): object {
  const copy: Record<string, unknown> = structuredClone(plan) as never
  const steps = pointer.split('/').slice(1)
  const last = steps.pop() ?? ''
  let at = copy
  for (const step of steps) at = at[step] as Record<string, unknown>
  if (value === undefined) delete at[last]
  else at[last] = value
  return copy
}

export const dataOf = (table: PlanTable, rows: readonly SourceRecord[]) =>
  datasetFrom(
    table.columns.map(({ field }) => field),
    rows,
  )

/** Valid NHS numbers, so that all that differs is the person. */
export const nhsNumbers = ['9434765919', '4010232137', '9876543210', '2983396339', '6328797966', '1275988113']

export function gpRow(who: number, more: SourceRecord = {}): SourceRecord {
  return {
    patient_id: `p${who}`,
    nhs_number: nhsNumbers[who % nhsNumbers.length] ?? null,
    family_name: `Family${'abcdefgh'[who % 8]}`,
    given_name: `Given${'abcdefgh'[who % 8]}`,
    date_of_birth: `19${50 + (who % 40)}-03-04`,
    age: 20 + (who % 50),
    town: ['York', 'Leeds'][who % 2] ?? null,
    weight_lb: 100 + who,
    smoker: who % 3 === 0,
    ...more,
  }
}
