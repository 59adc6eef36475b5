import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { idBytes } from '@gatehouse/core/id'
import { utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { maskRecord } from '@gatehouse/privacy/mask/apply'
import { parseMask } from '@gatehouse/privacy/mask/spec'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPartner, partnersModule } from '../partners/index.ts'
import { addPurpose } from './add-purpose.ts'
import { createPolicy } from './create.ts'
import { policiesModule } from './index.ts'
import { previewPolicy } from './preview.ts'
import type { Shown } from './preview-schema.ts'
import { document, withRule } from './testing/documents.ts'

const sample = [{ full_name: 'Ada Example', national_id: 'AB-12345678', badge: 'B-77', born: '1990-05-06', shoe_size: 38 }]
const purpose = 'dpv:ServiceProvision'
let t: TestNode
beforeAll(async () => {
  t = await testNode({ modules: [partnersModule, policiesModule] })
  const register = partnersModule.operations.find(({ name }) => name === 'partners.create')
  if (register === undefined) throw new Error('partners.create is gone')
  await t.door.enter(register, { reference: 'harbour-bank', name: 'Harbour Bank' }, t.admin)
})
afterAll(() => t.close())

const show = async (input: Record<string, unknown>): Promise<Shown> => {
  const answer = await t.door.enter(previewPolicy, { purpose, sample, ...input } as never, t.admin)
  if (answer.outcome !== 'done') throw new Error(JSON.stringify(answer))
  return answer.output
}
const field = (shown: Shown, name: string) => shown.records[0]?.find((one) => one.field === name)

describe('a preview', () => {
  it('refuses both a document and a policy, neither, and an unknown policy', async () => {
    const bad = (input: Record<string, unknown>) => t.door.enter(previewPolicy, { purpose, sample, ...input } as never, t.admin)
    await expect(bad({})).rejects.toMatchObject({ kind: { status: 400 } })
    await expect(bad({ document: document('p'), policy: 'p', version: 1 })).rejects.toMatchObject({ kind: { status: 400 } })
    await expect(bad({ document: document('p'), sample: Array.from({ length: 21 }, () => ({})) })).rejects.toMatchObject({ kind: { status: 400 } })
    expect(await bad({ policy: 'unknown', version: 1 })).toMatchObject({ outcome: 'refused' })
  })

  it('gives nothing where the policy refuses, and says why', async () => {
    const shown = await show({ document: document('p'), purpose: 'dpv:Marketing' })
    expect(shown.outcome).toBe('deny')
    expect(shown.explained.join(' ')).toContain('purpose is not among the permitted ones')
    expect(shown.records[0]?.some((one) => 'after' in one || 'mask' in one)).toBe(false)
  })

  it('leaves out what no rule speaks of and what the rule drops, and tells the two apart', async () => {
    const shown = await show({ document: withRule('p', { fields: { full_name: { mask: 'keep' }, badge: { mask: 'drop' } } }) })
    expect(field(shown, 'shoe_size')).toMatchObject({ before: 38, dropped: { code: 'no_field_rule' } })
    expect(field(shown, 'badge')).toMatchObject({ dropped: { code: 'dropped_by_rule' } })
    expect(field(shown, 'badge')).not.toHaveProperty('after')
  })

  it('shows to the letter what a release gives the partner', async () => {
    const masks = {
      full_name: { mask: 'partial', keep_first: 1 },
      national_id: { mask: 'hash' },
      badge: { mask: 'token' },
      shoe_size: { mask: 'number_bucket', edges: [30, 40] },
    }
    const shown = await show({ document: withRule('p', { fields: masks }) })
    const partner = await t.database.transaction(t.tenant, (tx) => findPartner(tx, 'harbour-bank'))
    const root = await t.door.node.keys.secret(t.tenant, 'release/masks')
    const specs = Object.fromEntries(
      Object.entries(masks).map(([name, mask]) => {
        const read = parseMask(mask)
        if (!read.ok) throw new Error(JSON.stringify(read.errors))
        return [name, read.spec]
      }),
    )
    const { record } = maskRecord(sample[0]!, specs, {
      primitives: nodePrimitives,
      partnerKey: nodePrimitives.hkdfSha256(root, idBytes(partner!.id), utf8('gatehouse/release/partner-masks/v1'), 32),
      subjectKey: new Uint8Array(32),
    })
    const given = shown.records[0]!.filter((one) => one.after !== undefined)
    expect(Object.fromEntries(given.map((one) => [one.field, one.after]))).toEqual(record)
    expect(given.map(({ exact }) => exact)).toEqual([true, true, true, true])
    expect(given.every(({ declares }) => typeof declares?.reversible === 'boolean')).toBe(true)
    expect(shown.assumed).toEqual(['No other policy is in force.'])
  })

  it('says where a value is not the one of a release', async () => {
    const fields = { badge: { mask: 'token' }, national_id: { mask: 'token', alphabet: 'digits' }, born: { mask: 'date_shift' }, full_name: { mask: 'keep' } }
    const unknown = await show({ document: withRule('p', { fields }, { assignee: '*' }) })
    expect(['badge', 'born', 'full_name'].map((name) => field(unknown, name)?.exact)).toEqual([false, false, true])
    expect(unknown.assumed.join(' ')).toContain('No registered partner')
    const small = await show({ document: withRule('p', { fields: { badge: { mask: 'token', alphabet: 'upper_alphanumeric' } } }) })
    expect(field(small, 'badge')).toMatchObject({ exact: false, after: expect.stringMatching(/^[0-9A-Z]-[0-9A-Z]{2}$/) })
    expect(field(await show({ document: withRule('p', { fields }), partner: 'harbour-bank' }), 'badge')?.exact).toBe(true)
  })

  it('says why a mask could not treat a value, and never passes it through', async () => {
    const shown = await show({ document: withRule('p', { fields: { full_name: { mask: 'date_shift' }, shoe_size: { mask: 'keep' } } }) })
    expect(field(shown, 'full_name')).toMatchObject({ after: null, note: expect.stringContaining('date') })
  })

  it('takes consent and counts as given, and says so', async () => {
    const constraint = [{ leftOperand: 'count', operator: 'lteq', rightOperand: 1, per: 'subject' }]
    const shown = await show({ document: withRule('p', { legal_basis: { basis: 'dpv:Consent' }, constraint }) })
    expect(shown).toMatchObject({ outcome: 'permit', assumed: expect.arrayContaining(['The person has consented.', 'Nothing has been released before.']) })
  })

  it('shows a saved version as it shows its document, and logs nothing of the sample', async () => {
    await t.door.enter(createPolicy, { document: document('kept') }, t.admin)
    expect(await show({ policy: 'kept', version: 1 })).toEqual(await show({ document: document('kept') }))
    expect(t.entries.at(-1)?.facts).toEqual({ decision: 'permit', details: { records: 1, policy_digest: expect.stringMatching(/^[0-9a-f]{64}$/) } })
    expect(JSON.stringify([t.entries, t.logLines])).not.toMatch(/Ada|12345678/)
  })
})

describe('the how-to page', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/how-to/write-a-policy.md'), 'utf8')
  const written = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? 'null')
  const rows = [...page.matchAll(/^\| `(\w+)` \| (.+?) \| (.+?) \|$/gm)]

  it('shows a document that is accepted, and what it gives', async () => {
    await t.door.enter(addPurpose, { slug: 'loan_application', parent: 'sector-finance:LoanServiceProvision' }, t.admin)
    const before = rows.map(([, name = '', value = '']) => [name, /^\d+$/.test(value) ? Number(value) : value] as const)
    const shown = await show({ document: written, purpose: 'loan_application', sample: [Object.fromEntries(before)] })
    expect(shown.outcome).toBe('permit')
    expect(shown.records[0]?.map(({ field: name, after, dropped }) => [name, dropped === undefined ? String(after) : `left out: ${dropped.text}`])).toEqual(
      rows.map(([, name, , after]) => [name, after]),
    )
    expect((await t.door.enter(createPolicy, { document: written }, t.admin)).outcome).toBe('done')
  })

  it('shows a document that forbids marketing', async () => {
    expect((await show({ document: written, purpose: 'dpv:DirectMarketing' })).explained.join(' ')).toContain('prohibition forbids it')
  })
})
