import { expect, it } from 'vitest'
import { dcqlQuery, presentationOf } from './dcql.ts'

it.each([
  '',
  'x',
  '[]',
  '{}',
  'null',
  '"a~b"',
  '{"credential":"a~b"}',
  '{"credential":[]}',
  '{"credential":[1]}',
  '{"credential":["a","b"]}',
  '{"other":["a"]}',
  '{"credential":["a"],"other":["b"]}',
])('an answer is not %s', (text) => expect(presentationOf(text)).toBeUndefined())

it('an answer holds one presentation under the name of the question', () => {
  const { credentials } = dcqlQuery('https://hospital.example.org/age', ['age_over_18'])
  expect(credentials).toEqual([
    { id: 'credential', format: 'dc+sd-jwt', meta: { vct_values: ['https://hospital.example.org/age'] }, claims: [{ path: ['age_over_18'] }] },
  ])
  expect(presentationOf(JSON.stringify({ [credentials[0]?.id ?? '']: ['a~b'] }))).toBe('a~b')
})
