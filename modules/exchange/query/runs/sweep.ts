/** Scratch folders of runs that are over, and objects of results that have ended: noise already, and nobody's. */
import { isUuid } from '@gatehouse/core/id'

import { type BlobStore, listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { livingRuns } from './store.ts'

export async function forgetFiles(blobs: BlobStore, prefix: string): Promise<number> {
  let deleted = 0
  for await (const { name } of listAll(blobs, prefix)) {
    await blobs.delete(name)
    deleted++
  }
  return deleted
}

export const sweepQueue = 'query-sweep'

export const sweepScratch = operation({
  name: 'query.sweep',
  kind: 'steps',
  summary: 'Delete scratch files that no run needs any more',
  description: 'Their keys are gone with their runs. A run deletes its own; what a killed process left goes here.',
  input: z.strictObject({}),
  output: z.strictObject({ seen: z.int(), swept: z.int() }),
  access: { action: 'use', on: () => ({ type: 'query_run' }) },
  audit: (_input, counts) => ({ details: counts }),
  async run({ node }) {
    const living = new Set(await node.database.transaction('node', livingRuns))
    let [seen, swept] = [0, 0]
    for await (const { name } of listAll(node.blobs, 'scratch/')) {
      seen++
      const [, tenant = '', run = ''] = name.split('/')
      if (!isUuid(tenant) || !isUuid(run) || living.has(run)) continue
      await node.blobs.delete(name)
      swept++
    }
    return { seen, swept }
  },
})
