/**
 * Something that a schema takes, made up: of the right shape, about nobody, and the same each time for the same seed. For sandboxes, where
 * programs are tried before they are let near anything that is real.
 */
import { z } from 'zod'

/** A small generator (mulberry32): what it makes has to look varied, and nothing rests on it. */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const arrayMax = 3
const depthMax = 24
/** From here on the first of several is taken, so that what contains itself comes to an end. */
const choiceDepthMax = 8

/** By the name of the member that holds it; nobody is called so. */
const named: Readonly<Record<string, readonly string[]>> = {
  name: ['Example Anders', 'Example Benito', 'Example Chandra'],
  given_name: ['Anders', 'Benito', 'Chandra'],
  family_name: ['Example', 'Specimen', 'Muster'],
  email: ['anders@example.org', 'benito@example.net', 'chandra@example.com'],
  city: ['Sampleton', 'Muestra', 'Beispielstadt'],
}

/** What texts and numbers of the product look like. */
const forms = [
  ...[
    '2026-01-15T09:30:00.000Z',
    '2026-01-15',
    '2026-01',
    '09:30',
    'example',
    'example.sample',
    'dpv:ServiceProvision',
    'ZXhhbXBsZQ==',
    'P1Y',
    '42',
    'en',
    'GB',
    'UTC',
  ],
  ...['https://example.org/', 'anders@example.org', '192.0.2.0/24', '/example', '', 18, 1, 0, -1, 1_000, 0.05, 0.9, null, {}, []],
]

/** @throws RangeError for a schema of which nothing can be made up */
export function madeUp(schema: z.ZodType, seed: number): unknown {
  const next = random(seed)
  const pick = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T
  const digits = (alphabet: string, length: number) => Array.from({ length }, () => pick([...alphabet])).join('')
  const hex = (length: number) => digits('0123456789abcdef', length)
  const uuid = () => `01980000-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(12)}`

  /** Of many forms the first that the schema takes: it knows best what it wants. */
  function leaf(type: z.ZodType, member: string): unknown {
    const varied = [
      pick(named[member] ?? ['an example', 'a sample', 'a specimen']),
      uuid(),
      hex(64),
      digits('ABCDEFGHabcdefgh0123456789', 43),
      Math.floor(next() * 100),
      next(),
    ]
    for (const one of [...varied, ...forms, next() < 0.5]) if (type.safeParse(one).success) return one
    throw new RangeError(`nothing can be made up for ${member}`)
  }

  function list(type: z.ZodArray, member: string, depth: number): unknown {
    const many = Array.from({ length: 1 + Math.floor(next() * arrayMax) }, () => make(type.element as z.ZodType, member, depth))
    // Some take each thing once only.
    return [many, many.slice(0, 1)].find((one) => type.safeParse(one).success) ?? leaf(type, member)
  }

  /** Members that may be absent and do not go together are left out, one after the other. */
  function fitting(type: z.ZodObject, whole: Record<string, unknown>): unknown {
    const kept = { ...whole }
    for (const [name, one] of Object.entries(type.shape as Record<string, z.ZodType>)) {
      if (type.safeParse(kept).success) return kept
      if (one instanceof z.ZodOptional) delete kept[name]
    }
    return type.safeParse(kept).success ? kept : whole
  }

  const optionOf = (type: z.ZodUnion, depth: number) => (depth > choiceDepthMax ? type.options[0] : pick(type.options))

  function make(type: z.ZodType, member: string, depth: number): unknown {
    if (depth > depthMax) return leaf(type, member)
    const inner = (one: unknown, name = member) => make(one as z.ZodType, name, depth + 1)
    if (type instanceof z.ZodObject)
      return fitting(type, Object.fromEntries(Object.entries(type.shape as Record<string, z.ZodType>).map(([name, one]) => [name, inner(one, name)])))
    if (type instanceof z.ZodArray) return list(type, member, depth + 1)
    if (type instanceof z.ZodTuple) return type.def.items.map((one) => inner(one))
    if (type instanceof z.ZodRecord) return { [String(inner(type.keyType, 'key'))]: inner(type.valueType) }
    if (type instanceof z.ZodNullable && next() < 0.2) return null
    if (type instanceof z.ZodUnion) return inner(optionOf(type, depth))
    const values = type instanceof z.ZodEnum ? type.options : type instanceof z.ZodLiteral ? [...type.values] : undefined
    if (values !== undefined) return pick(values)
    return 'unwrap' in type && typeof type.unwrap === 'function' ? inner(type.unwrap()) : leaf(type, member)
  }
  return make(schema, '', 0)
}
