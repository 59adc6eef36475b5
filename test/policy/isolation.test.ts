/**
 * Who reads in one project or product sees nothing of another: by no list, search, count, export, stream, webhook or audit. Every operation
 * that gives something is taken from the registry and asked, so that none can be forgotten; those that answer at all stand here by name.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modules, operations } from '../../apps/server/modules.ts'
import type { Id } from '../../libs/core/id.ts'
import { assignRole } from '../../modules/governance/access/assign.ts'
import { authorize } from '../../modules/governance/access/index.ts'
import { approve, declareReviewKinds } from '../../modules/governance/approvals/index.ts'
import { insertUser } from '../../modules/governance/identity/store.ts'
import { createProject } from '../../modules/governance/projects/create.ts'
import { beginProject } from '../../modules/governance/projects/life.ts'
import { addMember } from '../../modules/governance/projects/members.ts'
import { createProduct } from '../../modules/governance/projects/products/create.ts'
import type { Product, Project } from '../../modules/governance/projects/schema.ts'
import { addSource } from '../../modules/governance/projects/sources.ts'
import { appendEntry } from '../../modules/ledger/index.ts'
import type { Principal } from '../../runtime/base/context.ts'
import type { AnyOperation } from '../../runtime/door/operation.ts'
import { type TestNode, testNode } from '../../runtime/door/testing/node.ts'

const someId = '01980000-0000-7000-8000-000000000001'
const marker = 'planted-in-the-other'

/** What gives something: whatever reads, exports, counts or streams, and is asked for by somebody. */
const giving = operations.filter(
  ({ http, access }) => http !== undefined && 'action' in access && (http.method === 'GET' || ['read', 'export'].includes(access.action)),
)

/** Those that answer a member of one project at all: by what is their own, or by the project. Everything else is refused at the door. */
const answering = [
  'access.check',
  'access.what',
  // What one has connected oneself, and what an application would ask of oneself.
  'applications.mine',
  'applications.question',
  // Reviews that wait for oneself, and those whose author one is.
  'approvals.delegations',
  'approvals.letter',
  'approvals.read_review',
  'approvals.reviews',
  'identity.factors',
  'identity.session',
  'identity.sessions',
  'identity.user',
  'identity.user_sessions',
  // The own inbox.
  'notifications.list',
  'notifications.preferences',
  'projects.list',
  'projects.products',
  'views.list',
]

let t: TestNode
let reader: Principal
let keeper: Principal
let mine: { project: Project; product: Product }
let other: { project: Project; product: Product }
/** What stands for the other project and product, wherever it is told. */
let planted: string[]

beforeAll(async () => {
  t = await testNode({ modules, plugs: { allowed: authorize, approve, append: appendEntry } })
  declareReviewKinds(
    t.door.node,
    modules.flatMap(({ reviewKinds = [] }) => reviewKinds),
  )
  keeper = await staff(['administrator', 'officer', 'auditor', 'data_owner'])
  reader = await staff([])
  const stranger = await staff([])
  mine = await work('mine', reader)
  other = await work(marker, stranger)
  planted = [marker, other.project.id, other.product.id, stranger.id]
}, 60_000)
afterAll(() => t.close())

let people = 0
async function staff(roles: string[]): Promise<Principal> {
  const id = `01980000-0000-7000-9000-00000000000${++people}` as Id<'user'>
  const now = new Date(t.clock.nowMs()).toISOString() as never
  await t.database.transaction(t.tenant, (tx) =>
    insertUser(tx, { tenant_id: t.tenant, id, email: `p${people}@example.org`, name: 'P', roles, created_at: now, partner_id: null, subject_id: null }),
  )
  return t.principal({ id, roles })
}

async function done<T>(operation: AnyOperation, input: object, by = keeper): Promise<T> {
  const answer = await t.door.enter(operation, input, by)
  if (answer.outcome !== 'done') throw answer.outcome === 'refused' ? answer.problem : new Error(answer.outcome)
  return answer.output as T
}

/** A project and a product whose every text is `name`, with a reader who may there whatever an auditor may. */
async function work(name: string, who: Principal) {
  const days = (count: number) => new Date(t.clock.nowMs() + count * 86_400_000).toISOString()
  const terms = { title: name, description: name, purpose: 'dpv:ScientificResearch', agreement: { reference: name }, starts_at: days(0), ends_at: days(30) }
  const project = await done<Project>(createProject, terms)
  await done(addMember, { project: project.id, kind: 'user', holder: who.id, role: 'auditor' })
  await done(addSource, { project: project.id, kind: 'record_type', reference: name })
  await done(beginProject, { project: project.id })
  const product = await done<Product>(createProduct, { slug: name, name, description: name, purposes: ['dpv:ServiceProvision'] })
  await done(assignRole, { role: 'auditor', to: 'user', id: who.id, scope: { kind: 'product', id: product.id } })
  return { project, product }
}

/** Every way to ask that could lead over: as in the example, for the other place by its id, and for what is one's own with the other place beside. */
function asked(operation: AnyOperation): object[] {
  const shape = operation.input.safeParse({}).error?.issues ?? []
  const missing = operation.example === undefined ? Object.fromEntries(shape.map(({ path }: { path: PropertyKey[] }) => [String(path[0]), someId])) : {}
  const base = { ...missing, ...(operation.example?.input ?? {}) }
  const more: object[] = [
    {},
    { project: other.project.id },
    { product: other.product.id },
    { mine: 'true' },
    { mine: 'false' },
    { user: reader.id },
    { user: reader.id, scope: `project/${other.project.id}` },
    { user: reader.id, scope: { kind: 'project', id: other.project.id } },
    { user: reader.id, scope: `product/${other.product.id}` },
    { object_kind: 'project', object_id: other.project.id },
    { object: other.project.id },
  ]
  return more.map((one) => ({ ...base, ...one })).filter((input) => operation.input.safeParse(input).success)
}

/** All that an operation gives, streams to their end. */
async function whole(output: unknown): Promise<string> {
  const chunks = (output as { chunks?: AsyncIterable<unknown> } | undefined)?.chunks ?? output
  if (typeof chunks !== 'object' || chunks === null || !(Symbol.asyncIterator in chunks)) return JSON.stringify(output) ?? ''
  const parts: string[] = []
  for await (const part of chunks as AsyncIterable<unknown>)
    parts.push(part instanceof Uint8Array ? Buffer.from(part).toString() : (JSON.stringify(part) ?? ''))
  return parts.join('\n')
}

/** @returns what was given, and nothing where it was refused at the door */
async function given(operation: AnyOperation, input: object, by: Principal): Promise<string | undefined> {
  try {
    const answer = await t.door.enter(operation, input, by)
    return answer.outcome === 'done' ? await whole(answer.output) : answer.outcome === 'refused' ? JSON.stringify(answer.problem.document()) : ''
  } catch (problem) {
    expect(problem, operation.name).toMatchObject({ kind: { type: '/problems/door/not-allowed' } })
    return undefined
  }
}

describe('whoever reads in one project and product', () => {
  it('is asked about by every operation that gives something, each with an input that it takes', () => {
    expect(giving.length).toBeGreaterThan(80)
    expect(giving.filter((operation) => asked(operation).length === 0).map(({ name }) => name)).toEqual([])
  })

  it('sees nothing of another, whichever operation is asked', async () => {
    const answered = new Set<string>()
    const told: string[] = []
    for (const operation of giving) {
      for (const input of asked(operation)) {
        const text = await given(operation, input, reader)
        if (text === undefined) continue
        answered.add(operation.name)
        // What one asks with is no news.
        const news = planted.filter((one) => text.includes(one) && !JSON.stringify(input).includes(one))
        if (news.length > 0) told.push(`${operation.name} tells ${news.join()}`)
      }
    }
    expect(told).toEqual([])
    expect([...answered].sort()).toEqual(answering)
  })

  it('sees the own ones, so the silence above is not that of somebody who sees nothing', async () => {
    const named = (name: string) => operations.find((one) => one.name === name) as AnyOperation
    expect(await given(named('projects.read'), { project: mine.project.id }, reader)).toContain(mine.project.id)
    expect(await given(named('projects.read_product'), { product: mine.product.id }, reader)).toContain(mine.product.id)
    expect(await given(named('projects.list'), { mine: 'true' }, reader)).toContain(mine.project.id)
    expect(await given(named('projects.products'), { mine: 'true' }, reader)).toContain(mine.product.id)
  })

  it('and whoever reads the whole institution finds the other by these same operations', async () => {
    const found = []
    for (const operation of giving.filter(({ name }) => name.startsWith('projects.') || name === 'access.holders')) {
      const texts = await Promise.all(asked(operation).map((input) => given(operation, input, keeper)))
      if (texts.some((text) => planted.some((one) => text?.includes(one)))) found.push(operation.name)
    }
    expect(found).toEqual(expect.arrayContaining(['projects.list', 'projects.read', 'projects.products', 'projects.read_product']))
  })
})
