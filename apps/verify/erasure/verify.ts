/** Checks a certificate of erasure (docs/reference/erasure-certificate.md): who signed what, and that the log vouches for both. */
import { type Checkpoint, noteCheckpoint, readCheckpoint, type WitnessPolicy } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import { toHex, utf8 } from '../encoding.ts'
import { checkEntry, type LogEntry } from '../entries.ts'
import { canonical } from '../jcs.ts'
import { readKeys, type TrustedKey } from '../keys.ts'
import { CannotTell, Fault, type Run } from '../report.ts'
import { base64, count, each, hash, instant, matching, members, object, text1, uuid } from '../shape.ts'

const formatName = 'gatehouse-erasure/v1'
export const certificateCharactersMax = 1024 * 1024

const times = ['requested_at', 'approved_at', 'destroyed_at', 'completed_at'] as const

interface Statement {
  readonly kind: 'person' | 'institution'
  readonly institution: string
  readonly erasure: string
  readonly commitment: string | undefined
  readonly destroyedAt: string
  readonly completedAt: string
  readonly rows: number
  /** As it is signed and hashed. */
  readonly text: string
}

interface Certificate {
  readonly statement: Statement
  readonly key: string
  readonly signature: Uint8Array
  readonly origin: string
  readonly checkpoint: string
  readonly entry: LogEntry
}

export interface ErasureQuestion {
  readonly certificate: string
  readonly keys: readonly TrustedKey[]
  readonly policy: WitnessPolicy
  readonly cryptography: Cryptography
}

/** @throws Fault, CannotTell */
export async function verifyErasure(run: Run, { certificate: text, keys, policy, cryptography }: ErasureQuestion): Promise<Checkpoint> {
  const { statement, key, signature, origin, checkpoint: note, entry } = readCertificate(text)
  const digest = toHex(await cryptography.sha256(utf8(statement.text)))
  const [signer] = await readKeys(key, cryptography).catch(() => [])
  if (signer === undefined || signer.witness) throw new Fault('/key', 'not an Ed25519 verifier key')
  if (!(await cryptography.verifyEd25519(signer.publicKey, utf8(`${formatName}\n${statement.text}`), signature)))
    throw new Fault('/signature', 'the signature does not fit: the statement was changed or forged')
  run.note('good', '/signature', `the statement is signed by ${signer.name}`)

  const checkpoint = await readCheckpoint(note, '/log/checkpoint', keys, policy, cryptography)
  if (checkpoint.origin !== origin) throw new Fault('/log/checkpoint', `the checkpoint is of ${checkpoint.origin}, the certificate of ${origin}`)
  noteCheckpoint(run, '/log/checkpoint', checkpoint, policy)

  const logged = await checkEntry(entry, '/log/entry', checkpoint, cryptography)
  const expected = statement.kind === 'person' ? 'retention.erased' : 'retention.institution_erased'
  const place = '/log/entry/body'
  if (logged.type !== expected) throw new Fault(place, `the entry is a ${logged.type} and no ${expected}`)
  if (logged.details.statement_digest !== digest) throw new Fault(place, 'the entry vouches for another statement')
  if (logged.details.certificate_key !== toHex(await cryptography.sha256(signer.publicKey))) throw new Fault(place, 'the entry vouches for another key')
  if (statement.kind === 'person') {
    if (logged.tenant !== statement.institution) throw new Fault(place, 'the entry is of another institution')
    if (logged.commitment !== statement.commitment) throw new Fault(place, 'the entry is about another person')
    if (logged.object?.kind !== 'erasure' || logged.object.id !== statement.erasure) throw new Fault(place, 'the entry is about another erasure')
    // A successor of the log bears its number behind the name.
    if (origin !== `gatehouse/${statement.institution}` && !origin.startsWith(`gatehouse/${statement.institution}/`))
      throw new Fault('/log/origin', 'the log is not that of the institution')
  }
  run.note('good', '/log/entry', `entry ${entry.index} of the log vouches for the statement and for the key that signed it`)
  const { kind, destroyedAt, completedAt, rows } = statement
  run.note('good', '/statement', `the keys of one ${kind} were destroyed at ${destroyedAt}; ${rows} rows and files were removed until ${completedAt}`)
  return checkpoint
}

function readCertificate(text: string): Certificate {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new CannotTell(`the certificate is not JSON: ${(cause as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== formatName)
    throw new CannotTell(`"format" is not "${formatName}": this verifier reads that format only`)
  // Unknown members outside the statement are ignored: nothing signs them.
  const { statement, key, signature, log } = value as Record<string, unknown>
  const { origin, checkpoint, entry } = object(log, '/log')
  const { index, body, proof } = object(entry, '/log/entry')
  return {
    statement: readStatement(statement, '/statement'),
    key: text1(key, '/key'),
    signature: base64(signature, '/signature', 64),
    origin: text1(origin, '/log/origin'),
    checkpoint: text1(checkpoint, '/log/checkpoint'),
    entry: {
      index: count(index, '/log/entry/index'),
      body: base64(body, '/log/entry/body'),
      proof: each(proof, '/log/entry/proof', (one, at) => base64(one, at, 32)),
    },
  }
}

function readStatement(value: unknown, place: string): Statement {
  const required = ['kind', 'institution', 'erasure', 'ground', ...times, 'counts']
  const kind = matching(object(value, place).kind, `${place}/kind`, /^(?:person|institution)$/, '"person" or "institution"') as Statement['kind']
  const found = members(value, place, [...required, kind === 'person' ? 'subject_commitment' : 'sealed_head'])
  const moments = times.map((name) => instant(found[name], `${place}/${name}`))
  const late = moments.findIndex((moment, at) => at > 0 && moment < (moments[at - 1] as string))
  if (late > 0) throw new Fault(`${place}/${times[late]}`, 'it lies before what must have happened first')
  const counts = Object.entries(object(found.counts, `${place}/counts`)).map(([name, number]) => count(number, `${place}/counts/${name}`))
  text1(found.ground, `${place}/ground`)
  return {
    kind,
    institution: uuid(found.institution, `${place}/institution`),
    erasure: uuid(found.erasure, `${place}/erasure`),
    commitment: kind === 'person' ? hash(found.subject_commitment, `${place}/subject_commitment`) : undefined,
    destroyedAt: moments[2] as string,
    completedAt: moments[3] as string,
    rows: counts.reduce((sum, number) => sum + number, 0),
    text: canonicalText(value, place),
  }
}

function canonicalText(value: unknown, place: string): string {
  try {
    return canonical(value)
  } catch (cause) {
    throw new Fault(place, `it has no canonical form: ${(cause as Error).message}`)
  }
}
