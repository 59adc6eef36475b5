/** Checks a consent receipt (docs/reference/consent-receipt.md): that it says what the document says, and that the log vouches for the document. */
import { type Checkpoint, noteCheckpoint, readCheckpoint, type WitnessPolicy } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import { toHex, utf8 } from '../encoding.ts'
import { checkEntry, readEntry } from '../entries.ts'
import { canonical } from '../jcs.ts'
import type { TrustedKey } from '../keys.ts'
import { CannotTell, Fault, type Run } from '../report.ts'
import { each, hash, object, text1, uuid } from '../shape.ts'

const schemaVersion = 'ISO/IEC TS 27560:2023'
export const receiptCharactersMax = 1024 * 1024

/** A consent is given by staff, by an import, by the person, or by a guardian; each leaves an entry with the digest. */
const giving = /^consents\.(?:give|give_mine|give_for_ward|agree_for_ward)$/

export interface ReceiptQuestion {
  readonly receipt: string
  readonly keys: readonly TrustedKey[]
  readonly policy: WitnessPolicy
  readonly cryptography: Cryptography
}

/** @throws Fault, CannotTell */
export async function verifyReceipt(run: Run, { receipt: text, keys, policy, cryptography }: ReceiptQuestion): Promise<Checkpoint> {
  const receipt = parse(text)
  const proof = object(receipt.proof, '/proof')
  const document = object(proof.document, '/proof/document')
  const digest = hash(proof.digest, '/proof/digest')
  if (toHex(await cryptography.sha256(utf8(canonicalText(document)))) !== digest)
    throw new Fault('/proof/digest', 'it is not the digest of the document: one of the two was changed')
  checkFields(receipt, document, digest)
  run.note('good', '/pii_processing', 'purposes, kinds of data, notice, time and manner are those of the document')

  if (proof.log === null) throw new CannotTell('the receipt was handed out before the log had taken the consent in: ask for it again')
  const log = object(proof.log, '/proof/log')
  const checkpoint = await readCheckpoint(text1(log.checkpoint, '/proof/log/checkpoint'), '/proof/log/checkpoint', keys, policy, cryptography)
  noteCheckpoint(run, '/proof/log/checkpoint', checkpoint, policy)
  const entry = await checkEntry(readEntry(log.entry, '/proof/log/entry'), '/proof/log/entry', checkpoint, cryptography)
  const place = '/proof/log/entry/body'
  if (!giving.test(entry.type)) throw new Fault(place, `the entry is a ${entry.type}, by which no consent is given`)
  if (entry.details.consent_digest !== digest) throw new Fault(place, 'the entry vouches for another consent')
  if (entry.object?.kind !== 'consent' || entry.object.id !== document.id) throw new Fault(place, 'the entry is about another consent')
  // A successor of the log bears its number behind the name.
  if (checkpoint.origin !== `gatehouse/${entry.tenant}` && !checkpoint.origin.startsWith(`gatehouse/${entry.tenant}/`))
    throw new Fault('/proof/log/checkpoint', 'the log is not that of the institution')
  run.note('good', '/proof/log/entry', `entry ${entry.index} of the log, written at ${entry.at}, vouches for this consent`)
  // What came after it is told by the institution and stands in entries of its own.
  run.note('good', '/events', 'what became of the consent later, and what the parties are called, is the institution’s word')
  return checkpoint
}

function parse(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new CannotTell(`the receipt is not JSON: ${(cause as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || !('schema_version' in value) || value.schema_version !== schemaVersion || !('proof' in value))
    throw new CannotTell(`"schema_version" is not "${schemaVersion}", or nothing proves the receipt: this verifier reads receipts of Gatehouse only`)
  return value as Record<string, unknown>
}

/** What the receipt repeats of the document must be what the document says. */
function checkFields(receipt: Record<string, unknown>, document: Record<string, unknown>, digest: string): void {
  equal(receipt.receipt_id, digest, '/receipt_id')
  equal(receipt.record_id, uuid(document.id, '/proof/document/id'), '/record_id')
  equal(receipt.pii_principal_id, uuid(document.subject, '/proof/document/subject'), '/pii_principal_id')
  equal(receipt.version, document.version ?? 1, '/version')
  equal(receipt.given_by, document.given_by, '/given_by')
  const processing = object(receipt.pii_processing, '/pii_processing')
  equal(processing.privacy_notice, document.notice_version, '/pii_processing/privacy_notice')
  equal(processing.language, document.language, '/pii_processing/language')
  const handled = document.processing == null ? {} : object(document.processing, '/proof/document/processing')
  const purposes = each(processing.purposes, '/pii_processing/purposes', (item, place) => {
    const one = object(item, place)
    const types = each(one.pii_information, `${place}/pii_information`, (kind, at) => object(kind, at).pii_type)
    equal(types, document.data_classes, `${place}/pii_information`)
    equal(one.collection_method, document.method, `${place}/collection_method`)
    equal(one.processing_methods, handled.methods ?? [], `${place}/processing_methods`)
    equal(one.storage_locations, handled.storage_locations ?? [], `${place}/storage_locations`)
    equal(one.retention_period, handled.retention_period ?? null, `${place}/retention_period`)
    equal(one.jurisdiction, handled.jurisdiction ?? null, `${place}/jurisdiction`)
    return one.purpose
  })
  equal(purposes, document.purposes, '/pii_processing/purposes')
  const [given] = each(receipt.events, '/events', object)
  equal(given?.event_state, 'given', '/events/0/event_state')
  equal(given?.event_time, document.given_at, '/events/0/event_time')
  equal(given?.validity_duration, document.until === null ? null : `${String(document.from)}/${String(document.until)}`, '/events/0/validity_duration')
}

function equal(said: unknown, known: unknown, place: string): void {
  if (canonicalText(said ?? null) !== canonicalText(known ?? null)) throw new Fault(place, 'it is not what the document says')
}

function canonicalText(value: unknown): string {
  try {
    return canonical(value)
  } catch (cause) {
    throw new Fault('/proof/document', `it has no canonical form: ${(cause as Error).message}`)
  }
}
