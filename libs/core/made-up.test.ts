import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { madeUp } from './made-up.ts'
import { idSchema, instantSchema } from './schema.ts'

describe('what is made up', () => {
  const person = z.strictObject({
    id: idSchema('user'),
    name: z.string().max(40),
    email: z.email(),
    since: instantSchema,
    kinds: z
      .array(z.enum(['a', 'b']))
      .min(1)
      .refine((all) => new Set(all).size === all.length),
    count: z.int().min(3),
    left: z.boolean().nullable(),
    either: z.union([z.literal('x'), z.strictObject({ y: z.number() })]),
    more: z.record(z.string(), z.string()).optional(),
  })

  it('is taken by its schema, and is the same for the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const made = madeUp(person, seed)
        expect(person.safeParse(made).success).toBe(true)
        expect(madeUp(person, seed)).toEqual(made)
      }),
    )
  })

  it('is nothing where nothing fits', () => {
    expect(() => madeUp(z.string().regex(/^q{5}$/), 1)).toThrow(RangeError)
  })
})
