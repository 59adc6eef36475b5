/** The whole vault as it is sealed, one block a line, for whoever verifies it elsewhere. It opens nothing. */
import { idSchema } from '@gatehouse/core/schema'
import { type FileAnswer, operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { entryEvidence } from '../../ledger/index.ts'
import { blockOf } from './block.ts'
import { exportFormat, walkPageBlocks } from './schema.ts'
import { type WalkPlace, walkBlocks } from './store.ts'

const mediaType = 'application/x-ndjson'

/** Called `exportVault` because `export` is a word of the language. */
export const exportVault = operation({
  name: 'vault.export',
  summary: 'Export the sealed blocks of the vault for an independent verification',
  description:
    'NDJSON: a first line with the format and the newest checkpoint, then each block in the order of person and sequence, as it was signed. `readable` says whether a key is left to open it. An entry is written before the first line goes out.',
  kind: 'steps',
  answers: 'file',
  mediaTypes: [mediaType],
  input: z.strictObject({ subject: idSchema('subject').optional().describe('Only this person’s chain.') }),
  output: z.custom<FileAnswer>(),
  access: { action: 'export', on: () => ({ type: 'evidence' }) },
  audit: ({ subject }) => ({ details: { whole: subject === undefined } }),
  http: { method: 'GET', path: '/v1/vault/export' },
  example: { input: {} },
  async run(ctx, { subject }) {
    // The checkpoint before the first block: what the log states up to there must be in the file.
    const { checkpoint } = await entryEvidence(ctx.node, ctx.tenant, [])
    return {
      name: `vault-${ctx.now.slice(0, 10)}.ndjson`,
      mediaType: `${mediaType}; charset=utf-8`,
      chunks: lines(ctx, checkpoint, subject),
    }
  },
})

async function* lines(ctx: StepsContext, checkpoint: string, subject: Parameters<typeof walkBlocks>[2]): AsyncGenerator<string> {
  yield `${JSON.stringify({ format: exportFormat, created: ctx.now, checkpoint, ...(subject === undefined ? {} : { subject }) })}\n`
  let place: WalkPlace = { subject: '00000000-0000-0000-0000-000000000000', sequence: 0 }
  for (;;) {
    const rows = await ctx.step((tx) => walkBlocks(tx, place, subject, walkPageBlocks))
    const last = rows.at(-1)
    if (last === undefined) return
    place = { subject: last.subject_id, sequence: last.sequence }
    yield rows.map((row) => `${JSON.stringify({ ...blockOf(row), readable: row.readable })}\n`).join('')
  }
}
