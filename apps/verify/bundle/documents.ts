/** Documents: each is what its digest says, and an entry of the log vouches for the digest. */
import type { Cryptography } from '../cryptography.ts'
import { toHex, utf8 } from '../encoding.ts'
import type { Entry } from '../entries.ts'
import { canonical } from '../jcs.ts'
import { Fault } from '../report.ts'
import type { EvidenceDocument } from './read.ts'

/** @throws Fault with the place of the first fault of this document */
export async function checkDocument(item: EvidenceDocument, place: string, entries: readonly Entry[], cryptography: Cryptography): Promise<void> {
  let text: string
  try {
    text = canonical(item.document)
  } catch (cause) {
    throw new Fault(`${place}/document`, `the document has no canonical form: ${(cause as Error).message}`)
  }
  if (toHex(await cryptography.sha256(utf8(text))) !== item.digest)
    throw new Fault(`${place}/digest`, 'the digest is not that of the document: one of them was changed')
  const ties = entries.flatMap((entry) => tiesIn(entry.details, item.digest))
  if (ties.length === 0) throw new Fault(`${place}/digest`, 'no included entry names this document')
  const vouching = ties.filter((tie) => tie.kind === item.kind)
  if (vouching.length === 0) throw new Fault(`${place}/kind`, `the log names this document as ${ties.map((tie) => tie.kind).join(', ')}`)
  // Id and version are only labels here; whatever the log or the document itself says of them has to agree.
  const sources = [item.document, ...vouching.map(({ beside }) => ({ id: beside[`${item.kind}_id`], version: beside[`${item.kind}_version`] }))]
  checkLabel(
    `${place}/id`,
    item.id,
    sources.map(({ id }) => id),
  )
  if (item.version !== undefined)
    checkLabel(
      `${place}/version`,
      item.version,
      sources.map(({ version }) => version),
    )
}

function checkLabel(place: string, label: unknown, stated: readonly unknown[]): void {
  const known = stated.filter((value) => value !== undefined)
  if (known.length === 0) throw new Fault(place, 'neither the document nor the entry that names it states this')
  if (known.some((value) => value !== label)) throw new Fault(place, 'the document or the entry that names it states another value')
}

interface Tie {
  readonly kind: string
  readonly beside: Record<string, unknown>
}

/** Every member `<kind>_digest` with this digest, at any depth, with the object it stands in. */
function tiesIn(value: unknown, digest: string): Tie[] {
  if (Array.isArray(value)) return value.flatMap((item) => tiesIn(item, digest))
  if (typeof value !== 'object' || value === null) return []
  const beside = value as Record<string, unknown>
  return Object.entries(beside).flatMap(([name, member]) =>
    name.endsWith('_digest') && member === digest ? [{ kind: name.slice(0, -'_digest'.length), beside }] : tiesIn(member, digest),
  )
}
