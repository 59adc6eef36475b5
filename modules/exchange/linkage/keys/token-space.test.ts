/** Token spaces of projects, on PostgreSQL: attacks first. */
import type { Id } from '@gatehouse/core/id'
import { acceptToken, isTokenOf, parseFitToken, tokenMaker } from '@gatehouse/linkage/token/fit-token'
import { commonSchemes } from '@gatehouse/linkage/token/scheme'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProject } from '../../../governance/projects/create.ts'
import { beginProject, endProject, suspendProject } from '../../../governance/projects/life.ts'
import { addMember } from '../../../governance/projects/members.ts'
import { dayMs, type ProjectsNode, projectsNode } from '../../../governance/projects/testing/projects.ts'
import { linkageModule } from '../index.ts'
import { linkageProblems } from '../problems.ts'
import { listKeys } from './list.ts'
import { retireKey } from './retire.ts'
import { rotateKey } from './rotate.ts'
import type { TokenKey } from './schema.ts'
import { everyKeyOf, readingKeysOf, tokenKeyOf } from './token-space.ts'

let n: ProjectsNode
let officer: Principal
beforeAll(async () => {
  n = await projectsNode([linkageModule])
  officer = n.t.principal({ roles: ['administrator', 'officer'] })
})
afterAll(() => n.t.close())

type Project = Id<'project'>
const done = <T>(operation: AnyOperation, input: object, by = officer) => n.done<T>(operation, input, by)
const refused = (operation: AnyOperation, input: object, by = officer) => n.refused(operation, input, by)
const begun = async () => (await done<{ id: Project }>(beginProject, { project: (await done<{ id: string }>(createProject, n.terms())).id })).id
const now = () => n.inDays(0) as never
const within = <T>(act: (tx: never) => Promise<T>, tenant = n.t.tenant) => n.t.database.transaction(tenant, (tx) => act(tx as never))
const making = (project: Project) => within((tx) => tokenKeyOf(tx, n.t.door.node, n.t.tenant, project, now()))
const reading = (project: Project) => within((tx) => readingKeysOf(tx, n.t.door.node, n.t.tenant, project, now()))
const keys = async (project: Project) => (await done<{ data: TokenKey[] }>(listKeys, { project })).data
const later = (days: number) => n.t.clock.advance(days * dayMs)

const scheme = commonSchemes.nhsNumber()
const ada = { nhs_number: '943 476 5919' }
async function tokenIn(project: Project): Promise<string> {
  const [made] = tokenMaker(n.t.door.node.keys.primitives, await making(project), [scheme])(ada)
  if (made === undefined || !('token' in made)) throw new Error('no token')
  return made.token
}
const faultOf = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'nothing was thrown'
}

describe('tokens of two projects', () => {
  it('never join: not as they are, not by their macs, and not renamed from one space into the other', async () => {
    const [one, other] = [await begun(), await begun()]
    const [left, right] = [await tokenIn(one), await tokenIn(other)]
    expect(parseFitToken(left).mac).not.toEqual(parseFitToken(right).mac)
    const keysOfOther = await reading(other)
    expect(faultOf(() => acceptToken(left, other, keysOfOther, now()))).toBe('other_audience')
    const renamed = left.replace(one, other)
    expect(renamed).not.toBe(right)
    // It looks like one of the space, is nobody's, and joins with nothing.
    expect(isTokenOf(n.t.door.node.keys.primitives, await making(other), scheme, ada, renamed)).toBe(false)
    expect(isTokenOf(n.t.door.node.keys.primitives, await making(one), scheme, ada, left)).toBe(true)
  })

  it('never join across institutions, even for a project of the same id', async () => {
    const project = await begun()
    const elsewhere = '01980000-0000-7000-8000-000000000002' as Id<'tenant'>
    const secrets = await Promise.all([n.t.tenant, elsewhere].map((tenant) => n.t.door.node.keys.secret(tenant, 'linkage/master')))
    expect(secrets[0]).not.toEqual(secrets[1])
    // The project of another institution is not seen, so there is no key to be had in its name.
    await expect(within((tx) => tokenKeyOf(tx, n.t.door.node, elsewhere, project, now()), elsewhere)).rejects.toMatchObject({ code: 'no_key' })
  })
})

describe('a key', () => {
  it('is in no table: whoever has the rows has no bytes of one', async () => {
    const project = await begun()
    const { key } = await making(project)
    const rows = JSON.stringify(await within((tx: { query(text: string): Promise<unknown[]> }) => tx.query('SELECT * FROM linkage.key') as never))
    for (const encoding of ['hex', 'base64', 'base64url'] as const) expect(rows).not.toContain(Buffer.from(key).toString(encoding))
  })

  it('is not to be had where the project is suspended, over or not there', async () => {
    const [suspended, ended] = [await begun(), await begun()]
    await making(suspended)
    await done(suspendProject, { project: suspended })
    await done(endProject, { project: ended })
    for (const project of [suspended, ended, '01980000-0000-7000-8000-0000000000ff' as Project]) {
      await expect(making(project)).rejects.toMatchObject({ code: 'no_key' })
      expect(await reading(project)).toEqual([])
      expect(await refused(rotateKey, { project })).toBe(linkageProblems.project_closed)
    }
  })

  it('is one, however many ask for the first at the same moment', async () => {
    const project = await begun()
    const made = await Promise.all([1, 2, 3].map(() => making(project)))
    expect(new Set(made.map(({ key }) => Buffer.from(key).toString('hex'))).size).toBe(1)
    expect(await keys(project)).toMatchObject([{ key_id: 'k1', state: 'makes', made_by: 'system', not_after: null }])
  })
})

describe('rotation', () => {
  it('overlaps: both keys read, the newer makes, and after the overlap the older joins with nothing', async () => {
    const project = await begun()
    const before = await tokenIn(project)
    later(1)
    const { key_id } = await done<TokenKey>(rotateKey, { project, overlap_days: 2 })
    const after = await tokenIn(project)
    expect([key_id, parseFitToken(before).keyId, parseFitToken(after).keyId]).toEqual(['k2', 'k1', 'k2'])
    expect(parseFitToken(after).mac).not.toEqual(parseFitToken(before).mac)
    const during = await reading(project)
    for (const token of [before, after]) expect(acceptToken(token, project, during, now()).scheme).toBe(scheme.id)
    later(2)
    const rest = await reading(project)
    expect(faultOf(() => acceptToken(before, project, rest, now()))).toBe('unknown_key')
    expect((await keys(project)).map(({ key_id, state }) => `${key_id} ${state}`)).toEqual(['k2 makes', 'k1 ended'])
    // Whoever re-identifies a result of that time still can.
    const old = (await within((tx) => everyKeyOf(tx, n.t.door.node, n.t.tenant, project))).get('k1')
    expect(old !== undefined && isTokenOf(n.t.door.node.keys.primitives, old, scheme, ada, before)).toBe(true)
  })

  it('is shortened by retiring the earlier key; the one that makes tokens is not retired, and none twice', async () => {
    const project = await begun()
    await making(project)
    later(1)
    await done(rotateKey, { project })
    const [newest, earlier] = await keys(project)
    expect(await refused(retireKey, { project, key: newest?.id })).toBe(linkageProblems.key_makes)
    expect(await done<TokenKey>(retireKey, { project, key: earlier?.id })).toMatchObject({ key_id: 'k1', state: 'ended', ended_by: officer.id })
    expect((await reading(project)).map(({ keyId }) => keyId)).toEqual(['k2'])
    expect(await refused(retireKey, { project, key: earlier?.id })).toBe(linkageProblems.key_ended)
    expect(await refused(retireKey, { project: await begun(), key: earlier?.id })).toBe(doorProblems.not_found)
    expect(n.t.entries.filter(({ type }) => type === 'linkage.retire_key').map(({ facts }) => facts)).toContainEqual(
      expect.objectContaining({ object: { kind: 'project', id: project }, details: { key: earlier?.id, key_id: 'k1' } }),
    )
  })

  it('is done twice at one moment only once', async () => {
    const project = await begun()
    await done(rotateKey, { project })
    expect(await refused(rotateKey, { project })).toBe(linkageProblems.rotated_meanwhile)
  })

  it('is for those who lead the project, and seen by its analysts; a stranger does neither', async () => {
    const project = await begun()
    const [lead, analyst, stranger] = [await n.staff(), await n.staff(), await n.staff(['researcher'])]
    for (const [who, role] of [
      [lead, 'project_lead'],
      [analyst, 'project_analyst'],
    ] as const)
      await done(addMember, { project, kind: 'user', holder: who.id, role })
    expect((await done<{ data: unknown[] }>(listKeys, { project }, analyst)).data).toEqual([])
    expect(await refused(rotateKey, { project }, analyst)).toBe(doorProblems.not_allowed)
    expect(await refused(listKeys, { project }, stranger)).toBe(doorProblems.not_allowed)
    expect(await done<TokenKey>(rotateKey, { project }, lead)).toMatchObject({ key_id: 'k1', state: 'makes' })
  })
})
