/** The mapping of a file: read from a mapping file, or proposed from its first rows with what the command line says about it. */

import { fieldsOf, type Mapping, parseMapping } from '@gatehouse/tabular/mapping'
import { type Proposal, proposeFields, proposeMapping } from '@gatehouse/tabular/propose'
import type { SourceRecord } from '@gatehouse/tabular/value'
import type { Output } from '../terminal/output.ts'
import { readText } from './read-text.ts'

export interface MappingChoice {
  readonly recordType: string
  readonly subject?: string
  readonly drop?: readonly string[]
}

export interface ProposedMapping {
  readonly mapping: Mapping
  /** Absent where a mapping file decides. */
  readonly proposal: Proposal | undefined
}

/** @throws Error when no column names the person, or a named one is not there */
export function mappingFrom(rows: readonly SourceRecord[], choice: MappingChoice): ProposedMapping {
  const proposal = proposeFields(rows)
  const columns = proposal.fields.map((field) => field.column)
  for (const column of [...(choice.subject === undefined ? [] : [choice.subject]), ...(choice.drop ?? [])]) {
    if (!columns.includes(column)) throw new Error(`The file has no column "${column}". It has: ${columns.join(', ')}.`)
  }
  const drop = new Set(choice.drop)
  const proposed = proposal.subject !== undefined && !drop.has(proposal.subject.column) ? proposal.subject.column : undefined
  const subject = choice.subject ?? proposed
  if (subject === undefined) {
    throw new Error(`No column could be found that names the person in every row. Name one with --subject. The columns are: ${columns.join(', ')}.`)
  }
  if (drop.has(subject)) throw new Error(`The column "${subject}" names the person and cannot be dropped.`)
  const kept = { ...proposal, fields: proposal.fields.filter(({ column }) => !drop.has(column)) }
  const draft = proposeMapping(kept, choice.recordType, subject)
  return { mapping: drop.size === 0 ? draft : { ...draft, drop: [...drop] }, proposal }
}

/** @throws Error with every fault of the file and its place */
export async function readMapping(path: string): Promise<Mapping> {
  const text = await readText(path)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new Error(`The mapping file ${path} cannot be read as JSON. "gatehouse import FILE --propose" prints one to begin with.`, { cause })
  }
  const parsed = parseMapping(json)
  if (!parsed.ok)
    throw new Error(`The mapping file ${path} cannot be used:\n${parsed.errors.map(({ pointer, detail }) => `  ${pointer || '/'}: ${detail}`).join('\n')}`)
  return parsed.value
}

/** What becomes of each column, and why. */
export function showMapping(out: Output, mapping: Mapping, proposal: Proposal | undefined, indent = ''): void {
  const reasons = new Map(proposal?.fields.map((field) => [field.column, field.reason]))
  const fields = new Map(Object.keys(mapping.fields).map((column, index) => [column, fieldsOf(mapping)[index]]))
  const rows = [...fields].map(([column, field]) => [
    column === mapping.subject ? `${column} *` : column,
    field?.name,
    field?.type,
    field?.semantic,
    field?.sensitivity,
    reasons.get(column) ?? 'As the mapping file says.',
  ])
  const dropped = (mapping.drop ?? []).map((column) => [column, '–', '–', '–', '–', 'Left behind.'])
  out.table(['column', 'field', 'type', 'meaning', 'sensitivity', 'why'], [...rows, ...dropped], indent)
  out.say(`${indent}* names the person (${mapping.subject})`)
}
