import { describe, expect, it } from 'vitest'
import { stateMachine } from './state-machine.ts'

type State = 'draft' | 'active' | 'ended'
const life = stateMachine<State, 'approve' | 'end'>('policy', 'draft', [
  { from: 'draft', on: 'approve', to: 'active' },
  { from: 'draft', on: 'end', to: 'ended' },
  { from: 'active', on: 'end', to: 'ended' },
])

describe('a state machine', () => {
  it('is refused when one event leads two ways', () => {
    const step = { from: 'a', on: 'go', to: 'b' } as const
    expect(() => stateMachine<'a' | 'b', 'go'>('x', 'a', [step, { ...step, to: 'a' }])).toThrow('state machine x: two steps from a on go')
  })
  it('has no step that the table has not', () => {
    expect(life.next('ended', 'approve')).toBeUndefined()
    expect(life.can('active', 'approve')).toBe(false)
  })
  it('takes the steps of the table and knows its ends', () => {
    expect(life.next('draft', 'approve')).toBe('active')
    expect(life.can('active', 'end')).toBe(true)
    expect((['draft', 'active', 'ended'] as const).filter(life.isFinal)).toEqual(['ended'])
  })
  it('draws itself', () => {
    expect(life.diagram()).toBe('stateDiagram-v2\n  [*] --> draft\n  draft --> active: approve\n  draft --> ended: end\n  active --> ended: end')
  })
})
