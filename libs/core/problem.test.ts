import { describe, expect, it } from 'vitest'
import { defineProblems, Problem } from './problem.ts'

const problems = defineProblems('release', { token_refused: { status: 403, title: 'Token refused', mend: 'Ask for a new release.' } })

describe('problems', () => {
  it('have a type made of module and name', () => {
    expect(problems.token_refused).toEqual({ type: '/problems/release/token-refused', status: 403, title: 'Token refused', mend: 'Ask for a new release.' })
  })
  it('leave out of the document what they do not have', () => {
    expect(new Problem(problems.token_refused).document()).toEqual({
      type: '/problems/release/token-refused',
      title: 'Token refused',
      status: 403,
      mend: 'Ask for a new release.',
    })
  })
  it('carry detail, places and extensions to the door, and the cause no further', () => {
    const cause = new Error('inner')
    const problem = new Problem(problems.token_refused, 'It was redeemed.', {
      errors: [{ pointer: '/token', detail: 'used' }],
      extensions: { retry: false },
      cause,
    })
    expect(problem.cause).toBe(cause)
    expect(problem.message).toBe('/problems/release/token-refused: It was redeemed.')
    expect(problem.document('/releases/1')).toEqual({
      type: '/problems/release/token-refused',
      title: 'Token refused',
      status: 403,
      detail: 'It was redeemed.',
      mend: 'Ask for a new release.',
      instance: '/releases/1',
      errors: [{ pointer: '/token', detail: 'used' }],
      retry: false,
    })
  })
})
