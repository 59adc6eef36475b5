/**
 * `gh-gk-ristretto-v1`: one out of many (Groth and Kohlweiss 2015, "One-out-of-Many Proofs: Or How to Leak a Secret and Spend a Coin",
 * section 3) over commitments C_i = s_i·G + r_i·H, joined with a proof that the nullifier is made of the secret of the very member
 * that stays hidden. The statement and why it holds stand in README.md beside this file.
 *
 * The prover shows D = s·G + t·H, a commitment to the same secret under fresh blinding; that D − C_l is a multiple of H for some l; and
 * that it knows (s, t) with D = s·G + t·H and N = s·U. Announcements are left out of the proof: the verifier computes them from the
 * responses and compares the challenge, which is shorter and checks every equation at once.
 */
import { concat } from '@gatehouse/crypto/bytes'
import { type Element, type Group, GroupError, isZero, type RandomBytes, type Scalar, sameBytes } from '@gatehouse/crypto/group/group'
import { Transcript } from '@gatehouse/crypto/group/transcript'
import { commit, nullifierBase, type Opening, secondGenerator } from './commitment.ts'
import type { ProofAttempt, ProofVerdict } from './proof-system.ts'
import { type ConsentStatement, requestContext, setFault } from './statement.ts'
import { minus, one, plus, type Sum, times, zero } from './sum.ts'

export const oneOutOfManyId = 'gh-gk-ristretto-v1'

/** N and D, the challenge, and the answers s, t and z; then per bit two elements and three answers, less one element in all. */
export function proofLength(members: number): number {
  return 32 * (6 + 5 * bitsOf(members) - 1)
}

/** A `ProofSystem` that answers at once. */
export function oneOutOfMany(group: Group) {
  return {
    id: oneOutOfManyId,
    prove: (statement: ConsentStatement, opening: Opening, random: RandomBytes): ProofAttempt => prove(group, statement, opening, random),
    verify: (statement: ConsentStatement, proof: Uint8Array): ProofVerdict => verify(group, statement, proof),
  }
}

const bitsOf = (members: number): number => Math.max(1, Math.ceil(Math.log2(members)))

function prove(group: Group, statement: ConsentStatement, opening: Opening, random: RandomBytes): ProofAttempt {
  const fault = setFault(statement.set)
  if (fault !== undefined) return { outcome: 'refused', reason: fault }
  const { members } = statement.set
  const own = commit(group, opening)
  const index = members.findIndex((member) => sameBytes(member, own))
  if (index < 0) return { outcome: 'refused', reason: 'not_a_member' }

  const H = secondGenerator(group)
  const U = nullifierBase(group, requestContext(statement))
  const pedersen = (value: Scalar, blinding: Scalar): Sum => plus(group, isZero(value) ? undefined : group.multiplyBase(value), times(group, H, blinding))
  const draw = () => group.randomScalar(random)
  const bits = bitsOf(members.length)

  const nullifier = group.multiply(U, opening.secret)
  const fresh = draw()
  const D = present(pedersen(opening.secret, fresh))
  const [secretNonce, freshNonce] = [draw(), draw()]

  const digits = Array.from({ length: bits }, (_, bit) => {
    const set = ((index >>> bit) & 1) === 1
    const [r, a, s, t, rho] = [draw(), draw(), draw(), draw(), draw()]
    const value = set ? one : zero
    // c commits to the bit, cA to the mask a, cB to bit·a: together they show that the bit is 0 or 1.
    return { set, r, a, s, t, rho, c: present(pedersen(value, r)), cA: present(pedersen(a, s)), cB: present(pedersen(set ? a : zero, t)) }
  })
  const coefficients = foldCoefficients(group, members, digits)
  const cD = digits.map(({ rho }, k) => present(plus(group, coefficients[k], times(group, H, rho))))

  const x = challengeOf(group, statement, {
    nullifier,
    D,
    opened: [present(pedersen(secretNonce, freshNonce)), group.multiply(U, secretNonce)],
    c: digits.map(({ c }) => c),
    cA: digits.map(({ cA }) => cA),
    cB: digits.map(({ cB }) => cB),
    cD,
  })
  const answer = (nonce: Scalar, secret: Scalar) => group.addScalars(nonce, group.multiplyScalars(x, secret))
  const answers = digits.map(({ set, r, a, s, t }) => {
    const f = set ? group.addScalars(a, x) : a
    return [f, answer(s, r), group.addScalars(t, group.multiplyScalars(r, group.subtractScalars(x, f)))] as const
  })
  // D − C_l hides the number t − r: it is raised to x^bits, less the blindings of the coefficients.
  let z = zero
  let power = one
  for (const { rho } of digits) {
    z = group.subtractScalars(z, group.multiplyScalars(power, rho))
    power = group.multiplyScalars(power, x)
  }
  z = group.addScalars(z, group.multiplyScalars(power, group.subtractScalars(opening.blinding, fresh)))
  const proof = concat(
    nullifier,
    D,
    x,
    answer(secretNonce, opening.secret),
    answer(freshNonce, fresh),
    z,
    ...digits.map(({ c }) => c),
    ...cD.slice(1),
    ...answers.flat(),
  )
  return { outcome: 'made', proof, nullifier }
}

/**
 * The coefficients of x^0 … x^(bits−1) in Σ p_i(x)·C_i, where p_i is the product over the bits of i. Folding the list in half bit by
 * bit costs about 2·n multiplications instead of n·log n. The list is padded by its last member, which proves nothing new.
 */
function foldCoefficients(group: Group, members: readonly Element[], digits: readonly { readonly set: boolean; readonly a: Scalar }[]): Sum[] {
  const size = 2 ** digits.length
  let row: Sum[][] = Array.from({ length: size }, (_, index) => [members[Math.min(index, members.length - 1)]])
  for (const { set, a } of digits) {
    const next: Sum[][] = []
    for (let at = 0; at < row.length; at += 2) {
      const [left, right] = [row[at] as Sum[], row[at + 1] as Sum[]]
      const kept = set ? right : left
      // f0·left + f1·right with f1 = a + bit·x and f0 = x − f1: a·(right − left), and the half that the bit names, times x.
      next.push(
        Array.from({ length: left.length + 1 }, (_, k) =>
          plus(group, k < left.length ? times(group, minus(group, right[k], left[k]), a) : undefined, kept[k - 1]),
        ),
      )
    }
    row = next
  }
  return row[0] as Sum[]
}

function verify(group: Group, statement: ConsentStatement, proof: Uint8Array): ProofVerdict {
  const fault = setFault(statement.set)
  if (fault !== undefined) return { outcome: 'refused', reason: fault }
  const { members } = statement.set
  if (proof.length !== proofLength(members.length)) return { outcome: 'refused', reason: 'malformed' }
  const bits = bitsOf(members.length)
  let at = 0
  const take = () => {
    at += 32
    return proof.subarray(at - 32, at)
  }
  try {
    const [nullifier, D] = [group.element(take()), group.element(take())]
    const [x, secretAnswer, freshAnswer, z] = [group.scalar(take()), group.scalar(take()), group.scalar(take()), group.scalar(take())]
    const c = Array.from({ length: bits }, () => group.element(take()))
    const laterD = Array.from({ length: bits - 1 }, () => group.element(take()))
    const answers = Array.from({ length: bits }, () => ({ f: group.scalar(take()), zA: group.scalar(take()), zB: group.scalar(take()) }))
    for (const member of members) group.element(member)

    const H = secondGenerator(group)
    const U = nullifierBase(group, requestContext(statement))
    const pedersen = (value: Scalar, blinding: Scalar) => group.add(group.multiplyBase(value), group.multiply(H, blinding))
    // Each announcement is what its response says less the challenge times what it is about.
    const opened = [
      group.subtract(pedersen(secretAnswer, freshAnswer), group.multiply(D, x)),
      group.subtract(group.multiply(U, secretAnswer), group.multiply(nullifier, x)),
    ] as const
    const cA = answers.map(({ f, zA }, bit) => group.subtract(pedersen(f, zA), group.multiply(c[bit] as Element, x)))
    const cB = answers.map(({ f, zB }, bit) => group.subtract(group.multiply(H, zB), group.multiply(c[bit] as Element, group.subtractScalars(x, f))))

    const { weights, power } = memberWeights(
      group,
      members.length,
      answers.map(({ f }) => f),
      x,
    )
    let first: Sum
    members.forEach((member, index) => {
      first = plus(group, first, times(group, member, weights[index] as Scalar))
    })
    first = minus(group, minus(group, first, group.multiply(D, power)), group.multiply(H, z))
    let shift = x
    for (const element of laterD) {
      first = minus(group, first, group.multiply(element, shift))
      shift = group.multiplyScalars(shift, x)
    }
    const cD = [present(first), ...laterD]
    const expected = challengeOf(group, statement, { nullifier, D, opened, c, cA, cB, cD })
    return sameBytes(expected, x) ? { outcome: 'proven', nullifier } : { outcome: 'refused', reason: 'not_proven' }
  } catch (error) {
    if (error instanceof GroupError) return { outcome: 'refused', reason: 'malformed' }
    throw error
  }
}

/** Π f over the bits of each index; the places that pad the list count for its last member. They add up to x^bits. */
function memberWeights(group: Group, members: number, f: readonly Scalar[], x: Scalar): { weights: Scalar[]; power: Scalar } {
  let weights: Scalar[] = [one]
  let power = one
  for (const answer of f) {
    const other = group.subtractScalars(x, answer)
    weights = [...weights.map((weight) => group.multiplyScalars(weight, other)), ...weights.map((weight) => group.multiplyScalars(weight, answer))]
    power = group.multiplyScalars(power, x)
  }
  const last = weights.slice(members - 1).reduce((sum, weight) => group.addScalars(sum, weight))
  return { weights: [...weights.slice(0, members - 1), last], power }
}

interface Announced {
  readonly nullifier: Element
  readonly D: Element
  readonly opened: readonly [Element, Element]
  readonly c: readonly Element[]
  readonly cA: readonly Element[]
  readonly cB: readonly Element[]
  readonly cD: readonly Element[]
}

/** The whole statement, then all that the prover said before it could know the challenge. */
function challengeOf(group: Group, statement: ConsentStatement, { nullifier, D, opened, c, cA, cB, cD }: Announced): Scalar {
  const { origin, checkpoint, set, time, requestHash, verifier } = statement
  return new Transcript(group, 'gatehouse/zk/consent/v1', oneOutOfManyId)
    .add('log', origin, String(checkpoint.size), checkpoint.root)
    .add('group', set.group.grantee, set.group.scope, set.group.expiry)
    .add('time', time)
    .add('request', requestHash)
    .add('verifier', verifier)
    .add('generators', group.multiplyBase(one), secondGenerator(group), nullifierBase(group, requestContext(statement)))
    .add('size', set.members.length)
    .add('members', ...set.members)
    .add('nullifier', nullifier)
    .add('commitment', D)
    .add('opened', ...opened)
    .add('bits', ...c)
    .add('masks', ...cA)
    .add('products', ...cB)
    .add('coefficients', ...cD)
    .challenge('x')
}

/** Zero where the protocol gives it with a chance of 2^-252, or to a cheat. */
function present(sum: Sum): Element {
  if (sum === undefined) throw new GroupError('identity', 'a part of the proof')
  return sum
}
