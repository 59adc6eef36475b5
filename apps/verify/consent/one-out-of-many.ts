/** `gh-gk-ristretto-v1`, checked from its description in docs/reference/consent-proof.md. */
import type { Cryptography } from '../cryptography.ts'
import { join, utf8 } from '../encoding.ts'
import { Fault } from '../report.ts'
import { decode, encode, equal, fromUniform, generator, identity, littleEndian, order, type Point, sum } from './ristretto255.ts'

export interface ConsentClaim {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
  readonly grantee: string
  readonly scope: string
  readonly expiry: string
  readonly time: string
  readonly requestHash: Uint8Array
  readonly verifier: string
  readonly members: readonly Uint8Array[]
}

export const systemId = 'gh-gk-ristretto-v1'
const family = 'gatehouse/zk/consent/v1'

/** Four bytes, big-endian. */
export function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

/** Each part with its length before it. */
export function parts(values: readonly (string | Uint8Array)[]): Uint8Array {
  return join(
    ...values.flatMap((value) => {
      const bytes = typeof value === 'string' ? utf8(value) : value
      return [u32(bytes.length), bytes]
    }),
  )
}

/** expand_message_xmd with SHA-512 for 64 bytes (RFC 9380 section 5.3.1). */
async function expand({ sha512 }: Cryptography, message: Uint8Array, domain: string): Promise<Uint8Array> {
  const tail = join(utf8(domain), Uint8Array.of(domain.length))
  const first = await sha512(join(new Uint8Array(128), message, Uint8Array.of(0, 64, 0), tail))
  return sha512(join(first, Uint8Array.of(1), tail))
}

const toGroup = async (cryptography: Cryptography, message: Uint8Array, domain: string) => fromUniform(await expand(cryptography, message, domain))

/**
 * @returns the nullifier, when the proof holds
 * @throws Fault where it does not
 */
export async function verifyOneOutOfMany(claim: ConsentClaim, proof: Uint8Array, place: string, cryptography: Cryptography): Promise<Uint8Array> {
  const { members } = claim
  const bits = Math.max(1, Math.ceil(Math.log2(members.length)))
  const needed = 32 * (6 + 5 * bits - 1)
  if (proof.length !== needed) throw new Fault(place, `the proof has ${proof.length} bytes; for ${members.length} members it has ${needed}`)
  let at = 0
  const take = () => {
    at += 32
    return proof.subarray(at - 32, at)
  }
  const point = (bytes: Uint8Array, where = place): { bytes: Uint8Array; point: Point } => {
    const found = decode(bytes)
    if (found === undefined || equal(found, identity)) throw new Fault(where, 'a part is no element of the group, or the identity')
    return { bytes, point: found }
  }
  const number = (): bigint => {
    const found = littleEndian(take())
    if (found === 0n || found >= order) throw new Fault(place, 'a part is no number from 1 to the order of the group less 1')
    return found
  }
  const N = point(take())
  const D = point(take())
  const challenge = take()
  at -= 32
  const x = number()
  const [zs, zt, z] = [number(), number(), number()]
  const c = Array.from({ length: bits }, () => point(take()))
  const d = Array.from({ length: bits - 1 }, () => point(take()))
  const answers = Array.from({ length: bits }, () => ({ f: number(), zA: number(), zB: number() }))
  const C = members.map((member, index) => point(member, `/set/members/${index}`).point)

  const H = await toGroup(cryptography, utf8('gatehouse/zk/generator/H'), 'gatehouse/zk/generator/v1')
  const U = await toGroup(cryptography, parts([claim.origin, claim.verifier, claim.requestHash, claim.grantee, claim.scope]), 'gatehouse/zk/nullifier/v1')
  const O1 = sum([
    [zs, generator],
    [zt, H],
    [-x, D.point],
  ])
  const O2 = sum([
    [zs, U],
    [-x, N.point],
  ])
  const A = answers.map(({ f, zA }, bit) =>
    sum([
      [f, generator],
      [zA, H],
      [-x, (c[bit] as { point: Point }).point],
    ]),
  )
  const B = answers.map(({ f, zB }, bit) =>
    sum([
      [zB, H],
      [f - x, (c[bit] as { point: Point }).point],
    ]),
  )

  const weights = Array<bigint>(members.length).fill(0n)
  for (let index = 0; index < 2 ** bits; index++) {
    const weight = answers.reduce((product, { f }, bit) => (product * ((index >>> bit) & 1 ? f : x - f)) % order, 1n)
    const member = Math.min(index, members.length - 1)
    weights[member] = ((weights[member] as bigint) + weight) % order
  }
  const powers = [1n]
  for (let bit = 0; bit < bits; bit++) powers.push(((powers[bit] as bigint) * x) % order)
  const d0 = sum([
    ...C.map((member, index) => [weights[index] as bigint, member] as const),
    [-(powers[bits] as bigint), D.point],
    [-z, H],
    ...d.map((each, k) => [-(powers[k + 1] as bigint), each.point] as const),
  ])

  const frame = (label: string, value: Uint8Array) => parts([label, value])
  let state = await cryptography.sha512(join(utf8(family), frame('protocol', utf8(systemId))))
  const say = async (label: string, ...values: readonly (string | Uint8Array)[]) => {
    state = await cryptography.sha512(join(state, ...values.map((value) => frame(label, typeof value === 'string' ? utf8(value) : value))))
  }
  await say('log', claim.origin, String(claim.size), claim.root)
  await say('group', claim.grantee, claim.scope, claim.expiry)
  await say('time', claim.time)
  await say('request', claim.requestHash)
  await say('verifier', claim.verifier)
  await say('generators', encode(generator), encode(H), encode(U))
  await say('size', u32(members.length))
  await say('members', ...members)
  await say('nullifier', N.bytes)
  await say('commitment', D.bytes)
  await say('opened', encode(O1), encode(O2))
  await say('bits', ...c.map(({ bytes }) => bytes))
  await say('masks', ...A.map(encode))
  await say('products', ...B.map(encode))
  await say('coefficients', encode(d0), ...d.map(({ bytes }) => bytes))
  await say('challenge', 'x')
  const expected = littleEndian(await expand(cryptography, state, family)) % order
  if (expected !== littleEndian(challenge)) throw new Fault(place, 'the proof does not hold: it was made for another statement, changed, or forged')
  return N.bytes
}
