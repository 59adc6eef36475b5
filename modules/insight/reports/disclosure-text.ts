/** A disclosure as a line of a file. Pure. */
import { csvWriter } from '@gatehouse/tabular/csv-writer'
import type { Disclosure } from './disclosure.ts'

/** One JSON object per line. The digest of all lines is what a PDF names as the digest of its content. */
export const ndjsonLine = (disclosure: Disclosure): string => `${JSON.stringify(disclosure)}\n`

const cells = {
  at: ({ at }) => at,
  release: ({ release }) => release,
  state: ({ state }) => state,
  partner: ({ partner }) => partner.reference,
  partner_name: ({ partner }) => partner.name,
  purpose: ({ purpose }) => purpose,
  purpose_label: ({ purpose_label }) => purpose_label,
  record_type: ({ record_type }) => record_type,
  legal_basis: ({ bases }) => distinct(bases.map(({ basis }) => basis)),
  law: ({ bases }) => distinct(bases.flatMap(({ law }) => (law === null ? [] : [law]))),
  policies: ({ bases }) => distinct(bases.map(({ policy_uid, version, rule }) => `${policy_uid} v${version} ${rule}`)),
  consents: ({ consents }) => consents.join('; '),
  fields: ({ fields }) => fields.map(({ name, mask }) => `${name}: ${mask}`).join('; '),
  bytes: ({ bytes }) => bytes,
  decision_id: ({ decision_id }) => decision_id,
} as const satisfies Record<string, (disclosure: Disclosure) => string | number | null>

const distinct = (texts: readonly string[]): string => [...new Set(texts)].join('; ')

const writer = csvWriter()
export const csvHead = (): string => writer.row(Object.keys(cells))
/** Cells that a spreadsheet would run are disarmed by the writer. */
export const csvLine = (disclosure: Disclosure): string => writer.row(Object.values(cells).map((cell) => cell(disclosure)))
