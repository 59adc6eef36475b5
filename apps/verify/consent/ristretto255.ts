/** The group ristretto255, written from RFC 9496 section 4 in whole numbers. For checking only: nothing here is secret, and nothing here takes constant time. */

const p = 2n ** 255n - 19n
/** The number of elements. */
export const order = 2n ** 252n + 27742317777372353535851937790883648493n

const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n
const sqrtM1 = 19681161376707505956807079304988542015446066515923890162744021073123829784752n
const sqrtAdMinusOne = 25063068953384623474111414158702152701244531502492656460079210482610430750235n
const invsqrtAMinusD = 54469307008909316920995813868745141605393597292927456921205312896311721017578n
const oneMinusDSq = 1159843021668779879193775521855586647937357759715417654439879720876111806838n
const dMinusOneSq = 40440834346308536858101042469323190826248399146238708352240133220865137265952n

/** Extended coordinates of edwards25519: x = X/Z, y = Y/Z, xy = T/Z. */
export interface Point {
  readonly X: bigint
  readonly Y: bigint
  readonly Z: bigint
  readonly T: bigint
}

export const identity: Point = { X: 0n, Y: 1n, Z: 1n, T: 0n }

const mod = (value: bigint): bigint => {
  const rest = value % p
  return rest < 0n ? rest + p : rest
}
const isNegative = (value: bigint): boolean => (value & 1n) === 1n
const absolute = (value: bigint): bigint => (isNegative(value) ? p - value : value)

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % p
    square = (square * square) % p
  }
  return result
}

/** SQRT_RATIO_M1 (section 4.2): the square root of u/v, or of i·u/v where there is none, never negative. */
function sqrtRatio(u: bigint, v: bigint): { square: boolean; root: bigint } {
  const v3 = mod(v * v * v)
  const v7 = mod(v3 * v3 * v)
  let root = mod(u * v3 * power(mod(u * v7), (p - 5n) / 8n))
  const check = mod(v * root * root)
  const [correct, flipped, flippedI] = [check === mod(u), check === mod(-u), check === mod(-u * sqrtM1)]
  if (flipped || flippedI) root = mod(root * sqrtM1)
  return { square: correct || flipped, root: absolute(root) }
}

export function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (let at = bytes.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at] as number)
  return value
}

function bytesOf(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 255n))
}

/** Section 4.3.1; `undefined` for any bytes that `encode` does not write. */
export function decode(bytes: Uint8Array): Point | undefined {
  if (bytes.length !== 32) return undefined
  const s = littleEndian(bytes)
  if (s >= p || isNegative(s)) return undefined
  const ss = mod(s * s)
  const [u1, u2] = [mod(1n - ss), mod(1n + ss)]
  const u2Square = mod(u2 * u2)
  const v = mod(-(d * u1 * u1) - u2Square)
  const { square, root } = sqrtRatio(1n, mod(v * u2Square))
  const denX = mod(root * u2)
  const denY = mod(root * denX * v)
  const x = absolute(mod(2n * s * denX))
  const y = mod(u1 * denY)
  const t = mod(x * y)
  return square && !isNegative(t) && y !== 0n ? { X: x, Y: y, Z: 1n, T: t } : undefined
}

/** Section 4.3.2. */
export function encode({ X, Y, Z, T }: Point): Uint8Array {
  const u1 = mod((Z + Y) * (Z - Y))
  const u2 = mod(X * Y)
  const { root } = sqrtRatio(1n, mod(u1 * u2 * u2))
  const den1 = mod(root * u1)
  const den2 = mod(root * u2)
  const zInverse = mod(den1 * den2 * T)
  const rotate = isNegative(mod(T * zInverse))
  const x = rotate ? mod(Y * sqrtM1) : X
  const y = rotate ? mod(X * sqrtM1) : Y
  const den = rotate ? mod(den1 * invsqrtAMinusD) : den2
  const turned = isNegative(mod(x * zInverse)) ? mod(-y) : y
  return bytesOf(absolute(mod(den * (Z - turned))))
}

/** Section 4.3.4: 64 uniform bytes onto the group. */
export function fromUniform(bytes: Uint8Array): Point {
  const half = (from: number) => map(mod(littleEndian(bytes.subarray(from, from + 32)) & (2n ** 255n - 1n)))
  return add(half(0), half(32))
}

function map(t: bigint): Point {
  const r = mod(sqrtM1 * t * t)
  const u = mod((r + 1n) * oneMinusDSq)
  const v = mod((-1n - r * d) * (r + d))
  const { square, root } = sqrtRatio(u, v)
  const s = square ? root : mod(-absolute(mod(root * t)))
  const c = square ? mod(-1n) : r
  const n = mod(c * (r - 1n) * dMinusOneSq - v)
  const w0 = mod(2n * s * v)
  const w1 = mod(n * sqrtAdMinusOne)
  const w2 = mod(1n - s * s)
  const w3 = mod(1n + s * s)
  return { X: mod(w0 * w3), Y: mod(w2 * w1), Z: mod(w1 * w3), T: mod(w0 * w2) }
}

/** Holds for equal points too (RFC 8032 section 5.1.4). */
export function add(left: Point, right: Point): Point {
  const a = mod((left.Y - left.X) * (right.Y - right.X))
  const b = mod((left.Y + left.X) * (right.Y + right.X))
  const c = mod(2n * d * mod(left.T * right.T))
  const e = mod(2n * left.Z * right.Z)
  const [f, g, h, i] = [b - a, e - c, e + c, b + a]
  return { X: mod(f * g), Y: mod(h * i), T: mod(f * i), Z: mod(g * h) }
}

/** Section 4.5. */
export function equal(left: Point, right: Point): boolean {
  return mod(left.X * right.Y) === mod(left.Y * right.X) || mod(left.Y * right.Y) === mod(left.X * right.X)
}

const windowBits = 4n
const windows = 64

/** Σ number·point, the doublings shared by all of them (Straus 1964). */
export function sum(terms: readonly (readonly [bigint, Point])[]): Point {
  const tables = terms.map(([number, point]) => {
    const multiples: Point[] = [identity]
    for (let at = 1; at < 16; at++) multiples.push(add(multiples[at - 1] as Point, point))
    return { number: ((number % order) + order) % order, multiples }
  })
  let total = identity
  for (let at = windows - 1; at >= 0; at--) {
    for (let bit = 0n; bit < windowBits && at < windows - 1; bit++) total = add(total, total)
    for (const { number, multiples } of tables) {
      const digit = Number((number >> (windowBits * BigInt(at))) & 15n)
      if (digit !== 0) total = add(total, multiples[digit] as Point)
    }
  }
  return total
}

/** The generator (section 4.4). */
export const generator: Point = decode(
  Uint8Array.from('e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76'.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
) as Point
