import { beforeAll, expect, it } from 'vitest'
import { createLog } from './log.ts'
import { createMetrics, exportLogs, exportTraces, traced } from './telemetry.ts'

const posts: { path: string; body: string }[] = []

interface SentSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: { key: string; value: { stringValue: string } }[]
  readonly status: { code: number }
}
let spans: SentSpan[]

beforeAll(async () => {
  const traces = await exportTraces(async (path, body) => {
    posts.push({ path, body })
    return true
  }, '1.2.3')
  await traced('outer', async (span) => {
    span.setAttribute('rows', 3)
    await traced('inner', () => Promise.reject(new Error('Jane Example'))).catch(() => {})
  })
  await traces.shutdown()
  spans = posts.flatMap(({ body }) => JSON.parse(body).resourceSpans[0].scopeSpans[0].spans)
})

it('spans leave as OTLP/JSON with the name and version of the service', () => {
  expect(posts.map(({ path }) => path)).toEqual(['/v1/traces'])
  expect(JSON.parse(posts[0]?.body ?? '').resourceSpans[0].resource.attributes).toEqual([
    { key: 'service.name', value: { stringValue: 'gatehouse' } },
    { key: 'service.version', value: { stringValue: '1.2.3' } },
  ])
})

it('a span within another knows its parent and shares its trace', () => {
  const outer = spans.find(({ name }) => name === 'outer')
  const inner = spans.find(({ name }) => name === 'inner')
  expect(outer).toMatchObject({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/), spanId: expect.stringMatching(/^[0-9a-f]{16}$/), kind: 1 })
  expect(outer).not.toHaveProperty('parentSpanId')
  expect(inner).toMatchObject({ traceId: outer?.traceId, parentSpanId: outer?.spanId })
  expect(outer?.attributes).toEqual([{ key: 'rows', value: { stringValue: '3' } }])
})

it('times are whole nanoseconds since 1970 and run forward', () => {
  for (const { startTimeUnixNano, endTimeUnixNano } of spans) {
    expect(startTimeUnixNano).toMatch(/^\d{19}$/)
    expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano))
  }
})

it('a failure marks its span (OTLP status 2) and says nothing of its message', () => {
  expect(spans.map(({ name, status }) => [name, status.code]).sort()).toEqual([
    ['inner', 2],
    ['outer', 0],
  ])
  expect(posts.map(({ body }) => body).join('')).not.toContain('Jane')
})

it('metrics of two nodes in one process stay apart', async () => {
  const [one, other] = [createMetrics(), createMetrics()]
  one.acts.inc({ operation: 'note.write', outcome: 'done' })
  expect(await one.registry.metrics()).toContain('gatehouse_acts_total{operation="note.write",outcome="done"} 1')
  expect(await other.registry.metrics()).not.toContain('note.write')
  one.registry.clear()
  other.registry.clear()
})

it('lines of the log leave as OTLP/JSON as they were cleaned, and what a collector did not take is counted and not kept', async () => {
  const taken: string[] = []
  let away = true
  const logs = exportLogs('1.2.3')
  const log = createLog('info', { write: () => {} }, logs)
  log.warn({ event: 'availability', mesh_node: 'lake', token: 'secret', error: new Error('Jane Example') }, 'a node is away')
  log.debug('not said at this level')
  logs.begin(async (path, body) => {
    if (!away) taken.push(`${path} ${body}`)
    return !away
  })
  await logs.shutdown()
  away = false
  log.info('afterwards')
  await logs.shutdown()
  expect(taken).toHaveLength(1)
  const [path, body = ''] = taken[0]?.split(/ (.*)/s) ?? []
  expect(path).toBe('/v1/logs')
  expect(JSON.parse(body)).toMatchObject({
    resourceLogs: [
      {
        scopeLogs: [
          {
            scope: { attributes: [{ key: 'gatehouse.dropped_lines', value: { stringValue: '1' } }] },
            logRecords: [{ severityText: 'info', severityNumber: 9, body: { stringValue: 'afterwards' }, timeUnixNano: expect.stringMatching(/^\d{19}$/) }],
          },
        ],
      },
    ],
  })
})

it('nothing that the log removes reaches the collector', async () => {
  const bodies: string[] = []
  const logs = exportLogs('1.2.3')
  createLog('info', { write: () => {} }, logs).error({ token: 'secret-token', error: new Error('Jane Example') }, 'it failed')
  logs.begin(async (_, body) => bodies.push(body) > 0)
  await logs.shutdown()
  expect(bodies.join()).toContain('it failed')
  expect(bodies.join()).not.toMatch(/secret-token|Jane/)
})
