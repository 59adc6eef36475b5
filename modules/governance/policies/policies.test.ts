import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { cacheTtlMs } from '@gatehouse/runtime/base/cache'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partnersModule } from '../partners/index.ts'
import { addPurpose } from './add-purpose.ts'
import { compareVersions } from './compare.ts'
import { createPolicy } from './create.ts'
import { draftVersion } from './draft.ts'
import { exampleDocument } from './example.ts'
import { explainDocument } from './explain.ts'
import { fillTemplate } from './fill-template.ts'
import { currentPolicies, policiesModule, policyDocument, purposeTree } from './index.ts'
import { listPolicies } from './list.ts'
import { listPurposes } from './list-purposes.ts'
import { listTemplates } from './list-templates.ts'
import { listVocabulary } from './list-vocabulary.ts'
import { publishVersion } from './publish.ts'
import { readPolicy } from './read.ts'
import { readVersion } from './read-version.ts'
import { retirePolicy } from './retire.ts'
import type { VersionView } from './schema.ts'
import { document, withRule } from './testing/documents.ts'

const other = '01980000-0000-7000-8000-000000000002' as Id<'tenant'>
let t: TestNode
beforeAll(async () => {
  t = await testNode({ modules: [partnersModule, policiesModule] })
})
afterAll(() => t.close())

const node = () => t.door.node
const enter = (operation: AnyOperation, input: unknown, tenant = t.tenant) => t.door.enter(operation, input, t.principal({ tenant }))
// biome-ignore lint/suspicious/noExplicitAny: answers of every operation
const done = async (operation: AnyOperation, input: unknown, tenant = t.tenant): Promise<any> => {
  const answer = await enter(operation, input, tenant)
  if (answer.outcome !== 'done') throw new Error(`${operation.name}: ${JSON.stringify(answer)}`)
  return answer.output
}
const refused = async (operation: AnyOperation, input: unknown, tenant = t.tenant) => {
  const answer = await enter(operation, input, tenant)
  return answer.outcome === 'refused' ? answer.problem.document() : answer
}
const problemOf = async (operation: AnyOperation, input: unknown) => {
  const thrown = await enter(operation, input).catch((error: unknown) => error)
  if (!(thrown instanceof Problem)) throw new Error(`no problem: ${JSON.stringify(thrown)}`)
  return thrown.document()
}
const create = (uid: string, changes: Record<string, unknown> = {}, tenant = t.tenant): Promise<VersionView> =>
  done(createPolicy, { document: document(uid, changes) }, tenant)
const publish = (policy: string, version: number) => enter(publishVersion, { policy, version })
const inForce = (recipient: string, tenant = t.tenant) => t.database.transaction(tenant, (tx) => currentPolicies(node(), tx, recipient))
const uids = async (recipient: string, tenant = t.tenant) => (await inForce(recipient, tenant)).map(({ compiled }) => compiled.policy.uid)

describe('a document that cannot be evaluated', () => {
  it.each([
    [
      'an unknown operand',
      withRule('bad', { constraint: [{ leftOperand: 'mood', operator: 'eq', rightOperand: 'good' }] }),
      '/permission/0/constraint/0/leftOperand',
    ],
    [
      'an operator the operand does not take',
      withRule('bad', { constraint: [{ leftOperand: 'dateTime', operator: 'isA', rightOperand: '2026-01-01T00:00:00Z' }] }),
      '/permission/0/constraint/0/operator',
    ],
    ['an unknown purpose', withRule('bad', { purpose: ['world_domination'] }), '/permission/0/purpose/0'],
    ['an unknown mask', withRule('bad', { fields: { full_name: { mask: 'blur' } } }), '/permission/0/fields/full_name/mask'],
    ['a parameter the mask does not have', withRule('bad', { fields: { full_name: { mask: 'last_n', n: -1 } } }), '/permission/0/fields/full_name/n'],
    ['an unknown member', document('bad', { mood: 'good' }), ''],
    ['a uid like an id', document('a198c1de-7b3a-7c4d-8e5f-000000000001'), '/uid'],
    ['a uid with capitals', document('Bad'), '/uid'],
    ['a zero byte', document('bad', { title: 'a\0b' }), '/title'],
    ['half a character', withRule('bad', { title: 'a\ud800' }), '/permission/0/title'],
  ])('is refused with the place: %s', async (_, bad, pointer) => {
    const problem = await problemOf(createPolicy, { document: bad })
    expect(problem).toMatchObject({ type: '/problems/policies/document-invalid', status: 400 })
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer)
    expect(await refused(readPolicy, { policy: 'bad' })).toMatchObject({ status: 404 })
  })
})

describe('versions', () => {
  it('refuses a second policy of the same uid, but not in another institution', async () => {
    await create('twice')
    expect(await refused(createPolicy, { document: document('twice') })).toMatchObject({ type: '/problems/policies/uid-taken', status: 409 })
    await create('twice', {}, other)
  })

  it('refuses an edit of what somebody else has changed meanwhile', async () => {
    await create('stale')
    await done(draftVersion, { policy: 'stale', document: document('stale', { title: 'Second' }), if_version: 1 })
    expect(await refused(draftVersion, { policy: 'stale', document: document('stale', { title: 'Other' }), if_version: 1 })).toMatchObject({
      type: '/problems/policies/version-stale',
      newest_version: 2,
    })
  })

  it('numbers drafts saved at the same moment one after the other', async () => {
    await create('parallel')
    const answers = await Promise.all([1, 2, 3, 4].map((n) => done(draftVersion, { policy: 'parallel', document: document('parallel', { title: `T${n}` }) })))
    expect(answers.map(({ version }) => version).sort()).toEqual([2, 3, 4, 5])
  })

  it('refuses a document that bears the uid of another policy', async () => {
    await create('own-uid')
    expect(await problemOf(draftVersion, { policy: 'own-uid', document: document('other-uid') })).toMatchObject({ errors: [{ pointer: '/uid' }] })
  })

  it('keeps the document with every default written out, under the digest of its canonical JSON', async () => {
    const version = await create('explicit')
    expect(version.document).toMatchObject({ prohibition: [], permission: [{ fields: { badge: { mask: 'token', alphabet: 'any' } } }] })
    expect(version.digest).toBe(toHex(nodePrimitives.sha256(utf8(canonicalJson(version.document)))))
    const again = await done(readVersion, { policy: version.policy, version: '1' })
    expect(JSON.stringify(again.document)).toBe(JSON.stringify(version.document))
    expect(again).toEqual(version)
    expect(await t.database.transaction(t.tenant, (tx) => policyDocument(tx, version.policy, 1))).toEqual(version.document)
    expect(t.entries.at(-1)?.facts).toEqual({
      object: { kind: 'policy', id: version.policy },
      details: { policy_id: version.policy, policy_version: 1, policy_digest: version.digest },
    })
  })

  it('says what changed and what it means', async () => {
    await create('compared')
    await done(draftVersion, { policy: 'compared', document: withRule('compared', { fields: { full_name: { mask: 'drop' } } }) })
    const { changes } = await done(compareVersions, { policy: 'compared', from: '1', to: '2' })
    expect(changes).toContainEqual(expect.objectContaining({ kind: 'mask_changed', pointer: '/fields/full_name', effect: 'narrower' }))
    expect(await refused(compareVersions, { policy: 'compared', from: 1, to: 9 })).toMatchObject({ status: 404 })
  })
})

describe('publishing', () => {
  it('needs two different people who ask for the same', async () => {
    const asked = new Map<string, Set<string>>()
    const two = await testNode({
      modules: [partnersModule, policiesModule],
      plugs: {
        approve: async (ctx, { operation, requestDigest: digest, need }) => {
          const people = asked.get(`${operation} ${digest}`) ?? new Set()
          asked.set(`${operation} ${digest}`, people.add(ctx.principal.id))
          return people.size >= need ? undefined : { id: ctx.newId<'approval'>(), have: people.size, need }
        },
      },
    })
    try {
      const as = (id: string) => two.principal({ id })
      await two.door.enter(createPolicy, { document: document('guarded') }, as('anna'))
      await two.door.enter(draftVersion, { policy: 'guarded', document: document('guarded', { title: 'Second' }) }, as('anna'))
      const ask = async (id: string, version: number) => (await two.door.enter(publishVersion, { policy: 'guarded', version }, as(id))).outcome
      const given = () => two.database.transaction(two.tenant, (tx) => currentPolicies(two.door.node, tx, 'harbour-bank'))
      expect(await ask('anna', 2)).toBe('pending')
      expect(await ask('anna', 2)).toBe('pending')
      expect(await ask('bert', 1)).toBe('pending')
      expect(await given()).toEqual([])
      two.clock.advance(cacheTtlMs)
      expect(await ask('bert', 2)).toBe('done')
      expect((await given()).map(({ version }) => version)).toEqual([2])
    } finally {
      await two.close()
    }
  })

  it('refuses what is no draft: superseded, active, unknown, retired', async () => {
    await create('life')
    await done(draftVersion, { policy: 'life', document: document('life', { title: 'Second' }) })
    await publish('life', 2)
    for (const version of [1, 2]) expect(await refused(publishVersion, { policy: 'life', version })).toMatchObject({ type: '/problems/policies/not-a-draft' })
    expect(await refused(publishVersion, { policy: 'life', version: 3 })).toMatchObject({ status: 404 })
    await done(draftVersion, { policy: 'life', document: document('life', { title: 'Third' }) })
    await done(retirePolicy, { policy: 'life' })
    expect(await refused(publishVersion, { policy: 'life', version: 3 })).toMatchObject({ detail: 'version 3 is retired' })
    expect(await refused(draftVersion, { policy: 'life', document: document('life') })).toMatchObject({ type: '/problems/policies/retired' })
    expect(await refused(retirePolicy, { policy: 'life' })).toMatchObject({ type: '/problems/policies/retired' })
    const { versions } = await done(readPolicy, { policy: 'life' })
    expect(versions.map(({ state }: VersionView) => state)).toEqual(['retired', 'retired', 'superseded'])
  })

  it('puts exactly one version in force when several are published at the same moment', async () => {
    const { policy } = await create('race')
    for (const n of [2, 3, 4]) await done(draftVersion, { policy: 'race', document: document('race', { title: `T${n}` }) })
    const outcomes = await Promise.all([1, 2, 3, 4].map((version) => publish(policy, version)))
    expect(outcomes.some(({ outcome }) => outcome === 'done')).toBe(true)
    const { versions } = await done(readPolicy, { policy })
    expect(versions.filter(({ state }: VersionView) => state === 'active')).toHaveLength(1)
    expect(versions[0].state).toBe('active')
  })

  it('announces itself and describes itself to the ledger', async () => {
    const { policy, digest } = await create('told')
    await publish('told', 1)
    expect(t.entries.at(-1)).toMatchObject({ type: 'policies.publish', facts: { object: { kind: 'policy', id: policy }, details: { policy_digest: digest } } })
    const events = await t.database.transaction(t.tenant, (tx) =>
      tx.query<{ data: unknown }>('SELECT data FROM work.outbox WHERE tenant_id = $1 AND type = $2 AND subject = $3', [t.tenant, 'policies.published', policy]),
    )
    expect(events.map(({ data }) => data)).toEqual([{ policy, version: 1, policy_digest: digest }])
  })
})

describe('the policies in force', () => {
  it('are none of a draft, of another recipient, of another institution, or retired', async () => {
    await create('quiet', { assignee: 'quiet-bank' })
    expect(await uids('quiet-bank')).toEqual([])
    await publish('quiet', 1)
    expect(await uids('quiet-bank')).toEqual(['quiet'])
    expect(await uids('loud-bank')).not.toContain('quiet')
    expect(await uids('quiet-bank', other)).toEqual([])
    await done(retirePolicy, { policy: 'quiet' })
    expect(await uids('quiet-bank')).toEqual([])
  })

  it('put what names the recipient before what names everyone', async () => {
    await create('aa-for-all', { assignee: '*' })
    await create('zz-for-one', { assignee: 'ordered-bank' })
    await publish('aa-for-all', 1)
    await publish('zz-for-one', 1)
    expect((await uids('ordered-bank')).filter((uid) => uid.includes('-for-'))).toEqual(['zz-for-one', 'aa-for-all'])
    await done(retirePolicy, { policy: 'aa-for-all' })
    expect(await uids('ordered-bank')).toEqual(['zz-for-one'])
  })

  it('are seen to change by another process within a second', async () => {
    const { policy } = await create('elsewhere', { assignee: 'slow-bank' })
    await publish('elsewhere', 1)
    expect(await uids('slow-bank')).toEqual(['elsewhere'])
    // As another process would: past this one's memory.
    await t.database.transaction(t.tenant, (tx) =>
      tx.query(`UPDATE policies.version SET state = 'superseded' WHERE tenant_id = $1 AND policy_id = $2`, [t.tenant, policy]),
    )
    expect(await uids('slow-bank')).toEqual(['elsewhere'])
    t.clock.advance(cacheTtlMs)
    expect(await uids('slow-bank')).toEqual([])
  })

  it('refuse to work with a document that is not the published one', async () => {
    const { policy } = await create('forged', { assignee: 'forged-bank' })
    await publish('forged', 1)
    await t.database.transaction(t.tenant, (tx) =>
      tx.query(`UPDATE policies.version SET document = jsonb_set(document::jsonb, '{title}', '"Mine"')::json WHERE tenant_id = $1 AND policy_id = $2`, [
        t.tenant,
        policy,
      ]),
    )
    await expect(inForce('forged-bank')).rejects.toThrow('digest differs')
  })

  it('are closed to other institutions by the database itself', async () => {
    const hidden = await create('walled')
    const rows = await t.database.transaction(other, (tx) =>
      tx.query('SELECT 1 FROM policies.version WHERE policy_id = $1 UNION ALL SELECT 1 FROM policies.policy WHERE id = $1', [hidden.policy]),
    )
    expect(rows).toEqual([])
    const forged = t.database.transaction(other, (tx) =>
      tx.query('INSERT INTO policies.purpose (tenant_id, slug, parent, created_at) VALUES ($1, $2, $3, now())', [t.tenant, 'smuggled', 'dpv:Purpose']),
    )
    await expect(forged).rejects.toThrow('row-level security')
  })
})

describe('the list of policies', () => {
  it('filters by state, recipient, record type and purpose, and pages', async () => {
    const page = (query: Record<string, unknown>) => done(listPolicies, query, other)
    t.clock.advance(1)
    await create('list-one', { assignee: 'list-bank' }, other)
    t.clock.advance(1)
    await done(createPolicy, { document: withRule('list-two', { target: 'patient', purpose: ['dpv:Marketing'] }) }, other)
    await done(publishVersion, { policy: 'list-two', version: 1 }, other)
    const found = async (query: Record<string, unknown>) => (await page(query)).data.map(({ uid }: VersionView) => uid)
    expect(await found({ assignee: 'list-bank' })).toEqual(['list-one'])
    expect(await found({ state: 'active' })).toEqual(['list-two'])
    expect(await found({ record_type: 'patient' })).toEqual(['list-two'])
    expect(await found({ record_type: 'patient', purpose: 'dpv:ServiceProvision' })).toEqual([])
    expect(await found({ purpose: 'dpv:Marketing' })).toEqual(['list-two'])
    expect((await page({ state: 'active' })).data[0].active_since).toEqual(expect.any(String))
    const first = await page({ limit: '1' })
    expect(first.data).toHaveLength(1)
    const rest = await page({ cursor: first.next })
    expect([...first.data, ...rest.data].map(({ uid }: VersionView) => uid)).toEqual(['twice', 'list-one', 'list-two'])
    expect(rest.next).toBeNull()
    expect(first.data[0]).toEqual({
      id: first.next,
      uid: 'twice',
      title: 'Loans',
      assignee: 'harbour-bank',
      state: 'draft',
      active_version: null,
      active_since: null,
      newest_version: 1,
      created_at: expect.any(String),
      retired_at: null,
    })
  })
})

describe('purposes', () => {
  it('refuses a taken name and an unknown parent', async () => {
    expect(await problemOf(addPurpose, { slug: 'lost', parent: 'nowhere' })).toMatchObject({ errors: [{ pointer: '/parent' }] })
    await done(addPurpose, { slug: 'loan_application', parent: 'dpv:ServiceProvision' })
    expect(await problemOf(addPurpose, { slug: 'loan_application', parent: 'dpv:Purpose' })).toMatchObject({ errors: [{ pointer: '/slug' }] })
  })

  it('lets one of two win that add the same name at the same moment', async () => {
    const answers = await Promise.allSettled([1, 2].map(() => enter(addPurpose, { slug: 'raced', parent: 'dpv:Purpose' })))
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('covers a new purpose by what is permitted for its parent, in policies already in force', async () => {
    await create('broad', { assignee: 'broad-bank' })
    await publish('broad', 1)
    const covers = async () => (await inForce('broad-bank'))[0]?.compiled.permissions[0]?.coversPurpose('first_home_loan')
    expect(await covers()).toBe(false)
    await done(addPurpose, { slug: 'first_home_loan', parent: 'loan_application', label: 'First home' })
    t.clock.advance(cacheTtlMs)
    expect(await covers()).toBe(true)
    const { data } = await done(listPurposes, {})
    expect(data).toContainEqual({ term: 'first_home_loan', label: 'First home', parents: ['loan_application'], own: true })
    expect(data.find(({ term }: { term: string }) => term === 'dpv:Purpose')).toMatchObject({ own: false })
    expect((await t.database.transaction(other, (tx) => purposeTree(node(), tx))).has('first_home_loan')).toBe(false)
  })

  it('keeps compiled policies while the tree stays the same', async () => {
    const before = (await inForce('broad-bank'))[0]?.compiled
    t.clock.advance(cacheTtlMs)
    expect((await inForce('broad-bank'))[0]?.compiled).toBe(before)
  })
})

describe('templates', () => {
  const fields = [
    { name: 'full_name', type: 'string', sensitivity: 'direct_identifier' },
    { name: 'diagnosis', type: 'string', sensitivity: 'sensitive' },
  ]
  it('refuses an unknown template and one that would give nothing', async () => {
    const ask = { uid: 'made', partner: 'harbour-bank', record_type: 'employee' }
    expect(await refused(fillTemplate, { ...ask, template: 'nothing', fields })).toMatchObject({ status: 404 })
    expect(await refused(fillTemplate, { ...ask, template: 'loan_application', fields: fields.slice(1) })).toMatchObject({
      type: '/problems/policies/template-empty',
    })
  })

  it('makes of every template a document that can be created', async () => {
    const { data } = await done(listTemplates, {})
    expect(data.length).toBeGreaterThan(3)
    for (const { template } of data) {
      const uid = `made-${template}`
      const made = await done(fillTemplate, { template, uid, partner: 'harbour-bank', record_type: 'employee', fields })
      expect(made.explained[0].sentences.length).toBeGreaterThan(1)
      expect((await done(createPolicy, { document: made.document })).document).toEqual(made.document)
    }
  })
})

describe('reading a document that is not saved', () => {
  it('tells every fault with its place', async () => {
    const faulty = { ...exampleDocument, title: '', permission: [{ ...exampleDocument.permission[0], fields: { full_name: { mask: 'last_n' } } }] }
    expect((await problemOf(explainDocument, { document: faulty })).errors).toMatchObject([{ pointer: '/title' }])
    const errors = (await problemOf(explainDocument, { document: { ...faulty, title: 'Loans' } })).errors
    expect(errors).toMatchObject([{ pointer: '/permission/0/fields/full_name/n' }])
  })

  it('writes the defaults out, and tells each rule in parts', async () => {
    const { document, explained } = await done(explainDocument, { document: exampleDocument })
    expect(document.permission).toMatchObject([{ fields: { national_id: { mask: 'last_n', n: 4, keep_separators: true } } }])
    expect(explained).toMatchObject([{ rule: 'decide-on-loan', kind: 'permission', duties: ['Each use is logged.', 'The data is deleted after 90 days.'] }])
  })
})

it('lists the words a policy is written in, with what each mask takes', async () => {
  const { masks, legal_bases, actions } = await done(listVocabulary, {})
  expect(masks.find(({ mask }: { mask: string }) => mask === 'last_n').parameters).toEqual([
    { name: 'n', required: true, schema: { type: 'integer', minimum: 1, maximum: 32 } },
    { name: 'fill', required: false, schema: { default: '*', type: 'string', minLength: 1, maxLength: 1 } },
    { name: 'keep_separators', required: false, schema: { default: true, type: 'boolean' } },
  ])
  expect(legal_bases).toContainEqual({ basis: 'dpv:Consent', label: 'consent of the person', consent: true })
  expect(actions).toContainEqual({ action: 'release', verb: 'receive' })
})

it('runs the example of every operation', async () => {
  const example = (operation: AnyOperation) => enter(operation, operation.example?.input, '01980000-0000-7000-8000-000000000003' as Id<'tenant'>)
  for (const operation of policiesModule.operations) {
    const answer = await example(operation).catch((error: unknown) => error)
    expect(answer instanceof Problem ? answer.document() : answer, operation.name).toMatchObject({ outcome: 'done' })
  }
})
