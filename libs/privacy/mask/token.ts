/**
 * Keyed tokens, different for each partner, that the keys turn back. Text and other values: AES-SIV (RFC 5297), deterministic
 * and authenticated. Digits and letters that must keep their form: FF1 (NIST SP 800-38G), where there are at least a million
 * possible values; below that FF1 is not safe, and the caller's table draws the token.
 */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { aessiv } from '@noble/ciphers/aes.js'
import { FF1 } from '@noble/ciphers/ff1.js'
import { bytesToUtf8, utf8ToBytes } from '@noble/ciphers/utils.js'
import { z } from 'zod'
import { fromBase64url, toBase64url } from './base64url.ts'
import { domainSchema } from './hash.ts'
import { blank, derivedKey, fieldTypes, type Mask, type MaskContext, type MaskPlace, type MaskValue } from './mask.ts'

const alphabets = {
  digits: '0123456789',
  upper_alphanumeric: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  alphanumeric: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
} as const

const schema = z.strictObject({
  mask: z.literal('token'),
  /** `any` gives an opaque text. The others keep length, alphabet and separators. */
  alphabet: z.enum(['any', 'digits', 'upper_alphanumeric', 'alphanumeric']).default('any'),
  domain: domainSchema,
})
export type TokenSpec = z.infer<typeof schema>

/** SP 800-38G revision 1: the least number of possible values FF1 may be used on. */
export const ff1DomainMin = 1_000_000
const charactersMax = 128
const separators = /[\s./()+_:-]/

export const token: Mask<TokenSpec> = {
  kind: 'token',
  title: 'A keyed token, different for each partner, that can be turned back',
  schema,
  appliesTo: ({ alphabet }) => (alphabet === 'any' ? fieldTypes : ['string']),
  declares: ({ alphabet }) => ({ ...blank, reversible: true, keepsFormat: alphabet !== 'any', keepsEquality: true }),
  apply(value, spec, place) {
    if (spec.alphabet === 'any') return { value: seal(value, spec, place) }
    const split = splitText(value, spec)
    if (typeof split === 'string') return { fault: split }
    if (!split.small) return { value: join(split, cipher(split.radix, spec, place).encrypt(split.digits)) }
    const drawn = typeof value === 'string' ? place.context.tableToken?.(domainOf(spec, place), value) : undefined
    return drawn === undefined ? { fault: 'the value has too few possible values for FF1, and the token table has no token for it' } : { value: drawn }
  },
  reverse(masked, spec, place) {
    if (spec.alphabet === 'any') return typeof masked === 'string' ? open(masked, spec, place) : undefined
    if (masked === null) return undefined
    const split = splitText(masked, spec)
    // What the table drew only the table can turn back.
    if (typeof split === 'string' || split.small) return undefined
    return join(split, cipher(split.radix, spec, place).decrypt(split.digits))
  },
}

export function domainOf(spec: TokenSpec, { field }: Pick<MaskPlace, 'field'>): string {
  return spec.domain ?? field
}

/** True for a value that FF1 may not treat and a table must. */
export function needsTable(value: MaskValue, spec: TokenSpec): value is string {
  if (spec.alphabet === 'any' || typeof value !== 'string') return false
  const split = splitText(value, spec)
  return typeof split !== 'string' && split.small
}

/**
 * A random text of the value's own form, for a table to keep. The caller draws again where the table has it already.
 * @throws TypeError for a value that needs no table
 */
export function drawTableToken(value: string, spec: TokenSpec, randomBytes: (length: number) => Uint8Array): string {
  const split = splitText(value, spec)
  if (typeof split === 'string' || !split.small) throw new TypeError('only a value with too few possible values for FF1 is drawn from a table')
  return join(
    split,
    split.digits.map(() => below(split.radix, randomBytes)),
  )
}

/** A number below `limit` (at most 256), each equally likely: bytes beyond the last whole multiple are thrown away. */
function below(limit: number, randomBytes: (length: number) => Uint8Array): number {
  const bound = 256 - (256 % limit)
  for (;;) {
    const [byte = 0] = randomBytes(1)
    if (byte < bound) return byte % limit
  }
}

interface Split {
  readonly alphabet: string
  readonly radix: number
  readonly digits: number[]
  /** The text with `undefined` where a digit stands. */
  readonly frame: readonly (string | undefined)[]
  readonly small: boolean
}

/** The characters FF1 treats and the frame they stand in, or why the value cannot be split. */
function splitText(value: MaskValue, spec: TokenSpec): Split | string {
  if (typeof value !== 'string' || spec.alphabet === 'any') return 'a token that keeps its form needs text'
  if (value.length > charactersMax) return `a token that keeps its form has at most ${charactersMax} characters`
  const alphabet = alphabets[spec.alphabet]
  const frame = Array.from(value, (character) => (alphabet.includes(character) ? undefined : character))
  if (frame.some((character) => character !== undefined && !separators.test(character)))
    return `the value has characters outside ${spec.alphabet} and separators`
  const digits = Array.from(value, (character) => alphabet.indexOf(character)).filter((digit) => digit >= 0)
  if (digits.length === 0) return 'the value has no character to treat'
  return { alphabet, radix: alphabet.length, digits, frame, small: alphabet.length ** digits.length < ff1DomainMin }
}

function join({ alphabet, frame }: Split, digits: readonly number[]): string {
  let position = 0
  return frame.map((character) => character ?? alphabet.charAt(digits[position++] ?? 0)).join('')
}

/** The domain is the tweak, so that fields of different domains have different tokens. */
function cipher(radix: number, spec: TokenSpec, place: MaskPlace): ReturnType<typeof FF1> {
  return FF1(radix, derivedKey(place.context, 'token/ff1', 32), utf8ToBytes(domainOf(spec, place)))
}

/** The value goes in as JSON, so that a number comes back as a number. */
function seal(value: MaskValue, spec: TokenSpec, place: MaskPlace): string {
  return toBase64url(siv(place.context, domainOf(spec, place)).encrypt(utf8ToBytes(canonicalJson(value))))
}

function open(text: string, spec: TokenSpec, place: MaskPlace): MaskValue | undefined {
  const sealed = fromBase64url(text)
  if (sealed === undefined) return undefined
  try {
    return JSON.parse(bytesToUtf8(siv(place.context, domainOf(spec, place)).decrypt(sealed))) as MaskValue
  } catch {
    // AES-SIV refuses whatever was not sealed under this key and domain.
    return undefined
  }
}

function siv(context: MaskContext, domain: string): ReturnType<typeof aessiv> {
  return aessiv(derivedKey(context, 'token/siv', 64), utf8ToBytes(domain))
}
