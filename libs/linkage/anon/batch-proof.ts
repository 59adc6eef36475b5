/**
 * That an authority treated every row alike, with the share it is known by and the number it committed to: for all rows
 * D2 = b·C2 − w·C1 (and D1 = b·C1), where B = b·G and W = b·X = w·G. A random combination of the rows stands for all of them
 * (Bellare, Garay and Rabin 1998), and one generalised Schnorr proof for the combination (Maurer 2009).
 */
import { type Element, type Group, GroupError, type RandomBytes, type Scalar, sameBytes } from '@gatehouse/crypto/group/group'
import type { Transcript } from '@gatehouse/crypto/group/transcript'

/** Before and after; `d1` is absent in the last step, which only gives handles. */
export interface StepRow {
  readonly c1: Element
  readonly c2: Element
  readonly d1?: Element
  readonly d2: Element
}

export interface StepSecret {
  /** b. */
  readonly blind: Scalar
  /** b·x. */
  readonly product: Scalar
}

export interface StepStatement {
  /** X = x·G. */
  readonly publicShare: Element
  /** B = b·G. */
  readonly commitment: Element
  /** W = b·x·G. */
  readonly product: Element
  readonly rows: readonly StepRow[]
}

export interface BatchProof {
  readonly challenge: Scalar
  readonly blindResponse: Scalar
  readonly productResponse: Scalar
}

interface Combined {
  readonly c1: Element
  readonly c2: Element
  readonly d1: Element | undefined
  readonly d2: Element
}

/** @param transcript what the statement is about besides its numbers; it is changed */
export function proveBatch(group: Group, transcript: Transcript, statement: StepStatement, secret: StepSecret, random: RandomBytes): BatchProof {
  const all = combine(group, transcript, statement)
  const [k, l] = [group.randomScalar(random), group.randomScalar(random)]
  const challenge = challengeOf(transcript, [
    group.multiplyBase(k),
    group.multiply(statement.publicShare, k),
    group.multiplyBase(l),
    ...(all.d1 === undefined ? [] : [group.multiply(all.c1, k)]),
    group.subtract(group.multiply(all.c2, k), group.multiply(all.c1, l)),
  ])
  const response = (nonce: Scalar, value: Scalar) => group.subtractScalars(nonce, group.multiplyScalars(challenge, value))
  return { challenge, blindResponse: response(k, secret.blind), productResponse: response(l, secret.product) }
}

export function verifyBatch(group: Group, transcript: Transcript, statement: StepStatement, proof: BatchProof): boolean {
  try {
    const [c, s, t] = [group.scalar(proof.challenge), group.scalar(proof.blindResponse), group.scalar(proof.productResponse)]
    const { publicShare, commitment, product } = statement
    const all = combine(group, transcript, statement)
    const expected = challengeOf(transcript, [
      group.add(group.multiplyBase(s), group.multiply(commitment, c)),
      group.add(group.multiply(publicShare, s), group.multiply(product, c)),
      group.add(group.multiplyBase(t), group.multiply(product, c)),
      ...(all.d1 === undefined ? [] : [group.add(group.multiply(all.c1, s), group.multiply(all.d1, c))]),
      group.add(group.subtract(group.multiply(all.c2, s), group.multiply(all.c1, t)), group.multiply(all.d2, c)),
    ])
    return sameBytes(expected, c)
  } catch (error) {
    if (error instanceof GroupError) return false
    throw error
  }
}

/** Every row goes into the transcript before the first weight comes out of it: nobody can fit rows to weights. */
function combine(group: Group, transcript: Transcript, { publicShare, commitment, product, rows }: StepStatement): Combined {
  transcript.add('step', publicShare, commitment, product).add('rows', rows.length)
  for (const { c1, c2, d1, d2 } of rows) transcript.add('row', c1, c2, ...(d1 === undefined ? [] : [d1]), d2)
  const sums: { c1?: Element; c2?: Element; d1?: Element; d2?: Element } = {}
  for (const row of rows) {
    const weight = transcript.challenge('weight')
    for (const name of ['c1', 'c2', 'd1', 'd2'] as const) {
      const element = row[name]
      if (element === undefined) continue
      const term = group.multiply(element, weight)
      const sum = sums[name]
      sums[name] = sum === undefined ? term : group.add(sum, term)
    }
  }
  const { c1, c2, d1, d2 } = sums
  if (c1 === undefined || c2 === undefined || d2 === undefined) throw new RangeError('a step has at least one row')
  return { c1, c2, d1, d2 }
}

function challengeOf(transcript: Transcript, commitments: readonly Element[]): Scalar {
  return transcript.add('commitments', ...commitments).challenge('c')
}
