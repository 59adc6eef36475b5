import type { Id } from '@gatehouse/core/id'
import type { Principal } from '@gatehouse/runtime/base/context'
import { type Action, actions } from '@gatehouse/runtime/door/operation'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessModule, authorize } from './index.ts'
import { type KeyScope, reaches, reachesNoFurther } from './key-scope.ts'
import { resourceTypes } from './resource-types.ts'

const projects = ['01980000-0000-7000-8000-0000000000b1', '01980000-0000-7000-8000-0000000000b2'] as const
const anyPlace = fc.option(fc.record({ kind: fc.constantFrom('product', 'project'), id: fc.constantFrom(...projects) }), { nil: undefined })
const fewTypes = fc.constantFrom('policy', 'partner', 'release')
const anyScope: fc.Arbitrary<KeyScope> = fc
  .record({ area: fewTypes, level: fc.constantFrom('read', 'write'), scope: anyPlace })
  .map(({ scope, ...rest }) => (scope === undefined ? rest : { ...rest, scope }) as KeyScope)
const anyScopes = fc.option(fc.array(anyScope, { minLength: 1, maxLength: 4 }), { nil: undefined })
const asked = fc.record({ action: fc.constantFrom<Action>(...actions), type: fewTypes, scope: anyPlace })
const resource = ({ type, scope }: { type: string; scope: KeyScope['scope'] | undefined }) => (scope === undefined ? { type } : { type, scope })

describe('the scopes of a key', () => {
  it('reach nothing that no scope names, and nothing outside a product or project that is named', () => {
    const scope = { kind: 'project', id: projects[0] } as const
    const scopes: KeyScope[] = [{ area: 'policy', level: 'read', scope }]
    expect(reaches(scopes, 'read', { type: 'policy', scope })).toBe(true)
    expect(reaches(scopes, 'update', { type: 'policy', scope })).toBe(false)
    expect(reaches(scopes, 'export', { type: 'policy', scope })).toBe(false)
    expect(reaches(scopes, 'read', { type: 'policy' })).toBe(false)
    expect(reaches(scopes, 'read', { type: 'policy', scope: { ...scope, id: projects[1] } })).toBe(false)
    expect(reaches(scopes, 'read', { type: 'policy', scope: { ...scope, kind: 'product' } })).toBe(false)
    expect(reaches([], 'read', { type: 'policy' })).toBe(false)
  })

  it('handed on reach nothing that those of the giver do not', () => {
    fc.assert(
      fc.property(anyScopes, anyScopes, asked, (inner, outer, { action, ...on }) => {
        fc.pre(reachesNoFurther(inner, outer) && reaches(inner, action, resource(on)))
        expect(reaches(outer, action, resource(on))).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('whoever comes with a scoped key', () => {
  const tenant = '01980000-0000-7000-8000-000000000001' as Id<'tenant'>
  const administrator: Principal = { kind: 'user', id: 'user-1', tenant, roles: ['administrator', 'officer'] }
  let node: TestNode
  beforeAll(async () => {
    node = await testNode({ modules: [accessModule] })
  })
  afterAll(() => node.close())

  it('may what both the owner and the scopes allow, and nothing else', async () => {
    const scopes: KeyScope[] = [
      { area: 'policy', level: 'write' },
      { area: 'user', level: 'read' },
      { area: 'node_key', level: 'write' },
    ]
    for (const type of resourceTypes) {
      for (const action of actions) {
        const without = await authorize(administrator, action, { type }, node.door.node)
        const within = type === 'policy' || (type === 'user' && action === 'read') || type === 'node_key'
        expect([type, action, await authorize({ ...administrator, scopes }, action, { type }, node.door.node)]).toEqual([type, action, within && without])
      }
    }
  })
})
