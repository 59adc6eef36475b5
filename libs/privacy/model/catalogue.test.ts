import { describe, expect, it } from 'vitest'
import { describeModels, modelKinds, modelSpecSchema, parseModel, parseModels } from './catalogue.ts'
import { ModelError } from './model.ts'

describe('models in plans', () => {
  it.each([
    ['/models: give a list', {}],
    ['/models: give a list', []],
    ['/models/0: a model is an object', [5]],
    ['/models/0/model: name the model', [{ k: 5 }]],
    ['/models/0/model: no model is called "k-anonymity"; use one of k_anonymity', [{ model: 'k-anonymity', k: 5 }]],
    [
      '/models/1/kk: k_anonymity has no member "kk"; it takes k',
      [
        { model: 'k_map', k: 5 },
        { model: 'k_anonymity', k: 5, kk: 6 },
      ],
    ],
    ['/models/0/k', [{ model: 'k_anonymity' }]],
    ['/models/0/k', [{ model: 'k_anonymity', k: '5' }]],
    ['/models/0/distance', [{ model: 't_closeness', attribute: 'x', t: 0.2, distance: 'euclid' }]],
    ['/models/0: distinct l-diversity: l is a whole number of at least 2', [{ model: 'distinct_l_diversity', attribute: 'x', l: 1 }]],
    ['/models/0: delta-presence', [{ model: 'delta_presence', min: 0.5, max: 0.1 }]],
    ['/models/0: differential privacy by sampling: epsilon', [{ model: 'safe_pub', epsilon: 0, delta: 1e-6 }]],
  ])('%s', (words, json) => {
    expect(() => parseModels(json, '/models')).toThrow(ModelError)
    expect(() => parseModels(json, '/models')).toThrow(words)
  })

  it('every kind has an example that can be read, and no example holds a member that is not described', () => {
    const described = describeModels()
    expect(described.map(({ model }) => model)).toEqual(modelKinds)
    for (const { model, members, example } of described) {
      expect(modelSpecSchema.parse(JSON.parse(JSON.stringify(example)))).toEqual(example)
      expect(parseModel(example).name).not.toBe('')
      const known = members.map(({ name }) => name)
      for (const member of Object.keys(example)) if (member !== 'model') expect(known).toContain(member)
      for (const { name, optional } of members) if (!optional) expect(Object.keys(example), `${model} needs ${name}`).toContain(name)
    }
  })

  it('the schema knows every kind', () => {
    for (const model of modelKinds) expect(modelSpecSchema.safeParse({ model }).error?.issues.map((issue) => issue.code)).not.toContain('invalid_union')
  })

  it('names tell one parameter from another', () => {
    const names = parseModels([
      { model: 'k_anonymity', k: 5 },
      { model: 't_closeness', attribute: 'illness', t: 0.2, distance: 'ordered', order: ['low', 'high'] },
      { model: 'population_uniqueness', threshold: 0.01, population_size: 1_000 },
    ]).map((model) => model.name)
    expect(names).toEqual(['5-anonymity', 'ordered 0.2-closeness of illness in the order low, high', 'population uniqueness of 0.01 among 1000 (dankar)'])
  })
})
