import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestNode, testNode } from '../door/testing/node.ts'
import { type Call, type Permissions, permissionSeconds, permissionsOf } from './permission.ts'

let node: TestNode
let permissions: Permissions
let signed: Call & { readonly permission: string }
beforeAll(async () => {
  node = await testNode({ modules: [] })
  permissions = permissionsOf(node.door.node)
  signed = await permissions.sign('letters', call())
})
afterAll(() => node.close())

const call = (): Call => ({
  tenant: node.tenant,
  note: 'n1',
  absent: undefined,
  behalf: { principal: { kind: 'user', id: '01980000-0000-7000-8000-0000000000aa' }, revision: 7 },
})

describe('a permission between roles', () => {
  it('holds for the call that was signed, however its members are ordered', async () => {
    expect(await permissions.holds('letters', signed)).toBe(true)
    expect(await permissions.holds('letters', Object.fromEntries(Object.entries(signed).toReversed()) as typeof signed)).toBe(true)
  })

  it.each<[string, (call: typeof signed) => object]>([
    ['another input', (sound) => ({ ...sound, note: 'n2' })],
    ['more input', (sound) => ({ ...sound, more: true })],
    ['another institution', (sound) => ({ ...sound, tenant: '01980000-0000-7000-8000-0000000000fe' })],
    ['no institution', ({ tenant: _, ...rest }) => rest],
    ['somebody else’s place', (sound) => ({ ...sound, behalf: { ...sound.behalf, principal: { kind: 'user', id: '01980000-0000-7000-8000-0000000000bb' } } })],
    ['the place of the node itself', ({ behalf: _, ...rest }) => rest],
    ['another revision', (sound) => ({ ...sound, behalf: { ...sound.behalf, revision: 8 } })],
    ['no permission', ({ permission: _, ...rest }) => rest],
    ['a permission that is no text', (sound) => ({ ...sound, permission: 1 })],
    ['a cut signature', (sound) => ({ ...sound, permission: sound.permission.slice(0, -2) })],
  ])('does not hold for %s', async (_what, change) => {
    expect(await permissions.holds('letters', change(signed) as typeof signed)).toBe(false)
  })

  it('does not hold for another role, nor after its time', async () => {
    expect(await permissions.holds('erasures', signed)).toBe(false)
    node.clock.advance((permissionSeconds + 1) * 1_000)
    expect(await permissions.holds('letters', signed)).toBe(false)
  })

  it('does not hold when it was signed with another key, or with none', async () => {
    const fresh = await permissions.sign('letters', call())
    const [head = '', claims = ''] = fresh.permission.split('.')
    const payload = JSON.parse(Buffer.from(claims, 'base64url').toString())
    const header = JSON.parse(Buffer.from(head, 'base64url').toString())
    const elsewhere = await new SignJWT(payload).setProtectedHeader(header).sign(new Uint8Array(32).fill(9))
    const none = `${Buffer.from(JSON.stringify({ ...header, alg: 'none' })).toString('base64url')}.${claims}.`
    for (const permission of [elsewhere, none]) expect(await permissions.holds('letters', { ...fresh, permission })).toBe(false)
    expect(await permissions.holds('letters', fresh)).toBe(true)
  })
})
