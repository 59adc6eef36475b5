import { describe, expect, it } from 'vitest'
import { distinctLDiversity } from '../model/distinct-l-diversity.ts'
import { entropyLDiversity } from '../model/entropy-l-diversity.ts'
import { kAnonymity } from '../model/k-anonymity.ts'
import type { PrivacyModel } from '../model/model.ts'
import { tCloseness } from '../model/t-closeness.ts'
import { averageClassSize } from '../quality/average-class-size.ts'
import { discernibility } from '../quality/discernibility.ts'
import { nonUniformEntropy } from '../quality/non-uniform-entropy.ts'
import type { QualityModel } from '../quality/quality.ts'
import { ClassSource } from './class-source.ts'
import type { Question, Role } from './options.ts'
import { encodeTable } from './table.ts'
import { adultIsAbsent, readAdult } from './testing/adult.ts'
import { prepare, treat } from './treat.ts'

const title = adultIsAbsent ? ' (skipped: the reference data is absent)' : ''
const { dataset, names, hierarchies } = adultIsAbsent ? { dataset: { rowCount: 0, columns: [] }, names: [], hierarchies: {} } : readAdult()
const allQuasi = Object.fromEntries(names.map((name): [string, Role] => [name, 'quasi']))
const occupationSensitive = { ...allQuasi, occupation: 'sensitive' as const }

function levels(node: string): number[] {
  return node.split(',').map(Number)
}

function ask(question: Question, roles: Readonly<Record<string, Role>> = allQuasi) {
  const { node, loss, suppressed, classes, optimal } = treat(dataset, { roles, hierarchies, ...question })
  return { node: node.join(), loss, suppressed, classes: classes.count, min: classes.min, max: classes.max, optimal }
}

describe.skipIf(adultIsAbsent)(`fixed nodes of the reference table${title}`, () => {
  const table = adultIsAbsent ? undefined : encodeTable({ dataset, hierarchies: names.map((name) => hierarchies[name]!), sensitive: [] })

  it.each([
    ['0,0,0,0,0,0,0,0,0', 19_502, 15_512, 23_470, 26_959, 45],
    ['0,1,0,0,0,0,0,0,0', 13_321, 9_573, 16_326, 20_385, 107],
    ['0,2,0,1,2,1,1,1,0', 2_041, 856, 2_309, 3_822, 537],
    ['0,3,0,1,2,1,1,1,0', 1_445, 573, 1_666, 2_630, 848],
    ['0,3,0,0,2,1,1,2,0', 1_214, 481, 1_346, 2_297, 1_685],
    ['1,4,1,2,3,2,2,2,0', 2, 0, 0, 0, 22_654],
  ])('%s has the known classes', (node, count, unique, below5, below10, largest) => {
    const { sizes } = new ClassSource(table!).classesAt(levels(node))!
    const rowsBelow = (k: number) => sizes.reduce((sum, size) => sum + (size < k ? size : 0), 0)
    expect([sizes.length, rowsBelow(2), rowsBelow(5), rowsBelow(10), Math.max(...sizes)]).toEqual([count, unique, below5, below10, largest])
  })
})

describe.skipIf(adultIsAbsent)(`the optimum of the reference table${title}`, () => {
  it.each([
    [2, 0, '0,4,1,1,3,2,0,2,0', 0.5296955144, 0, 52, 2, 6_319],
    [2, 0.02, '0,3,0,1,2,1,1,1,0', 0.2093709911, 573, 872, 2, 848],
    [5, 0, '0,4,1,1,3,2,2,1,0', 0.5731509656, 0, 24, 69, 3_951],
    [5, 0.01, '0,3,1,1,2,2,1,1,0', 0.362406723, 294, 263, 5, 949],
    [5, 0.05, '0,3,0,0,2,1,1,2,0', 0.2419323651, 1_346, 397, 5, 1_685],
    [10, 0, '0,4,1,1,3,2,2,1,0', 0.5731509656, 0, 24, 69, 3_951],
    [10, 0.05, '0,3,0,1,2,1,1,2,0', 0.2912700156, 1_437, 196, 10, 1_720],
    [100, 0, '0,4,1,2,3,2,2,1,0', 0.6324957968, 0, 12, 280, 5_576],
  ])('for %i-anonymity and a limit of %f', (k, suppressionLimit, node, loss, suppressed, classes, min, max) => {
    const found = ask({ models: [kAnonymity(k)], suppressionLimit })
    expect(found).toEqual({ node, loss: expect.closeTo(loss, 8), suppressed, classes, min, max, optimal: true })
  })

  it('tells the loss of each attribute', () => {
    const { perAttributeLoss } = treat(dataset, { roles: allQuasi, hierarchies, models: [kAnonymity(5)], suppressionLimit: 0.05 })
    const known = [0.044626, 0.22798, 0.044626, 0.044626, 0.396187, 0.306452, 0.31759, 1, 0.044626]
    expect(Object.values(perAttributeLoss)).toEqual(known.map((value) => expect.closeTo(value, 6)))
  })

  it('under the arithmetic aggregate and under weights', () => {
    const question = { models: [kAnonymity(5)], suppressionLimit: 0.05 }
    expect(ask({ ...question, aggregate: 'arithmetic' })).toMatchObject({ node: '0,3,0,0,2,1,1,2,0', loss: expect.closeTo(0.2696346628, 8) })
    const weighted = ask({ ...question, weights: { age: 1, sex: 0.1 } })
    expect(weighted).toMatchObject({ node: '1,3,0,1,2,1,1,1,0', loss: expect.closeTo(0.1354652603, 8), suppressed: 1_085, classes: 366 })
  })

  it.each<[string, PrivacyModel, number, string, number, number, number, number, number]>([
    ['distinct 2-diversity', distinctLDiversity('occupation', 2), 0, '0,4,1,2,3,2,0,0', 0.5422108254, 0, 26, 5, 10_489],
    ['distinct 2-diversity', distinctLDiversity('occupation', 2), 0.05, '0,3,0,0,2,1,1,0', 0.1701227919, 1_346, 397, 5, 1_685],
    // A class with counts 2, 2, 2 has an entropy of exactly log 3 and holds.
    ['entropy 3-diversity', entropyLDiversity('occupation', 3), 0.05, '0,3,0,1,2,1,1,0', 0.2152770981, 1_174, 262, 5, 1_720],
    ['equal 0.2-closeness', tCloseness('occupation', 0.2, 'equal'), 0, '1,4,1,1,3,2,2,1', 0.9183953641, 0, 2, 14_086, 16_076],
    ['equal 0.2-closeness', tCloseness('occupation', 0.2, 'equal'), 0.05, '1,4,1,1,3,1,2,1', 0.8150031862, 235, 6, 233, 15_432],
    ['hierarchical 0.2-closeness', tCloseness('occupation', 0.2, 'hierarchical'), 0, '0,4,1,1,3,2,2,1', 0.7591763053, 0, 4, 1_492, 12_594],
  ])('for 5-anonymity with %s', (_, model, suppressionLimit, node, loss, suppressed, classes, min, max) => {
    const found = ask({ models: [kAnonymity(5), model], suppressionLimit }, occupationSensitive)
    expect(found).toEqual({ node, loss: expect.closeTo(loss, 8), suppressed, classes, min, max, optimal: true })
  })

  it.each<[string, QualityModel, number, string, number, number, number]>([
    ['discernibility', discernibility, 0, '1,1,1,2,3,2,2,1,1', 33_627_534, 0, 45],
    ['discernibility', discernibility, 0.05, '0,0,1,2,3,2,2,1,1', 7_220_555, 105, 356],
    ['average class size', averageClassSize, 0, '1,2,1,1,3,2,2,1,1', 628.375, 0, 48],
    ['average class size', averageClassSize, 0.05, '1,0,1,1,3,2,2,0,1', 28.8080229226, 906, 1_046],
    ['non-uniform entropy', nonUniformEntropy, 0, '1,2,1,1,3,2,2,1,1', 407_289.5388925, 0, 48],
  ])('by %s at a limit of %f', (_, quality, suppressionLimit, node, value, suppressed, classes) => {
    const found = ask({ models: [kAnonymity(5)], suppressionLimit, quality })
    expect(found).toMatchObject({ node, loss: expect.closeTo(value, 6), suppressed, classes, optimal: true })
  })

  it('is found by the heuristic within 500 checks', () => {
    const found = ask({ models: [kAnonymity(5)], suppressionLimit: 0.05, strategy: 'heuristic', budget: { checks: 500 } })
    expect(found).toMatchObject({ node: '0,3,0,0,2,1,1,2,0', loss: expect.closeTo(0.2419323651, 8) })
  })
})

describe.skipIf(adultIsAbsent)(`one question after another on the reference table${title}`, () => {
  it('counts qualifying nodes and answers without looking again once it has all facts', () => {
    const search = prepare(dataset, { roles: allQuasi, hierarchies, models: [kAnonymity(5)], suppressionLimit: 0.05, facts: 'all', kMax: 10 })
    expect(search.ask()).toMatchObject({ evaluated: 12_960, qualifying: 5_184, suppressed: 1_346, optimal: true })
    expect(search.ask({ k: 10 })).toMatchObject({ evaluated: 0, qualifying: 3_433, suppressed: 1_437, optimal: true })
    expect(search.ask({ k: 2, suppressionLimit: 0.02 })).toMatchObject({ evaluated: 0, qualifying: 5_641, suppressed: 573, optimal: true })
    expect(search.ask({ k: 2, suppressionLimit: 0 })).toMatchObject({ evaluated: 0, qualifying: 136, suppressed: 0, optimal: true })
    const weighted = search.ask({ weights: { age: 1, sex: 0.1 } })
    expect(weighted).toMatchObject({ evaluated: 0, node: [1, 3, 0, 1, 2, 1, 1, 1, 0], suppressed: 1_085, optimal: true })
  })
})
