/** The evidence bundle as docs/reference/evidence-bundle.md describes it, read strictly: nothing unknown rides along. */

import { type LogEntry, readEntry } from '../entries.ts'
import { CannotTell } from '../report.ts'
import { count, each, hash, instant, matching, members, object, text1, uuid } from '../shape.ts'
import { type Chain, readChain } from '../vault/chain.ts'
import { type About, readAbout, readSelection, type Selection } from './about.ts'

const [formatOne, formatTwo] = ['gatehouse-evidence/v1', 'gatehouse-evidence/v2']
export const bundleBytesMax = 256 * 1024 * 1024

export interface Bundle {
  /** From the second version on. */
  readonly about?: About
  readonly selection?: Selection
  readonly seal?: string
  readonly created: string
  readonly origin: string
  readonly log: { readonly checkpoint: string; readonly entries: readonly LogEntry[] }
  readonly vault: { readonly chains: readonly Chain[] }
  readonly documents: readonly EvidenceDocument[]
  readonly story: readonly { readonly text: string; readonly entry: number }[]
}

const parts = ['log', 'vault', 'documents', 'story']

export interface EvidenceDocument {
  readonly kind: string
  readonly id: string
  readonly version?: number
  readonly digest: string
  readonly document: Record<string, unknown>
}

/** @throws CannotTell */
export function parseBundle(text: string): object {
  if (text.length > bundleBytesMax) throw new CannotTell(`the bundle is larger than ${bundleBytesMax} bytes`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new CannotTell(`the bundle is not JSON: ${(cause as Error).message}`)
  }
  return typeof value === 'object' && value !== null ? value : {}
}

/** @throws CannotTell, or Fault with the first place that has another shape than the format asks for */
export function readBundle(value: object): Bundle {
  const format = 'format' in value ? value.format : undefined
  if (format !== formatOne && format !== formatTwo)
    throw new CannotTell(`"format" is neither "${formatTwo}" nor "${formatOne}": this verifier reads those formats only`)
  const top = members(value, '', ['format', 'created', 'origin', ...(format === formatTwo ? ['about', 'selection', 'seal'] : []), ...parts])
  const log = members(top.log, '/log', ['checkpoint', 'entries'])
  const vault = members(top.vault, '/vault', ['chains'])
  return {
    ...(format === formatTwo
      ? { about: readAbout(top.about, '/about'), selection: readSelection(top.selection, '/selection'), seal: text1(top.seal, '/seal') }
      : {}),
    created: instant(top.created, '/created'),
    origin: text1(top.origin, '/origin'),
    log: { checkpoint: text1(log.checkpoint, '/log/checkpoint'), entries: each(log.entries, '/log/entries', readEntry) },
    vault: { chains: each(vault.chains, '/vault/chains', readChain) },
    documents: each(top.documents, '/documents', readDocument),
    story: each(top.story, '/story', readStory),
  }
}

function readDocument(value: unknown, place: string): EvidenceDocument {
  const item = members(value, place, ['kind', 'id', 'digest', 'document'], ['version'])
  return {
    kind: matching(item.kind, `${place}/kind`, /^[a-z][a-z0-9_]*$/, 'a kind such as "policy"'),
    id: uuid(item.id, `${place}/id`),
    ...(item.version === undefined ? {} : { version: count(item.version, `${place}/version`) }),
    digest: hash(item.digest, `${place}/digest`),
    document: object(item.document, `${place}/document`),
  }
}

function readStory(value: unknown, place: string): { text: string; entry: number } {
  const line = members(value, place, ['text', 'entry'])
  return { text: text1(line.text, `${place}/text`), entry: count(line.entry, `${place}/entry`) }
}
