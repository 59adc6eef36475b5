import { describe, expect, it } from 'vitest'
import type { Session } from '../../../api.ts'
import { isMyTurn } from './turn.ts'

const session = (id: string | undefined, may: ('publish' | 'read')[]): Session => ({
  kind: 'staff',
  partner: null,
  roles: [],
  rights: [{ on: 'policy', may }],
  user: id === undefined ? null : { id, kind: 'staff', name: 'Olive', email: 'o@example.org', roles: [], partner: null, status: 'active', created_at: '' },
  awaits: null,
  factors: [],
  mailed_code: false,
  texted_code: null,
})
const asked = { operation: 'policies.publish', voters: ['ada'] }

describe('an approval', () => {
  it('does not wait for whoever asked, may not do it, or is no person', () => {
    expect(isMyTurn(asked, session('ada', ['publish']))).toBe(false)
    expect(isMyTurn(asked, session('ben', ['read']))).toBe(false)
    expect(isMyTurn(asked, session(undefined, ['publish']))).toBe(false)
    expect(isMyTurn({ ...asked, operation: 'moon.land' }, session('ben', ['publish']))).toBe(false)
  })

  it('waits for everybody else who may', () => {
    expect(isMyTurn(asked, session('ben', ['publish']))).toBe(true)
  })
})
