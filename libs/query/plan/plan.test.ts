import { readFileSync, writeFileSync } from 'node:fs'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { parsePlan as parseTreatment } from '@gatehouse/privacy/plan/parse'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changed, linkedPlan } from '../testing/plans.ts'
import { diffPlans } from './diff.ts'
import { planHash } from './hash.ts'
import { planJsonSchema } from './json-schema.ts'
import { parsePlan } from './parse.ts'
import { pictureOf } from './picture.ts'
import type { QueryPlan } from './schema.ts'
import { treatmentPlanOf } from './treatment.ts'

function planOf(json: unknown): QueryPlan {
  const read = parsePlan(json)
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  return read.value
}
const plan = planOf(linkedPlan)

describe('the hash and the difference of two plans', () => {
  it('tell apart what is run, and nothing else', () => {
    const same = planOf(JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(linkedPlan).reverse()))))
    expect(planHash(nodePrimitives, same)).toBe(planHash(nodePrimitives, plan))
    expect(diffPlans(plan, same)).toEqual([])
    const edits = [
      ['/elements/0/weight', 0.2],
      ['/elements/1/hierarchy', { kind: 'suppression' }],
      ['/treatment/models/0/k', 11],
      ['/cohort', undefined],
      ['/linkage/keep', 'linked'],
      ['/sources/1/where', { column: 'nights', is: 'gt', value: 1 }],
      [
        '/linkage/method/passes',
        [
          ['nhs', 'born'],
          ['family', 'given', 'born'],
        ],
      ],
      ['/output/title', 'Another'],
      ['/elements', linkedPlan.elements.toReversed()],
    ] as const
    fc.assert(
      fc.property(fc.subarray(edits as unknown as [string, unknown][]), (made) => {
        const other = planOf(made.reduce((json, [at, value]) => changed(json, at, value) as object, linkedPlan as object))
        expect(diffPlans(plan, other).length === 0).toBe(planHash(nodePrimitives, other) === planHash(nodePrimitives, plan))
      }),
    )
  })

  it('say in words and by pointer what is otherwise', () => {
    const other = planOf(
      changed(changed(linkedPlan, '/elements/0/weight', 0.2), '/elements/1', { name: 'smoker', source: 'gp', column: 'smoker', role: 'sensitive' }),
    )
    expect(diffPlans(plan, other).map(({ pointer, kind, words }) => [pointer, kind, words])).toEqual([
      ['/elements/0/weight', 'changed', 'weight of the element age: 1 became 0.2'],
      ['/elements/1', 'added', expect.stringMatching(/^the element smoker added: /)],
      ['/elements/1', 'removed', expect.stringMatching(/^the element town taken out: /)],
    ])
    expect(diffPlans(plan, planOf(changed(linkedPlan, '/elements', linkedPlan.elements.toReversed())))).toMatchObject([
      { pointer: '/elements', words: expect.stringMatching(/another order/) },
    ])
  })
})

describe('what a plan comes to', () => {
  it('is a treatment that the privacy engine takes, with roles and weights from the elements', () => {
    const treatment = treatmentPlanOf(plan)
    expect(treatment).toMatchObject({
      columns: { age: { role: 'quasi', weight: 1 }, nights: { role: 'insensitive' } },
      models: [{ model: 'k_anonymity', k: 3 }],
    })
    expect(parseTreatment(treatment).ok).toBe(true)
  })

  it('is a picture in which every path runs from a source to what is given out', () => {
    const { nodes, edges } = pictureOf(plan)
    expect(nodes.map(({ id }) => id)).toEqual([
      'source:gp',
      'exclude:gp',
      'prepare:gp',
      'tokenise:gp',
      'source:ward',
      'exclude:ward',
      'tokenise:ward',
      'link',
      'select',
      'treat',
      'output',
    ])
    const ends = nodes.filter(({ id }) => !edges.some(({ from }) => from === id))
    expect(ends.map(({ kind }) => kind)).toEqual(['output'])
    expect(nodes.filter(({ id }) => !edges.some(({ to }) => to === id)).map(({ kind }) => kind)).toEqual(['source', 'source'])
  })

  it('is described by the JSON schema that is committed', () => {
    const file = new URL('./query-plan.schema.json', import.meta.url)
    const text = JSON.stringify(planJsonSchema(), null, 2)
    if (process.env.UPDATE !== undefined) writeFileSync(file, text)
    expect(JSON.parse(readFileSync(file, 'utf8')), 'run UPDATE=1 npx vitest run libs/query/plan/plan.test.ts').toEqual(JSON.parse(text))
  })
})
