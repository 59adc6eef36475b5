import { listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { everyDocument } from './names.ts'
import { orphanMs, sweepPage } from './schema.ts'
import { knownBlobs } from './store.ts'
import { deleteExpired } from './uploads/store.ts'

export const sweepOrphans = operation({
  name: 'documents.sweep',
  kind: 'steps',
  summary: 'Delete objects that no document knows',
  description: 'They are left by uploads and deletions that were cut short. Nobody sees them, and after a day they go.',
  input: z.strictObject({}),
  output: z.strictObject({ seen: z.number().int(), swept: z.number().int(), uploads: z.number().int().describe('that were over their time') }),
  access: { action: 'use', on: () => ({ type: 'document' }) },
  audit: (_input, counts) => ({ details: counts }),
  async run(ctx) {
    const { node, now } = ctx
    const uploads = await node.database.transaction('node', (tx) => deleteExpired(tx, now))
    let seen = 0
    let swept = 0
    let page: string[] = []
    const finish = async () => {
      swept += await sweepNames(ctx, page)
      page = []
    }
    for await (const { name, modifiedMs } of listAll(ctx.node.blobs, everyDocument)) {
      seen++
      if (ctx.nowMs - modifiedMs < orphanMs) continue
      if (page.push(name) === sweepPage) await finish()
    }
    await finish()
    return { seen, swept, uploads }
  },
})

async function sweepNames({ node }: StepsContext, names: readonly string[]): Promise<number> {
  if (names.length === 0) return 0
  const known = await node.database.transaction('node', (tx) => knownBlobs(tx, names))
  const orphans = names.filter((name) => !known.has(name))
  for (const name of orphans) await node.blobs.delete(name)
  return orphans.length
}
