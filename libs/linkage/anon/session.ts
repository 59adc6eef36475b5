/**
 * Two authorities join the records of several sites, in time linear in their number. The first takes its share off and raises to a number
 * of its own, the second does the same: what is left is a handle that is equal exactly where the identities are, and that tells
 * nothing in any other session. Each proves that it treated all rows alike; each erases its number afterwards.
 */
import { type Element, type Group, isZero, type RandomBytes, type Scalar } from '@gatehouse/crypto/group/group'
import { Transcript } from '@gatehouse/crypto/group/transcript'
import { type Authority, addKey, anonDomain, type JointKey } from './authority.ts'
import { type BatchProof, proveBatch, type StepRow, verifyBatch } from './batch-proof.ts'
import { type Ciphertext, isSealed, type Sealed } from './ciphertext.ts'
import { AnonError } from './error.ts'

/** What all parties agree on before the first row is sent. */
export interface Session {
  /** Never used twice. */
  readonly id: string
  readonly project: string
  readonly key: JointKey
  /** Rows that each site announced. A dishonest site can send guesses and learn who is elsewhere, so the number is capped and known. */
  readonly rowsOf: Readonly<Record<string, number>>
}

/** An authority's secret part in one session. */
export interface Part {
  /** B and W, published before any row is seen. */
  readonly commitment: Element
  readonly product: Element
  readonly secret: { readonly blind: Scalar; readonly product: Scalar }
}

export function newPart(group: Group, authority: Authority, random: RandomBytes): Part {
  const blind = group.randomScalar(random)
  const product = group.multiplyScalars(blind, authority.share)
  return { commitment: group.multiplyBase(blind), product: group.multiplyBase(product), secret: { blind, product } }
}

/** Overwrites the secret numbers. After that neither this party nor anybody who takes its memory can link sessions. */
export function erasePart({ secret }: Part): void {
  secret.blind.fill(0)
  secret.product.fill(0)
}

/**
 * What both authorities check before they work: every row is proven, belongs to this project, and was sent once, by a site that
 * announced it.
 * @throws AnonError `not_registered`, `too_many_rows`, `wrong_context`, `replayed`, `proof_refused`, with the row
 */
export function admitRows(group: Group, session: Session, rows: readonly Sealed[]): void {
  const counts = new Map<string, number>()
  const seen = new Set<string>()
  for (const [index, row] of rows.entries()) {
    const { site, project, record } = row.context
    const allowed = Object.hasOwn(session.rowsOf, site) ? (session.rowsOf[site] ?? 0) : undefined
    if (allowed === undefined) throw new AnonError('not_registered', 'its site did not announce itself for this session', index)
    if (project !== session.project) throw new AnonError('wrong_context', 'it was sealed for another project', index)
    const count = (counts.get(site) ?? 0) + 1
    if (count > allowed) throw new AnonError('too_many_rows', `its site announced ${allowed} rows and sends more`, index)
    counts.set(site, count)
    for (const mark of [JSON.stringify(['record', site, record]), `c1 ${row.c1.join()}`]) {
      if (seen.has(mark)) throw new AnonError('replayed', 'this record or ciphertext came before in the session', index)
      seen.add(mark)
    }
    if (!isSealed(group, session.key, row))
      throw new AnonError('proof_refused', 'its proof does not hold: it was altered, copied, or made for something else', index)
  }
}

export interface FirstStep {
  readonly rows: readonly Ciphertext[]
  readonly proof: BatchProof
}

/** @throws AnonError `erased` */
export function firstStep(group: Group, session: Session, authority: Authority, part: Part, rows: readonly Ciphertext[], random: RandomBytes): FirstStep {
  const { blind, product } = usable(part)
  const done = rows.map(({ c1, c2 }) => ({
    c1: group.multiply(c1, blind),
    c2: group.subtract(group.multiply(c2, blind), group.multiply(c1, product)),
  }))
  const statement = { ...statementOf(authority.publicShare, part), rows: stepRows(rows, done) }
  return { rows: done, proof: proveBatch(group, begin(group, session, 'first'), statement, part.secret, random) }
}

export interface LastStep {
  /** Equal exactly where the identities are. */
  readonly handles: readonly Element[]
  readonly proof: BatchProof
}

/** @throws AnonError `step_refused` where the first authority's proof does not hold, `erased` */
export function lastStep(
  group: Group,
  session: Session,
  authority: Authority,
  part: Part,
  before: { readonly input: readonly Ciphertext[]; readonly step: FirstStep; readonly publicShare: Element; readonly part: Omit<Part, 'secret'> },
  random: RandomBytes,
): LastStep {
  if (!verifyFirstStep(group, session, before.publicShare, before.part, before.input, before.step)) {
    throw new AnonError('step_refused', 'the first authority does not prove that it treated all rows alike; stop the session')
  }
  const { blind, product } = usable(part)
  const { rows } = before.step
  const handles = rows.map(({ c1, c2 }) => group.subtract(group.multiply(c2, blind), group.multiply(c1, product)))
  const statement = { ...statementOf(authority.publicShare, part), rows: handleRows(rows, handles) }
  return { handles, proof: proveBatch(group, begin(group, session, 'last'), statement, part.secret, random) }
}

export function verifyFirstStep(
  group: Group,
  session: Session,
  publicShare: Element,
  part: Omit<Part, 'secret'>,
  input: readonly Ciphertext[],
  { rows, proof }: FirstStep,
): boolean {
  if (rows.length !== input.length) return false
  return verifyBatch(group, begin(group, session, 'first'), { ...statementOf(publicShare, part), rows: stepRows(input, rows) }, proof)
}

export function verifyLastStep(
  group: Group,
  session: Session,
  publicShare: Element,
  part: Omit<Part, 'secret'>,
  input: readonly Ciphertext[],
  { handles, proof }: LastStep,
): boolean {
  if (handles.length !== input.length) return false
  return verifyBatch(group, begin(group, session, 'last'), { ...statementOf(publicShare, part), rows: handleRows(input, handles) }, proof)
}

/** For each row the number of the first row with the same identity; rows with the same number are one person. */
export function groupsOf(handles: readonly Element[]): Int32Array {
  const first = new Map<string, number>()
  return Int32Array.from(handles, (handle, index) => {
    const text = handle.join()
    const known = first.get(text)
    if (known === undefined) first.set(text, index)
    return known ?? index
  })
}

function begin(group: Group, session: Session, step: 'first' | 'last'): Transcript {
  const transcript = addKey(new Transcript(group, anonDomain, 'session'), session.key).add('session', session.id, session.project, step)
  for (const [site, rows] of Object.entries(session.rowsOf).sort(([left], [right]) => (left < right ? -1 : 1))) transcript.add('site', site, rows)
  return transcript
}

function usable({ secret }: Part): Part['secret'] {
  if (isZero(secret.blind)) throw new AnonError('erased', 'this session’s numbers are erased; begin a new session')
  return secret
}

function statementOf(publicShare: Element, { commitment, product }: Omit<Part, 'secret'>) {
  return { publicShare, commitment, product }
}

function stepRows(input: readonly Ciphertext[], output: readonly Ciphertext[]): StepRow[] {
  return input.map(({ c1, c2 }, index) => {
    const done = output[index] as Ciphertext
    return { c1, c2, d1: done.c1, d2: done.c2 }
  })
}

function handleRows(input: readonly Ciphertext[], handles: readonly Element[]): StepRow[] {
  return input.map(({ c1, c2 }, index) => ({ c1, c2, d2: handles[index] as Element }))
}
