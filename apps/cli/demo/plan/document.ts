/** The plan of the story: patients of the database and admissions of the file, linked by tokens, treated, pseudonymised. */
import type { paths } from '@gatehouse/sdk/generated/api'

export type Document = paths['/v1/projects/{project}/query-plans']['post']['requestBody']['content']['application/json']['document']

export const smallestClass = 10

export function planOf(patients: string, admissions: string): Document {
  const document = {
    version: 1,
    form: 'pseudonymised',
    sources: [
      { as: 'patients', table: patients },
      { as: 'admissions', table: admissions },
    ],
    elements: [
      {
        name: 'birth_year',
        source: 'patients',
        column: 'birth_year',
        role: 'quasi',
        type: 'integer',
        hierarchy: { kind: 'interval', widths: [10, 20] },
        weight: 0.8,
      },
      { name: 'sex', source: 'patients', column: 'sex', role: 'quasi', weight: 0.6 },
      { name: 'town', source: 'patients', column: 'town', role: 'quasi', weight: 0.4 },
      { name: 'diagnosis', source: 'admissions', column: 'diagnosis', role: 'sensitive' },
      { name: 'days', source: 'admissions', column: 'days', role: 'sensitive', type: 'integer' },
    ],
    linkage: {
      keys: [{ name: 'number', form: 'identifier', columns: { patients: 'patient_number', admissions: 'patient_number' } }],
      method: { kind: 'deterministic', passes: [['number']] },
      keep: 'linked',
    },
    treatment: { models: [{ model: 'k_anonymity', k: smallestClass }], suppression_limit: 0.05 },
    output: { title: 'Length of stay by age, sex and town', formats: ['csv', 'json', 'ndjson'] },
  }
  // The client’s type has what the node adds where it is left out.
  return document as unknown as Document
}
