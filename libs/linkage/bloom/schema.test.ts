import { nodePrimitives } from '@gatehouse/crypto/node'
import { describe, expect, it } from 'vitest'
import { type ClkDefinition, clkSchemaHash, defineClkSchema, filterBits, parseClkSchema } from './schema.ts'

const name = (column: string) => ({ column, form: { form: 'name' as const } })
const people: ClkDefinition = { fields: [name('given'), name('family')] }

describe('a CLK schema', () => {
  it.each<[string, unknown, string]>([
    ['without fields', { fields: [] }, '/fields'],
    ['with an unknown form', { fields: [{ column: 'given', form: { form: 'nickname' } }] }, '/fields/0/form/form'],
    ['with a length that is no power of two', { ...people, bits: 1000 }, '/bits'],
    ['with a column twice', { fields: [name('given'), name('given')] }, '/fields'],
    ['that asks for more fields than it has', { ...people, fieldsMin: 3 }, '/fieldsMin'],
    ['with n-grams that set no bit', { fields: [{ ...name('given'), bitsPerGram: 0 }] }, '/fields/0/bitsPerGram'],
    ['that flips half of all bits', { ...people, hardening: { blip: { probability: 0.5 } } }, '/hardening/blip/probability'],
    ['whose filters grow too long', { ...people, bits: 2048, hardening: { balance: true } }, '/bits'],
    ['that salts by another form of a field', { ...people, hardening: { salt: { column: 'given', form: { form: 'text' } } } }, '/hardening/salt/form'],
    ['with a member nobody knows', { ...people, secret: 'x' }, 'secret'],
    ['of another format', { ...people, format: 'clk/9' }, '/format'],
  ])('%s is refused with the place of the fault', (_, json, place) => {
    expect(() => parseClkSchema(json)).toThrow(expect.objectContaining({ code: 'bad_schema', message: expect.stringContaining(place) }))
  })

  it('fills in what was left out, and comes back from JSON the same', () => {
    const schema = defineClkSchema(people)
    expect(schema).toMatchObject({ format: 'gatehouse-clk/1', bits: 1024, hashing: 'random', fieldsMin: 1, hardening: { fold: false, balance: false } })
    expect(schema.fields[0]).toMatchObject({ gram: 2, positional: false, bitsPerGram: 8 })
    expect(parseClkSchema(JSON.parse(JSON.stringify(schema)))).toEqual(schema)
  })

  it('has a hash that is its content’s: any change is another schema, the order of members is none', () => {
    const hash = (definition: ClkDefinition) => clkSchemaHash(nodePrimitives, defineClkSchema(definition))
    expect(hash({ bits: 1024, ...people })).toBe(hash({ ...people, bits: 1024 }))
    expect(hash(people)).toHaveLength(43)
    expect(
      new Set([people, { ...people, bits: 512 as const }, { ...people, hardening: { fold: true } }, { fields: [...people.fields].reverse() }].map(hash)).size,
    ).toBe(4)
  })

  it('knows the length of its finished filters', () => {
    const bits = (hardening: ClkDefinition['hardening']) => filterBits(defineClkSchema({ ...people, hardening }))
    expect([bits({}), bits({ fold: true }), bits({ balance: true }), bits({ fold: true, balance: true })]).toEqual([1024, 512, 2048, 1024])
  })
})
