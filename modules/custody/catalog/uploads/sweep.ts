import { type Blob, listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { limits } from '../schema.ts'
import { knownFiles } from '../store.ts'
import { everyFile, everyScratch } from './file-key.ts'

const pageLength = 500

export const sweepUploads = operation({
  name: 'catalog.sweep',
  kind: 'steps',
  summary: 'Delete files of uploads that no version knows',
  description: 'They are left by uploads that were cut short and by deletions. Nobody sees them, and after a day they go.',
  input: z.strictObject({}),
  output: z.strictObject({ seen: z.int(), swept: z.int() }),
  access: { action: 'use', on: () => ({ type: 'data_source' }) },
  audit: (_input, counts) => ({ details: counts }),
  async run(ctx) {
    let seen = 0
    let swept = 0
    const old = ({ modifiedMs }: Blob) => ctx.nowMs - modifiedMs >= limits.orphanMs
    for await (const blob of listAll(ctx.node.blobs, everyScratch)) {
      seen++
      if (!old(blob)) continue
      await ctx.node.blobs.delete(blob.name)
      swept++
    }
    const page: string[] = []
    for await (const blob of listAll(ctx.node.blobs, everyFile)) {
      seen++
      if (old(blob) && page.push(blob.name) === pageLength) swept += await sweepObjects(ctx, page.splice(0))
    }
    return { seen, swept: swept + (await sweepObjects(ctx, page)) }
  },
})

/** An object belongs to the table file that is the folder it lies in. */
async function sweepObjects({ node }: StepsContext, names: readonly string[]): Promise<number> {
  const fileOf = (name: string) => name.slice(0, name.lastIndexOf('/'))
  const files = [...new Set(names.map(fileOf))]
  const known = await node.database.transaction('node', (tx) => knownFiles(tx, files))
  const orphans = names.filter((name) => !known.has(fileOf(name)))
  for (const name of orphans) await node.blobs.delete(name)
  return orphans.length
}
