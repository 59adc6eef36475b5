import { instantOf } from '@gatehouse/core/instant'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { connectorsOf, fileKind } from '../connectors/kinds.ts'
import type { Source } from '../schema.ts'
import { type SourceRow, tableCounts } from '../store.ts'
import { secretTimes } from './connect.ts'

export async function viewsOf(ctx: StepsContext, rows: readonly SourceRow[]): Promise<Source[]> {
  const counts = await ctx.step((tx) =>
    tableCounts(
      tx,
      rows.map(({ id }) => id),
    ),
  )
  const changedMs = await secretTimes(ctx.node, ctx.tenant)
  const connectors = connectorsOf(ctx.node)
  return rows.map(({ health, health_detail: detail, health_said: said, checked_at, server, read_only, ...row }) => {
    const secretMs = changedMs(row.id)
    return {
      ...row,
      health: { state: health, detail, said, checked_at, server, read_only },
      secret: {
        needed: row.kind !== fileKind && connectors.get(row.kind)?.secret !== undefined,
        changed_at: secretMs === undefined ? null : instantOf(secretMs),
      },
      tables: counts.get(row.id) ?? 0,
    }
  })
}

export async function viewOf(ctx: StepsContext, row: SourceRow): Promise<Source> {
  return (await viewsOf(ctx, [row]))[0] as Source
}
