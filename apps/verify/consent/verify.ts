/** A proof file of a consent: that some consent in a set that the log published permits, whoever gave it. */
import { type Checkpoint, noteCheckpoint, readCheckpoint, type WitnessPolicy } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import { fromBase64, toHex } from '../encoding.ts'
import { checkEntry } from '../entries.ts'
import type { TrustedKey } from '../keys.ts'
import { climb, leafHash } from '../merkle.ts'
import { CannotTell, Fault, type Run } from '../report.ts'
import { base64, count, each, hash, instant, matching, members, text1 } from '../shape.ts'
import { type CircuitVerifier, largeSystemId, verifyLargeSet } from './large-set.ts'
import { parts, systemId, u32, verifyOneOutOfMany } from './one-out-of-many.ts'

export const proofFileBytesMax = 4 * 1024 * 1024
const membersMin = 32
const membersMax = 1_024
const leavesMax = 2 ** 20
const freshMs = 600_000

export interface ConsentQuestion {
  readonly text: string
  readonly keys: readonly TrustedKey[]
  readonly policy: WitnessPolicy
  readonly cryptography: Cryptography
  /** For proofs over large sets, where o1js is installed. */
  readonly circuit?: CircuitVerifier | undefined
  /** What the reader expects, where something is expected. */
  readonly requestHash?: string | undefined
  readonly verifier?: string | undefined
  /** Instant at which the proof must be fresh; left out when it is looked at later. */
  readonly now?: string | undefined
}

export interface ConsentFinding {
  readonly origin: string
  readonly grantee: string
  readonly scope: string
  readonly expiry: string
  readonly time: string
  readonly verifier: string
  readonly requestHash: string
  readonly members: number
  readonly nullifier: string
  readonly signed: boolean
  readonly checkpoint: Checkpoint
}

/** @throws Fault, CannotTell */
export async function verifyConsent(run: Run, question: ConsentQuestion): Promise<ConsentFinding> {
  const { keys, policy, cryptography } = question
  const file = readFile(question.text)
  const { statement } = file
  const checkpoint = await readCheckpoint(file.checkpoint, '/checkpoint', keys, policy, cryptography)
  noteCheckpoint(run, '/checkpoint', checkpoint, policy)
  if (checkpoint.origin !== statement.origin) throw new Fault('/statement/origin', `the checkpoint is of ${checkpoint.origin}`)

  const entry = await checkEntry(file.publication, '/publication', checkpoint, cryptography)
  if (entry.type !== 'proofs.published') throw new Fault('/publication/body', `the entry is ${entry.type} and publishes no sets`)
  const root = hash(entry.details.sets_root, '/publication/body')
  const sets = count(entry.details.sets, '/publication/body')
  run.note('good', '/publication', `sets were published at ${entry.at}, and the log says so`)

  const { place, proof } = file.set
  if (file.set.sets !== sets) throw new Fault('/set/sets', `the entry published ${sets} sets`)
  const { large } = file.set
  const group = [statement.grantee, statement.scope, statement.expiry]
  const bytes =
    large === undefined
      ? parts(['gatehouse/zk/consent-set/v1', ...group, u32(file.set.members.length), ...file.set.members])
      : parts(['gatehouse/zk/large-set/v1', ...group, u32(large.size), large.root])
  const climbed = await climb(await leafHash(bytes, cryptography), place, sets, proof, cryptography)
  if (climbed === undefined || toHex(climbed.top) !== root)
    throw new Fault('/set', 'this set is not among those that were published: members, group or proof was changed')
  const number = large?.size ?? file.set.members.length
  const most = large === undefined ? membersMax : leavesMax
  file.set.members.forEach((member, at) => {
    const before = file.set.members[at - 1]
    if (before !== undefined && toHex(before) >= toHex(member))
      throw new Fault(`/set/members/${at}`, 'members are not strictly ascending: one could be counted twice')
  })
  if (number < membersMin) throw new Fault('/set/members', `the set has ${number} members; a proof over fewer than ${membersMin} is refused`)
  if (number > most) throw new Fault('/set/members', `the set has ${number} members; at most ${most} are proven about at once`)
  run.note('good', '/set', `the set of ${number} consents is one of the ${sets} that were published`)

  const age = Date.parse(statement.time) - Date.parse(entry.at)
  if (age < 0 || age > freshMs) throw new Fault('/statement/time', 'the time is not within ten minutes after the publication of the set')
  if (question.now !== undefined && Math.abs(Date.parse(question.now) - Date.parse(statement.time)) > freshMs)
    throw new Fault('/statement/time', 'the proof is older than ten minutes')
  if (question.requestHash !== undefined && question.requestHash !== toHex(statement.requestHash))
    throw new Fault('/statement/request_hash', 'the proof is for another request')
  if (question.verifier !== undefined && question.verifier !== statement.verifier)
    throw new Fault('/statement/verifier', `the proof is for ${JSON.stringify(statement.verifier)}`)

  if (file.system !== (large === undefined ? systemId : largeSystemId))
    throw new CannotTell(`proofs of the system ${JSON.stringify(file.system)} are not known to this verifier`, '/system')
  const claim = { ...statement, size: checkpoint.size, root: checkpoint.root }
  const nullifier = toHex(
    large === undefined
      ? await verifyOneOutOfMany({ ...claim, members: file.set.members }, file.proof, '/proof', cryptography)
      : await verifyLargeSet({ ...claim, setSize: large.size, setRoot: large.root }, file.proof, '/proof', cryptography, question.circuit),
  )
  run.note('good', '/proof', `one of the ${number} consents permits ${statement.scope} to ${statement.grantee} at ${statement.time}; nullifier ${nullifier}`)
  return {
    origin: statement.origin,
    grantee: statement.grantee,
    scope: statement.scope,
    expiry: statement.expiry,
    time: statement.time,
    verifier: statement.verifier,
    requestHash: toHex(statement.requestHash),
    members: number,
    nullifier,
    signed: checkpoint.signed,
    checkpoint,
  }
}

function readFile(text: string) {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new CannotTell('the file is no JSON')
  }
  const file = members(value, '', ['format', 'version', 'system', 'statement', 'set', 'publication', 'checkpoint', 'proof'])
  if (file.format !== 'gatehouse-consent-proof' || file.version !== 1) throw new CannotTell('this is no consent proof of a version that this verifier knows')
  const statement = members(file.statement, '/statement', ['origin', 'grantee', 'scope', 'expiry', 'time', 'request_hash', 'verifier'])
  const isLarge = file.system === largeSystemId
  const set = members(file.set, '/set', [...(isLarge ? ['size', 'root'] : ['members']), 'place', 'sets', 'proof'])
  const publication = members(file.publication, '/publication', ['index', 'body', 'proof'])
  const proof = fromBase64(text1(file.proof, '/proof'))
  if (proof === undefined) throw new Fault('/proof', 'not base64 with padding')
  const hashes = (given: unknown, place: string) => each(given, place, (item, at) => base64(item, at, 32))
  const requestHash = hash(statement.request_hash, '/statement/request_hash')
  return {
    system: text1(file.system, '/system'),
    statement: {
      origin: text1(statement.origin, '/statement/origin'),
      grantee: text1(statement.grantee, '/statement/grantee'),
      scope: text1(statement.scope, '/statement/scope'),
      expiry: matching(
        statement.expiry,
        '/statement/expiry',
        isLarge ? /^any$/ : /^(?:none|\d{4}-\d{2})$/,
        isLarge ? 'any' : 'a month such as 2027-11, or none',
      ),
      time: instant(statement.time, '/statement/time'),
      requestHash: Uint8Array.from(requestHash.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
      verifier: text1(statement.verifier, '/statement/verifier'),
    },
    set: {
      members: isLarge ? [] : hashes(set.members, '/set/members'),
      large: isLarge ? { size: count(set.size, '/set/size'), root: base64(set.root, '/set/root', 32) } : undefined,
      place: count(set.place, '/set/place'),
      sets: count(set.sets, '/set/sets'),
      proof: hashes(set.proof, '/set/proof'),
    },
    publication: {
      index: count(publication.index, '/publication/index'),
      body: base64(publication.body, '/publication/body'),
      proof: hashes(publication.proof, '/publication/proof'),
    },
    checkpoint: text1(file.checkpoint, '/checkpoint'),
    proof,
  }
}
