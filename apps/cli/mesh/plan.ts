/** What is asked of the hospitals: their catalogues, and one plan over all of them. */
import { must } from '@gatehouse/sdk/client'
import type { Document } from '../demo/plan/document.ts'
import type { Joined } from './project.ts'
import { until } from './until.ts'

export const smallestClass = 10

/** Patients of the first hospital, what they stayed for in each of the others. */
export function planOf(peers: readonly string[]): Document {
  const sources = peers.map((peer, at) => ({ as: `s${at}`, table: `${peer}/hospital.stays` }))
  const document = {
    version: 1,
    form: 'anonymised',
    sources: [{ as: 'patients', table: 'hospital.patients' }, ...sources],
    elements: [
      { name: 'birth_year', source: 'patients', column: 'birth_year', role: 'quasi', type: 'integer', hierarchy: { kind: 'interval', widths: [10, 20] } },
      { name: 'town', source: 'patients', column: 'town', role: 'quasi' },
      ...sources.map(({ as }) => ({ name: `diagnosis_${as}`, source: as, column: 'diagnosis', role: 'sensitive' })),
    ],
    linkage: {
      keys: [
        {
          name: 'number',
          form: 'identifier',
          columns: Object.fromEntries([['patients', 'patient_number'], ...sources.map(({ as }): [string, string] => [as, 'patient_number'])]),
        },
      ],
      method: { kind: 'deterministic', passes: [['number']] },
      keep: 'linked',
    },
    treatment: { models: [{ model: 'k_anonymity', k: smallestClass }], suppression_limit: 0.2 },
    output: { title: 'What people stayed for, and where', formats: ['csv', 'json'] },
  }
  return document as unknown as Document
}

/** Each node is asked what its project may see there, and says so as soon as it looks into its mailbox. */
export async function showCatalogues({ project, analyst }: Joined, peers: readonly string[], signal: AbortSignal) {
  const at = { params: { path: { project } } }
  for (const node of peers) must(await analyst.client.POST('/v1/projects/{project}/node-catalogues', { ...at, body: { node } }))
  const answers = async () => must(await analyst.client.GET('/v1/projects/{project}/node-catalogues', at)).data
  await until(async () => (await answers()).every(({ answered_at, refused }) => answered_at !== null || refused !== null), 'a catalogue did not come', signal)
  return answers()
}
