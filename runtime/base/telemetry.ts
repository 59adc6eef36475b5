/**
 * Metrics for Prometheus and traces for OpenTelemetry. Labels are operation names and outcomes, never ids or values.
 */
import { context, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  readonly acts: Counter<'operation' | 'outcome'>
  readonly actSeconds: Histogram<'operation'>
  readonly exchangeConnections: Gauge<never>
  readonly exchangeRefused: Counter<'reason'>
  readonly bytesReleased: Counter<never>
  readonly odrlRefused: Counter<'kind'>
  readonly ledgerLag: Gauge<never>
  readonly ledgerIntegrated: Counter<never>
  readonly ledgerHalted: Gauge<never>
  readonly backupStanding: Gauge<'standing'>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    registry,
    acts: new Counter({ name: 'gatehouse_acts_total', help: 'Operations by outcome', labelNames: ['operation', 'outcome'], registers }),
    actSeconds: new Histogram({
      name: 'gatehouse_act_seconds',
      help: 'Time of an operation from the door to its commit',
      labelNames: ['operation'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    exchangeConnections: new Gauge({ name: 'gatehouse_exchange_connections', help: 'Open connections on the exchange socket', registers }),
    exchangeRefused: new Counter({
      name: 'gatehouse_exchange_refused_total',
      help: 'Connections closed without data, by reason',
      labelNames: ['reason'],
      registers,
    }),
    odrlRefused: new Counter({
      name: 'gatehouse_odrl_refused_total',
      help: 'Parts of policies outside the dataspace profile, by kind',
      labelNames: ['kind'],
      registers,
    }),
    bytesReleased: new Counter({ name: 'gatehouse_released_bytes_total', help: 'Bytes of released data sent', registers }),
    ledgerLag: new Gauge({ name: 'gatehouse_ledger_lag_seconds', help: 'Age of the oldest entry that no checkpoint covers yet', registers }),
    ledgerHalted: new Gauge({ name: 'gatehouse_ledger_halted', help: 'Logs that sign nothing because the store of heads disagrees or is away', registers }),
    backupStanding: new Gauge({
      name: 'gatehouse_backup_standing',
      help: '1 at the word that tells how it stands with the backups, 0 at the others',
      labelNames: ['standing'],
      registers,
    }),
    ledgerIntegrated: new Counter({ name: 'gatehouse_ledger_integrated_total', help: 'Entries integrated into a log', registers }),
  }
}

const tracer = trace.getTracer('gatehouse')

/** Runs `act` in a span of its own. Exceptions mark the span and go on. */
export function traced<T>(name: string, act: (span: Span) => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, async (span) => {
    try {
      return await act(span)
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
}

/** Sends finished spans as OTLP/JSON by the given post function, which is the egress of the node. */
export async function exportTraces(post: (path: string, body: string) => Promise<boolean>, version: string): Promise<{ shutdown(): Promise<void> }> {
  const [{ AsyncLocalStorageContextManager }, { resourceFromAttributes }, { BasicTracerProvider, BatchSpanProcessor }] = await Promise.all([
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace-base'),
  ])
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'gatehouse', 'service.version': version }),
    spanProcessors: [new BatchSpanProcessor(otlpExporter(post, version))],
  })
  const contexts = new AsyncLocalStorageContextManager().enable()
  context.setGlobalContextManager(contexts)
  trace.setGlobalTracerProvider(provider)
  return { shutdown: () => provider.shutdown() }
}

/** Lines of the log on their way to a collector. They are bounded: what cannot be sent in time is dropped and counted, and nothing waits for it. */
export interface LogExport {
  write(line: string): void
  /** From now on lines are posted, as OTLP/JSON, by the given function. */
  begin(post: (path: string, body: string) => Promise<boolean>): void
  shutdown(): Promise<void>
}

const logLinesMax = 2_000
const logEveryMs = 5_000
/** OpenTelemetry's numbers for the words of the log. */
const severities: Readonly<Record<string, number>> = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 }

export function exportLogs(version: string): LogExport {
  let waiting: string[] = []
  let dropped = 0
  let post: ((path: string, body: string) => Promise<boolean>) | undefined
  let timer: NodeJS.Timeout | undefined

  async function flush(): Promise<void> {
    if (post === undefined || waiting.length === 0) return
    const lines = waiting
    waiting = []
    if (await post('/v1/logs', logBody(lines, dropped, version)).catch(() => false)) dropped = 0
    else dropped += lines.length
  }
  return {
    write(line) {
      if (waiting.length < logLinesMax) waiting.push(line)
      else dropped++
    },
    begin(by) {
      post = by
      timer = setInterval(() => void flush(), logEveryMs)
      timer.unref()
    },
    async shutdown() {
      clearInterval(timer)
      await flush()
    },
  }
}

type Attribute = { readonly key: string; readonly value: { readonly stringValue: string } }
const attribute = (key: string, value: unknown): Attribute => ({ key, value: { stringValue: typeof value === 'string' ? value : JSON.stringify(value) } })
const resourceOf = (version: string) => ({ attributes: [attribute('service.name', 'gatehouse'), attribute('service.version', version)] })

/** The lines were cleaned when they were written: what is no field of the log cannot get here. */
function logBody(lines: readonly string[], dropped: number, version: string): string {
  const logRecords = lines.map((line) => {
    const { level, time, msg, ...fields } = JSON.parse(line) as { level: string; time: string; msg?: string }
    return {
      timeUnixNano: `${Date.parse(time)}000000`,
      severityText: level,
      severityNumber: severities[level] ?? 0,
      body: { stringValue: msg ?? '' },
      attributes: Object.entries(fields).map(([key, value]) => attribute(key, value)),
    }
  })
  const attributes = dropped === 0 ? [] : [attribute('gatehouse.dropped_lines', dropped)]
  return JSON.stringify({ resourceLogs: [{ resource: resourceOf(version), scopeLogs: [{ scope: { name: 'gatehouse', attributes }, logRecords }] }] })
}

const nanoseconds = ([seconds, nanos]: [number, number]): string => (BigInt(seconds) * 1_000_000_000n + BigInt(nanos)).toString()

function otlpExporter(post: (path: string, body: string) => Promise<boolean>, version: string): SpanExporter {
  return {
    export(spans, done) {
      post('/v1/traces', otlpBody(spans, version)).then(
        (ok) => done({ code: ok ? 0 : 1 }),
        () => done({ code: 1 }),
      )
    },
    async shutdown() {},
  }
}

function otlpBody(spans: readonly ReadableSpan[], version: string): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: resourceOf(version),
        scopeSpans: [
          {
            scope: { name: 'gatehouse' },
            spans: spans.map((span) => ({
              traceId: span.spanContext().traceId,
              spanId: span.spanContext().spanId,
              ...(span.parentSpanContext === undefined ? {} : { parentSpanId: span.parentSpanContext.spanId }),
              name: span.name,
              kind: span.kind + 1,
              startTimeUnixNano: nanoseconds(span.startTime),
              endTimeUnixNano: nanoseconds(span.endTime),
              attributes: Object.entries(span.attributes).map(([key, value]) => attribute(key, String(value))),
              status: { code: span.status.code },
            })),
          },
        ],
      },
    ],
  })
}
