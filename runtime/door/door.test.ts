import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { anonymous, nodeTenant, type Principal } from '../base/context.ts'
import type { AuditEntry } from './audit.ts'
import { type AnyOperation, type Knock, operation, refuse, type TransactionContext } from './operation.ts'
import type { DoorPlugs } from './plugs.ts'
import { doorProblems } from './problems.ts'
import { type TestNode, testNode } from './testing/node.ts'
import { eventsIn, noteModule, noteProblems, notesIn, problemWith, writeNote } from './testing/note.ts'

const nodes: TestNode[] = []
afterEach(() => Promise.all(nodes.splice(0).map((node) => node.close())))

async function open(plugs: Partial<DoorPlugs> = {}, ...operations: AnyOperation[]): Promise<TestNode> {
  const node = await testNode({ modules: [noteModule(...operations)], plugs })
  nodes.push(node)
  return node
}
const http = (more: Partial<Knock> = {}): Knock => ({ channel: 'http', source: '192.0.2.7', ...more })
const types = (entries: readonly AuditEntry[]) => entries.map(({ type, facts }) => `${type} ${facts.decision ?? 'done'}`)

describe('who knocks', () => {
  it('with a credential that does not hold: 401, counted and not written', async () => {
    const counted: Knock[] = []
    const node = await open({ authenticate: async () => 'failed', countUnknown: (_, knock) => counted.push(knock) })
    expect((await problemWith(node.door.knock(writeNote, { text: 'milk' }, http()))).kind).toBe(doorProblems.not_authenticated)
    expect(counted.map(({ source }) => source)).toEqual(['192.0.2.7'])
    expect(node.entries).toEqual([])
  })

  it('with none where somebody must be known: 401 before anything is looked at, counted and not written', async () => {
    let counted = 0
    const node = await open({ countUnknown: () => counted++ })
    expect((await problemWith(node.door.knock(writeNote, { text: 7 }, http()))).kind).toBe(doorProblems.not_authenticated)
    expect((await problemWith(node.door.enter(writeNote, { text: 'milk' }, anonymous))).kind).toBe(doorProblems.not_authenticated)
    expect(counted).toBe(2)
    expect(node.entries).toEqual([])
  })

  it('while identity is broken: 500, in the log by class and not by message', async () => {
    const node = await open({ authenticate: () => Promise.reject(new RangeError('Jane Example')) })
    expect((await problemWith(node.door.knock(writeNote, { text: 'milk' }, http()))).kind).toBe(doorProblems.internal)
    expect(node.logLines.join('')).toContain('RangeError')
    expect(node.logLines.join('')).not.toContain('Jane')
  })

  it('while the database is away: 503', async () => {
    const node = await open({ authenticate: () => Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })) })
    expect((await problemWith(node.door.knock(writeNote, { text: 'milk' }, http()))).kind).toBe(doorProblems.unavailable)
  })
})

describe('the order of the steps', () => {
  it('is authenticate, validate, authorise, approve, run, audit', async () => {
    const steps: string[] = []
    const noted =
      (step: string) =>
      <T>(value: T): T => {
        steps.push(step)
        return value
      }
    const told = operation({
      name: 'note.tell',
      summary: 'Tells its steps',
      input: z.strictObject({ text: z.string().transform(noted('validate')) }),
      output: z.strictObject({}),
      access: { action: 'create', on: () => ({ type: 'note' }) },
      audit: () => ({}),
      approvals: 2,
      async run() {
        steps.push('run')
        return {}
      },
    })
    const node: TestNode = await open({
      authenticate: async () => noted('authenticate')(node.admin),
      allowed: () => noted('authorise')(true),
      approve: async () => noted('approve')(undefined),
      append: async () => void steps.push('audit'),
    })
    await node.door.knock(told, { text: 'milk' }, http())
    expect(steps).toEqual(['authenticate', 'validate', 'authorise', 'approve', 'run', 'audit'])
  })

  it('input that does not fit is told by JSON pointers, quotes nothing and is no act', async () => {
    let asked = 0
    const node = await open({ allowed: () => ++asked > 0 })
    const problem = await problemWith(node.door.enter(writeNote, { text: 'jane@example.org is too long for it', 'a/b': 1 } as never, node.admin))
    expect(problem.kind).toBe(doorProblems.input_invalid)
    expect(problem.errors?.map(({ pointer }) => pointer).sort()).toEqual(['', '/text'])
    expect(problem.errors?.find(({ pointer }) => pointer === '')?.detail).toBe('unknown field: a/b')
    expect(JSON.stringify(problem.document())).not.toContain('jane')
    expect([asked, node.entries.length]).toEqual([0, 0])
  })

  it('a denial is written, names the operation and the roles, and nothing runs', async () => {
    const node = await open({ allowed: () => false })
    const problem = await problemWith(node.door.enter(writeNote, { text: 'milk' }, node.principal({ roles: ['auditor'] })))
    expect(problem.document()).toMatchObject({
      status: 403,
      detail: expect.stringMatching(/note\.write .*\(auditor\)/),
      mend: doorProblems.not_allowed.mend,
    })
    expect(node.entries).toMatchObject([{ type: 'note.write', facts: { decision: 'deny', details: { reason: 'not_allowed' } } }])
    expect(await notesIn(node)).toEqual([])
  })

  it('a denial is written even where the act itself is not', async () => {
    const read = operation({
      name: 'note.count',
      summary: 'Count',
      input: z.strictObject({}),
      output: z.strictObject({}),
      access: { action: 'read', on: () => ({ type: 'note' }) },
      audit: { none: 'counts are not personal' },
      run: async () => ({}),
    })
    const node = await open({ allowed: (principal) => principal.roles.includes('administrator') })
    await node.door.enter(read, {}, node.admin)
    expect(node.entries).toEqual([])
    await problemWith(node.door.enter(read, {}, node.principal({ roles: [] })))
    expect(types(node.entries)).toEqual(['note.count deny'])
  })
})

describe('what becomes of an act', () => {
  it('done: the note, its entry, its event and its job stand together', async () => {
    const node = await open()
    const answer = await node.door.enter(writeNote, { text: 'milk' }, node.admin, http({ traceId: 'ab' }))
    expect(answer).toMatchObject({ outcome: 'done', tenant: node.tenant, output: { length: 4 } })
    expect(node.entries).toMatchObject([{ id: answer.entry, tenant: node.tenant, type: 'note.write', at: '2026-11-22T09:30:00.000Z', trace: 'ab', tookMs: 0 }])
    expect(node.entries[0]?.actor).toEqual({ kind: 'user', id: node.admin.id })
    expect(await eventsIn(node)).toEqual([{ type: 'note.written', entry_id: answer.entry }])
    expect(node.enqueued).toMatchObject([{ queue: 'note/print', data: { tenant: node.tenant } }])
    expect(await notesIn(node)).toEqual(['milk'])
  })

  it('refused: what it wrote and its entry commit, nothing is announced, no output is given', async () => {
    const node = await open()
    const answer = await node.door.enter(writeNote, { text: 'full' }, node.admin)
    expect(answer).toMatchObject({ outcome: 'refused', problem: { kind: noteProblems.full, detail: 'no page is left' } })
    expect(answer).not.toHaveProperty('output')
    expect(node.entries).toMatchObject([{ facts: { decision: 'deny', details: { pages: 0 } } }])
    expect(await notesIn(node)).toEqual(['full'])
    expect(await eventsIn(node)).toEqual([])
  })

  it('thrown: all is rolled back and the failure is written aside, without its words', async () => {
    const node = await open()
    const problem = await problemWith(node.door.enter(writeNote, { text: 'broken' }, node.admin))
    expect(problem.kind).toBe(doorProblems.internal)
    expect(JSON.stringify(problem.document())).not.toContain('Jane')
    expect(node.entries).toMatchObject([{ type: 'note.write', facts: { decision: 'error', details: { problem: '/problems/door/internal' } } }])
    expect(node.logLines.join('')).toContain('RangeError')
    expect(node.logLines.join('')).not.toContain('Jane')
    expect([await notesIn(node), await eventsIn(node)]).toEqual([[], []])
  })

  it('not written in the ledger: not done', async () => {
    const node = await open({ append: () => Promise.reject(new Error('the ledger is full')) })
    expect((await problemWith(node.door.enter(writeNote, { text: 'milk' }, node.admin))).kind).toBe(doorProblems.internal)
    expect([await notesIn(node), await eventsIn(node)]).toEqual([[], []])
    expect(node.logLines.join('')).toContain('could not be audited')
  })

  it('with free text for the ledger: not done', async () => {
    const chatty = operation({ ...writeNote, name: 'note.chat', audit: () => ({ details: { text: 'x'.repeat(300) } }) })
    const node = await open()
    await problemWith(node.door.enter(chatty, { text: 'milk' }, node.admin))
    expect(await notesIn(node)).toEqual([])
  })

  it('announced without an entry to follow: not done', async () => {
    const silent = operation<typeof writeNote.input, typeof writeNote.output>({ ...writeNote, name: 'note.whisper', audit: { none: 'it whispers' } })
    const node = await open()
    await problemWith(node.door.enter(silent, { text: 'milk' }, node.admin))
    expect([await notesIn(node), await eventsIn(node)]).toEqual([[], []])
    expect(node.logLines.join('')).toContain('TypeError')
  })

  it('is counted by operation and outcome', async () => {
    const node = await open()
    await node.door.enter(writeNote, { text: 'milk' }, node.admin)
    await node.door.enter(writeNote, { text: 'full' }, node.admin)
    await problemWith(node.door.enter(writeNote, { text: 'broken' }, node.admin))
    const { values } = await node.door.node.metrics.acts.get()
    expect(values.map(({ labels, value }) => [labels.outcome, value])).toEqual([
      ['done', 1],
      ['refused', 1],
      ['failed', 1],
    ])
  })
})

describe('what needs several people', () => {
  it('waits: nothing runs, the waiting is written, and the same key does not end it', async () => {
    let have = 0
    const both = operation({ ...writeNote, name: 'note.both', approvals: 2 })
    const asked: string[] = []
    const node = await open({
      approve: async (_ctx, { operation: name, requestDigest, need }) => {
        asked.push(`${name} ${requestDigest}`)
        return ++have < need ? { id: nodeTenant as unknown as Id<'approval'>, have, need } : undefined
      },
    })
    const knock = http({ idempotencyKey: 'k-1' })
    expect(await node.door.enter(both, { text: 'milk' }, node.admin, knock)).toMatchObject({ outcome: 'pending', approval: { have: 1, need: 2 } })
    expect(node.entries).toMatchObject([{ facts: { decision: 'pending', object: { kind: 'approval' }, details: { have: 1, need: 2 } } }])
    expect(await notesIn(node)).toEqual([])
    expect(await node.door.enter(both, { text: 'milk' }, node.admin, knock)).toMatchObject({ outcome: 'done' })
    expect(asked[0]).toMatch(/^note\.both [0-9a-f]{64}$/)
    expect(asked[1]).toBe(asked[0])
  })
})

describe('a public operation', () => {
  const partner = (tenant: Id<'tenant'>): Principal => ({ kind: 'partner', id: '01980000-0000-7000-8000-0000000000cc', tenant, roles: ['partner'] })
  const publicly = (run: (ctx: TransactionContext) => Promise<Record<string, never> | ReturnType<typeof refuse>>) =>
    operation({
      name: 'note.open',
      summary: 'Open to all',
      input: z.strictObject({}),
      output: z.strictObject({}),
      access: { public: 'a token says who acts' },
      audit: () => ({}),
      http: { method: 'POST', path: '/v1/open' },
      run,
    })

  it('learns from its input on whose behalf it acts: entry and transaction are that tenant’s from then on', async () => {
    const node = await open()
    const answer = await node.door.knock(
      publicly(async (ctx) => {
        await ctx.actAs(partner(node.tenant))
        const [row] = await ctx.tx.query<{ tenant: string }>("SELECT current_setting('gatehouse.tenant') AS tenant")
        expect([ctx.tenant, ctx.tx.tenant, row?.tenant]).toEqual([node.tenant, node.tenant, node.tenant])
        return {}
      }),
      {},
      http(),
    )
    expect(answer).toMatchObject({ outcome: 'done', tenant: node.tenant })
    expect(node.entries).toMatchObject([{ tenant: node.tenant, actor: { kind: 'partner' } }])
  })

  it('cannot change its mind', async () => {
    const node = await open()
    const act = node.door.knock(
      publicly(async (ctx) => {
        await ctx.actAs(partner(node.tenant))
        await ctx.actAs(partner('01980000-0000-7000-8000-000000000002' as Id<'tenant'>))
        return {}
      }),
      {},
      http(),
    )
    expect((await problemWith(act)).kind).toBe(doorProblems.internal)
  })

  it('lets a caller who is known by a key act for another of its own tenant, and of no other', async () => {
    const node: TestNode = await open({ authenticate: async () => node.admin })
    const act = (tenant: Id<'tenant'>) =>
      node.door.knock(
        publicly(async (ctx) => {
          await ctx.actAs(partner(tenant))
          return {}
        }),
        {},
        http({ authorization: 'Bearer x' }),
      )
    expect(await act(node.tenant)).toMatchObject({ outcome: 'done' })
    expect(node.entries).toMatchObject([{ tenant: node.tenant, actor: { kind: 'partner' } }])
    await problemWith(act('01980000-0000-7000-8000-000000000002' as Id<'tenant'>))
  })

  it('ignores the Idempotency-Key of nobody', async () => {
    const node = await open()
    const run = publicly(async () => ({}))
    for (let i = 0; i < 2; i++) expect(await node.door.knock(run, {}, http({ idempotencyKey: 'k-1' }))).toMatchObject({ outcome: 'done' })
    expect(node.entries).toHaveLength(2)
  })

  it('that turns somebody unknown away counts and does not write', async () => {
    let counted = 0
    const node = await open({ countUnknown: () => counted++ })
    const act = node.door.knock(
      publicly(async () => {
        throw new Problem(doorProblems.not_found)
      }),
      {},
      http(),
    )
    expect((await problemWith(act)).kind).toBe(doorProblems.not_found)
    expect([counted, node.entries.length]).toEqual([1, 0])
  })

  it('is the only kind that may act for another', async () => {
    const sly = operation({ ...publicly((ctx) => ctx.actAs(partner(ctx.tenant)).then(() => ({}))), name: 'note.sly', access: writeNote.access as never })
    const node = await open()
    expect((await problemWith(node.door.enter(sly, {}, node.admin))).kind).toBe(doorProblems.internal)
  })
})

describe('an operation in steps', () => {
  const stepwise = (more: { refused?: boolean; broken?: boolean } = {}) =>
    operation({
      kind: 'steps' as const,
      name: 'note.copy',
      summary: 'Copy notes',
      input: z.strictObject({}),
      output: z.strictObject({ copied: z.number() }),
      access: { action: 'create' as const, on: () => ({ type: 'note' }) },
      audit: (_: unknown, { copied }: { copied: number }) => ({ details: { copied } }),
      async run(ctx) {
        await ctx.step(async (tx) => {
          await tx.query('INSERT INTO note.note (tenant_id, id, text) VALUES ($1, $2, $3)', [ctx.tenant, ctx.newId(), 'step'])
          await ctx.record(tx, 'note.copied_batch', { details: { rows: 1 } }, [{ type: 'note.batch', data: {} }])
        })
        if (more.broken) throw new Error('the paper is out')
        ctx.publish({ type: 'note.copied', data: {} })
        ctx.describe({ purpose: 'safety' })
        return more.refused ? refuse(noteProblems.full) : { copied: 1 }
      },
    })

  it('opens its entry first and closes it last', async () => {
    const node = await open()
    expect(await node.door.enter(stepwise(), {}, node.admin)).toMatchObject({ outcome: 'done', output: { copied: 1 } })
    expect(node.entries.map(({ type }) => type)).toEqual(['note.copy.opened', 'note.copied_batch', 'note.copy'])
    expect(node.entries[2]?.facts).toEqual({ details: { copied: 1 }, purpose: 'safety' })
    expect((await eventsIn(node)).map(({ type }) => type).sort()).toEqual(['note.batch', 'note.copied'])
  })

  it('does not begin when the ledger cannot be written', async () => {
    const node = await open({ append: () => Promise.reject(new Error('full')) })
    await problemWith(node.door.enter(stepwise(), {}, node.admin))
    expect(await notesIn(node)).toEqual([])
  })

  it('that breaks keeps the steps it took, and its failure is written', async () => {
    const node = await open()
    await problemWith(node.door.enter(stepwise({ broken: true }), {}, node.admin))
    expect(await notesIn(node)).toEqual(['step'])
    expect(types(node.entries)).toEqual(['note.copy.opened done', 'note.copied_batch done', 'note.copy error'])
    expect((await eventsIn(node)).map(({ type }) => type)).toEqual(['note.batch'])
  })

  it('that is refused is written as refused, and announces nothing further', async () => {
    const node = await open()
    expect(await node.door.enter(stepwise({ refused: true }), {}, node.admin)).toMatchObject({ outcome: 'refused' })
    expect(types(node.entries).at(-1)).toBe('note.copy deny')
    expect((await eventsIn(node)).map(({ type }) => type)).toEqual(['note.batch'])
  })
})

it('an operation’s name is <module>.<verb>, and a module holds only its own', () => {
  expect(() => operation({ ...writeNote, name: 'Write' })).toThrow(TypeError)
  expect(() => noteModule(operation({ ...writeNote, name: 'other.write' }))).toThrow('does not belong to module note')
})
