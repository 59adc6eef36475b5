import { expect, it } from 'vitest'
import { z } from 'zod'
import { saidOfIssue } from './issue.ts'

const said = (schema: z.ZodType, value: unknown) => (schema.safeParse(value).error?.issues ?? []).map(saidOfIssue)

it.each([
  ['what is not there', z.strictObject({ a: z.string() }), {}, 'missing', {}],
  ['another type', z.boolean(), 'yes', 'truth_needed', {}],
  ['a number with decimals', z.int(), 1.5, 'whole_number_needed', {}],
  ['an empty list', z.array(z.string()).min(1), [], 'list_short', { least: 1 }],
  ['a text too long', z.string().max(3), 'abcd', 'text_long', { most: 3 }],
  ['a number on a bound that does not count', z.number().gt(0), 0, 'number_not_above', { least: 0 }],
  ['a number too large', z.int().max(5), 6, 'number_high', { most: 5 }],
  ['what is none of the choices', z.enum(['a', 'b']), 'c', 'not_one_of', { choices: 'a, b' }],
  ['what is no address', z.email(), 'me', 'no_email', {}],
  ['a member that is not known', z.strictObject({}), { b: 1 }, 'field_unknown', { field: 'b' }],
  ['what fits none of several forms', z.union([z.string(), z.number()]), true, 'wrong_form', {}],
] as const)('says %s by a code', (_name, schema, value, code, params) => {
  expect(said(schema, value)).toMatchObject([{ said: { code, params } }])
})

it('leaves a schema its own words, for which no other language has any', () => {
  expect(said(z.string().regex(/^a$/, 'the letter a'), 'b')).toEqual([{ detail: 'the letter a' }])
})

it('never repeats what was sent', () => {
  expect(JSON.stringify(said(z.strictObject({ a: z.enum(['x']), b: z.int(), c: z.email() }), { a: 'secret', b: 'secret', c: 'secret' }))).not.toContain(
    'secret',
  )
})
