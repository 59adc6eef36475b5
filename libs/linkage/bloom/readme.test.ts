import { nodePrimitives } from '@gatehouse/crypto/node'
import { describe, expect, it } from 'vitest'
import { clksFrom } from './clk.ts'
import { diceBetween } from './compare.ts'
import { clkEncoder } from './encode.ts'
import { greedyOneToOne } from './pairs.ts'
import { defineClkSchema } from './schema.ts'

describe('the worked example of the README', () => {
  it('links Anna to Anne, whatever the secret', () => {
    const schema = defineClkSchema({
      fields: [
        { column: 'given', form: { form: 'name' } },
        { column: 'family', form: { form: 'name' } },
        { column: 'born', form: { form: 'date' } },
      ],
    })
    const encoder = clkEncoder(nodePrimitives, nodePrimitives.randomBytes(32), schema)
    const encode = (people: Record<string, string>[]) =>
      clksFrom(
        encoder.schemaHash,
        encoder.bits,
        people.map((person) => encoder.encode(person).clk),
      )
    const north = encode([{ given: 'Anna', family: 'Ørsted', born: '1980-02-03' }])
    const south = encode([
      { given: 'Bob', family: 'Ash', born: '1955-11-27' },
      { given: 'Anne', family: 'Orsted', born: '1980-02-03' },
    ])
    const links = greedyOneToOne(diceBetween(north, south, { threshold: 0.7 }))
    expect([...links.left, ...links.right]).toEqual([0, 1])
    expect(links.dice[0]).toBeCloseTo(0.91, 1)
  })
})
