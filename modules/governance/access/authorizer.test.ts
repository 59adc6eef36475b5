import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { check } from '@gatehouse/policy/relations/check'
import { compileSchema } from '@gatehouse/policy/relations/compile-schema'
import { answerOf } from '@gatehouse/policy/relations/proof'
import { type Edge, edgeOf, type Relationship, relationshipText } from '@gatehouse/policy/relations/relationship'
import { MemoryTuples } from '@gatehouse/policy/relations/tuples'
import { freePort } from '@gatehouse/runtime/base/testing/free-port'
import { type TestNode, testClock, testNode } from '@gatehouse/runtime/door/testing/node'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { embeddedAuthorizer } from './embedded.ts'
import { accessModule } from './index.ts'
import { spiceDbAuthorizer } from './spicedb.ts'
import { authorizerSuite } from './testing/authorizer-suite.ts'

/** Everything that makes one relationship matter to another. */
const tangled = `
  definition user {}
  definition group { relation member: user | group#member }
  definition folder {
    relation parent: folder
    relation viewer: user | user:* | group#member
    relation banned: user | group#member
    permission view = (viewer + parent->view) - banned
    permission view_all = viewer + parent.all(view)
    permission publish = view & parent.any(view_all)
  }`
const names = ['aa', 'bb', 'cc']
const named = (type: string) => fc.constantFrom(...names).map((id) => ({ type, id }))
const members = named('group').map((group) => ({ ...group, relation: 'member' }))
const relationship: fc.Arbitrary<Relationship> = fc.oneof(
  fc.record({ object: named('group'), relation: fc.constant('member'), subject: fc.oneof(named('user'), members) }),
  fc.record({ object: named('folder'), relation: fc.constant('parent'), subject: named('folder') }),
  fc.record({ object: named('folder'), relation: fc.constant('viewer'), subject: fc.oneof(named('user'), fc.constant({ type: 'user', id: '*' }), members) }),
  fc.record({ object: named('folder'), relation: fc.constant('banned'), subject: fc.oneof(named('user'), members) }),
)

describe('the engine that ships with the product', () => {
  let t: TestNode
  beforeAll(async () => {
    t = await testNode({ modules: [accessModule], clock: testClock(Date.now()) })
  })
  afterAll(() => t.close())
  // One database for all cases: each begins with empty tables.
  beforeEach(async () => {
    for (const table of ['tuple', 'revision']) await t.database.transaction('node', (tx) => tx.change(`DELETE FROM access.${table}`))
  })
  authorizerSuite({ name: 'embedded', open: async (schema) => embeddedAuthorizer(t.door.node, compileSchema(schema)) })

  it('reads only what lies between subject and object, and answers as the engine does over everything', async () => {
    const schema = compileSchema(tangled)
    const authorizer = embeddedAuthorizer(t.door.node, schema)
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(relationship, { minLength: 6, maxLength: 24, selector: relationshipText }), async (relationships) => {
        await t.database.transaction('node', (tx) => tx.change('DELETE FROM access.tuple'))
        const atLeast = await authorizer.write(t.tenant, { touch: relationships })
        const all = new MemoryTuples(schema, relationships.map((one) => edgeOf(schema, one)) as Edge[])
        for (const object of names.map((id) => ({ type: 'folder', id })))
          for (const permission of ['view', 'view_all', 'publish'])
            for (const subject of names.map((id) => ({ type: 'user', id }))) {
              const whole = answerOf(schema, check(schema, all, object, permission, subject), { context: {}, nowMs: t.door.node.source.nowMs() })
              expect([object.id, permission, subject.id, await authorizer.check(t.tenant, { object, permission, subject, atLeast })]).toEqual([
                object.id,
                permission,
                subject.id,
                whole,
              ])
            }
      }),
      { numRuns: 25 },
    )
  })
})

/** A real server: a program named in the environment. */
const program = process.env.GATEHOUSE_TEST_SPICEDB
const present = program !== undefined && existsSync(program)

describe.skipIf(!present)('a SpiceDB server', () => {
  let server: ChildProcess
  let port: number
  beforeAll(async () => {
    port = await freePort()
    const addresses = ['--grpc-addr', `127.0.0.1:${port}`, '--readonly-grpc-enabled=false', '--http-enabled=false']
    server = spawn(program ?? '', ['serve-testing', ...addresses, '--log-level', 'error', '--skip-release-check'], { stdio: 'ignore' })
    for (let tries = 0; tries < 100 && !(await listens(port)); tries++) await pause(100)
  })
  afterAll(() => void server.kill())
  // The testing server keeps what each token writes apart.
  const token = () => randomBytes(8).toString('hex')
  authorizerSuite({
    name: 'SpiceDB',
    open: (schema) => spiceDbAuthorizer({ endpoint: `127.0.0.1:${port}`, token: token(), plain: true, schema }),
    refused: { 'extendedids.yaml': 'an id of 1024 characters leaves no room for the institution’s' },
  })
})

it.skipIf(present)('SpiceDB was not run: set GATEHOUSE_TEST_SPICEDB to the path of a spicedb program (see docs/reference/permissions.md)', () => {})

function listens(at: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(at, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('close', () => socket.destroy())
    setTimeout(() => socket.destroy(), 500).unref()
  })
}
