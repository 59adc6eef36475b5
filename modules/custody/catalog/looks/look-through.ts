import { instantOf } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ConnectorError } from '../connectors/connector.ts'
import { sourceInput } from '../schema.ts'
import { problemOf, withSource } from '../sources/connect.ts'
import { healthFrom } from '../sources/health.ts'
import { findSource, keepHealth, type SourceRow, type TableRow, tablesOf } from '../store.ts'
import { differences, leftOut } from './differences.ts'
import { keep } from './keep.ts'
import { keepAlive, type LookLife, LookStopped } from './life.ts'
import { type Look, type LookStep, lookSchema } from './schema.ts'
import { findLook, moveLook } from './store.ts'

/** The job. It reads as long as it takes, and writes in one transaction: what it found, and that it is done. */
export const lookThrough = operation({
  name: 'catalog.look_through',
  kind: 'steps',
  summary: 'Look through a source, as somebody has asked for',
  input: sourceInput.extend({ look: idSchema('look') }),
  output: z.strictObject({ look: lookSchema.nullable() }),
  access: { action: 'use', on: ({ source }) => ({ type: 'data_source', id: source }) },
  audit: ({ source }, { look }) => {
    const { tables = 0, changes = [], lossy = false, left_out: left = { tables: 0, columns: 0 } } = look?.found ?? {}
    return {
      object: { kind: 'data_source', id: source },
      details: {
        state: look?.state ?? 'gone',
        tables,
        changed: changes.length,
        lossy,
        left_out: left.tables + left.columns,
        ...(look?.fault ? { fault: look.fault.type } : {}),
      },
    }
  },
  problems: [doorProblems.not_found],
  async run(ctx, { source, look }) {
    const now = () => instantOf(ctx.node.source.nowMs())
    const { row, known } = await ctx.step(async (tx) => {
      const taken = await moveLook(tx, source, { look, from: 'waiting', on: 'take', at: now() })
      return { row: taken ? await findSource(tx, source) : undefined, known: await tablesOf(tx, source) }
    })
    // Cancelled before it began, or gone with its source.
    if (row === undefined) return { look: await lookOf(ctx, source, look) }
    const life = keepAlive(ctx, source, look)
    try {
      await looked(ctx, row, known, look, life)
    } catch (error) {
      if (!(error instanceof LookStopped)) await failed(ctx, row, look, error)
    } finally {
      await life.stop()
    }
    return { look: await lookOf(ctx, source, look) }
  },
})

/** `null` where the source is gone, or is looked through for somebody else by now. */
async function lookOf(ctx: StepsContext, source: SourceRow['id'], look: Look['id']): Promise<Look | null> {
  const found = await ctx.step((tx) => findLook(tx, source))
  return found?.id === look ? found : null
}

function looked(ctx: StepsContext, row: SourceRow, known: readonly TableRow[], look: Look['id'], life: LookLife): Promise<void> {
  const telling = (step: LookStep) => (tables: number, of: number) => life.tell({ step, tables, of_tables: of })
  return withSource(ctx.node, ctx.tenant, row, (connection) =>
    unlessStopped(life.signal, async () => {
      const { server, readOnly } = await connection.check()
      const tables = await connection.discover(telling('tables'))
      const found = await differences(tables, known, { connection, signal: life.signal, tell: telling('columns') })
      await ctx.step(async (tx) => {
        // The source first, as whoever cancels does, so that one waits for the other.
        const source = await findSource(tx, row.id, 'lock')
        if (source === undefined) throw new LookStopped()
        await keepHealth(tx, row.id, { health: 'healthy', health_detail: null, health_said: null, checked_at: ctx.now, server, read_only: readOnly })
        const difference = await keep(ctx, tx, source, found, leftOut(tables))
        const at = instantOf(ctx.node.source.nowMs())
        if (!(await moveLook(tx, row.id, { look, from: 'looking', on: 'keep', at, found: difference }))) throw new LookStopped()
      })
    }),
  )
}

/** A source that is silent keeps nobody who has stopped: the connection is closed at once, which ends the work. */
function unlessStopped(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    work().then(resolve, reject)
  })
}

/** What is wrong with the source is a finding. Anything else is told as an error of the node, and is one. */
async function failed(ctx: StepsContext, { id }: SourceRow, look: Look['id'], error: unknown): Promise<void> {
  const at = instantOf(ctx.node.source.nowMs())
  const problem = error instanceof ConnectorError ? problemOf(error) : undefined
  const { type, title } = problem?.kind ?? doorProblems.internal
  const fault = { type, title, detail: problem?.detail ?? null, said: error instanceof ConnectorError ? (error.said ?? null) : null }
  await ctx.step(async (tx) => {
    if (error instanceof ConnectorError) await keepHealth(tx, id, healthFrom(error, at))
    await moveLook(tx, id, { look, from: 'looking', on: 'fail', at, fault })
  })
  if (problem === undefined) throw error
}
