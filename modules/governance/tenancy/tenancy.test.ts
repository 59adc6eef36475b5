import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultTenant, ensureTenant, listTenants, type Tenant, tenancyModule } from './index.ts'
import { readTenant } from './read.ts'
import { settingsDigest, updateTenant } from './update.ts'

let t: TestNode
let mine: Tenant
let theirs: Tenant
beforeAll(async () => {
  t = await testNode({ modules: [tenancyModule] })
  mine = await ensureTenant(t.door.node, defaultTenant.slug, defaultTenant.name)
  t.clock.advance(1)
  theirs = await ensureTenant(t.door.node, 'theirs', 'Their institution')
})
afterAll(() => t.close())

const admin = (tenant: Tenant) => t.principal({ tenant: tenant.id })
const update = (input: Parameters<typeof t.door.enter<(typeof updateTenant)['input'], (typeof updateTenant)['output']>>[1], tenant = mine) =>
  t.door.enter(updateTenant, input, admin(tenant))
const read = async (tenant = mine) => {
  const answer = await t.door.enter(readTenant, {}, admin(tenant))
  if (answer.outcome !== 'done') throw new Error('not read')
  return answer.output
}

describe('an institution', () => {
  it('is not found where the credential names one that is not there', async () => {
    expect(await t.door.enter(readTenant, {}, t.admin)).toMatchObject({ outcome: 'refused', problem: { kind: { status: 404 } } })
    expect(await t.door.enter(updateTenant, { name: 'Nobody' }, t.admin)).toMatchObject({ outcome: 'refused', problem: { kind: { status: 404 } } })
  })

  it('cannot be named by the input', async () => {
    await expect(t.door.enter(readTenant, { tenant: theirs.id } as never, admin(mine))).rejects.toMatchObject({ kind: { status: 400 } })
  })

  it('sees and changes only itself', async () => {
    expect((await read()).id).toBe(mine.id)
    const rows = await t.database.transaction(mine.id, (tx) => tx.query<{ slug: string }>('SELECT slug FROM tenancy.tenant'))
    expect(rows).toEqual([{ slug: 'default' }])
    const touched = await t.database.transaction(mine.id, (tx) => tx.change(`UPDATE tenancy.tenant SET name = 'Ours now' WHERE slug = 'theirs'`))
    expect(touched).toBe(0)
    await expect(t.database.transaction(mine.id, (tx) => listTenants(tx))).rejects.toThrow('scope of the node')
  })

  it.each([
    ['nothing to change', {}],
    ['an empty name', { name: ' ' }],
    ['a name of two lines', { name: 'a\nb' }],
    ['a time zone that is none', { settings: { timezone: 'Mars/Olympus' } }],
    ['an offset for a time zone', { settings: { timezone: '+02:00' } }],
    ['a working day that ends before it begins', { settings: { working_hours: { days: ['mon'], from: '18:00', until: '08:00' } } }],
    ['working hours without a day', { settings: { working_hours: { days: [], from: '08:00', until: '18:00' } } }],
    ['an unknown setting', { settings: { colour: 'blue' } }],
  ])('refuses %s', async (_, input) => {
    await expect(update(input as never)).rejects.toMatchObject({ kind: { type: '/problems/door/input-invalid' } })
  })

  it('refuses a change made for an older revision', async () => {
    const { revision } = await read()
    await update({ name: 'First writer', if_revision: revision })
    expect(await update({ name: 'Second writer', if_revision: revision })).toMatchObject({
      outcome: 'refused',
      problem: { kind: { type: '/problems/door/conflict' } },
    })
    expect(await read()).toMatchObject({ name: 'First writer', revision: revision + 1 })
  })

  it('lets one of two through that change the same revision at once', async () => {
    const { revision } = await read()
    const answers = await Promise.all(['Left', 'Right'].map((name) => update({ name, if_revision: revision })))
    expect(answers.map((answer) => answer.outcome).sort()).toEqual(['done', 'refused'])
  })

  it('keeps what a change does not mention', async () => {
    await update({ settings: { timezone: 'Europe/Vienna' } })
    await update({ settings: { working_hours: { days: ['sun'], from: '09:00', until: '17:30' } } })
    await update({ name: 'Renamed', settings: {} })
    expect(await read()).toMatchObject({
      name: 'Renamed',
      settings: { timezone: 'Europe/Vienna', working_hours: { days: ['sun'], from: '09:00', until: '17:30' } },
    })
    expect((await read(theirs)).settings).toEqual({
      timezone: 'UTC',
      working_hours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', until: '18:00' },
      second_factor: 'staff',
      mailed_code: false,
      texted_code: false,
      boundaries: { portal: null, api: null, exchange: null },
    })
  })

  it('tells the ledger that it was changed, and not its name', () => {
    expect(t.entries.at(-1)).toMatchObject({ type: 'tenancy.update', facts: { object: { kind: 'tenant', id: mine.id }, details: { renamed: true } } })
    expect(JSON.stringify(t.entries)).not.toContain('Renamed')
  })

  it('tells the ledger the digests before and after, which whoever kept the settings can make again', async () => {
    const before = await read()
    await update({ settings: { second_factor: 'everybody' } })
    const after = await read()
    const digest = (tenant: Tenant) => settingsDigest(t.door.node.keys.primitives, tenant)
    expect(digest(before)).not.toBe(digest(after))
    expect(t.entries.at(-1)?.facts.details).toMatchObject({ settings: ['second_factor'], before: digest(before), after: digest(after) })
  })
})

describe('starting a node', () => {
  it('refuses an institution without a usable slug', async () => {
    await expect(ensureTenant(t.door.node, 'Not a slug', 'Name')).rejects.toThrow('lower-case')
  })

  it('makes one institution, however many processes start', async () => {
    const made = await Promise.all([1, 2, 3, 4].map((i) => ensureTenant(t.door.node, 'together', `Process ${i}`)))
    expect(new Set(made.map((tenant) => tenant.id)).size).toBe(1)
    expect((await ensureTenant(t.door.node, 'together', 'Later')).name).toBe(made[0]?.name)
  })

  it('lists all of them in the scope of the node', async () => {
    const all = await t.database.transaction('node', (tx) => listTenants(tx))
    expect(all.map((tenant) => tenant.slug)).toEqual(expect.arrayContaining(['default', 'theirs', 'together']))
    expect(all[0]?.id).toBe(mine.id)
  })
})
