import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { idSchema, instantSchema, isSensitive, pageLimitMax, pageQuery, pageSchema, sensitive, sensitiveNames, slugSchema } from './schema.ts'

describe('schemas refuse', () => {
  it.each(['', 'Upper', '1st', 'a b', 'a'.repeat(64)])('the slug %j', (text) => {
    expect(slugSchema.safeParse(text).success).toBe(false)
  })
  it('ids and times with a word on how to mend them', () => {
    expect(idSchema('policy').safeParse('x').error?.issues[0]?.message).toContain('a policy id is a UUID')
    expect(instantSchema.safeParse('yesterday').error?.issues[0]?.message).toContain('RFC 3339')
  })
  it('pages past the limit or with unknown members', () => {
    const query = z.strictObject(pageQuery)
    expect(query.safeParse({ limit: pageLimitMax + 1 }).success).toBe(false)
    expect(query.safeParse({ limit: 0 }).success).toBe(false)
    expect(query.parse({ limit: '7' })).toEqual({ limit: 7 })
    expect(query.parse({})).toEqual({ limit: 50 })
    expect(pageSchema(z.string()).safeParse({ data: [], next: null, total: 0 }).success).toBe(false)
  })
})

describe('schemas', () => {
  it('bring ids and times into their one form', () => {
    expect(idSchema('policy').parse('017F22E2-79B0-7CC3-98C4-DC0C0C07398F')).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
    expect(instantSchema.parse('2026-11-22T10:30:00+01:00')).toBe('2026-11-22T09:30:00.000Z')
  })
  it('keep the mark of a personal value apart from the schema it was made from', () => {
    const name = z.string()
    expect(isSensitive(sensitive(name))).toBe(true)
    expect(isSensitive(name)).toBe(false)
  })
  it('list members with personal values at any depth', () => {
    const secret = sensitive(z.string())
    const person = z.strictObject({
      id: z.string(),
      name: secret,
      aliases: z.array(secret),
      address: z.strictObject({ city: secret.optional(), country: z.string() }),
      notes: z.record(z.string(), secret.nullable()),
      contact: z.union([z.strictObject({ phone: secret }), z.string()]),
    })
    expect([...sensitiveNames(z.array(person))].sort()).toEqual(['aliases', 'city', 'name', 'notes', 'phone'])
  })
})
