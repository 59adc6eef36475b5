import { idSchema } from '@gatehouse/core/schema'
import { operation, Refusal } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { byteStream, sha256Text } from './byte-stream.ts'
import { problems } from './problems.ts'
import { receive } from './receive.ts'
import { receivedSchema } from './schema.ts'
import { receivedFacts, receivedView } from './view.ts'
import { documentWithKey } from './visible.ts'

export const uploadVersion = operation({
  name: 'documents.upload',
  kind: 'steps',
  streams: true,
  summary: 'Send a file as the newest version of a document',
  description:
    'The body is the file itself. It is sealed as it arrives and waits in quarantine until the scanner has found nothing. The same file as the newest version ' +
    'makes no new one, so an upload that broke is simply sent again; for one that goes on where it broke, begin an upload. `sha256` lets the node refuse what ' +
    'was damaged on the way.',
  input: z.strictObject({ document: idSchema('document'), sha256: sha256Text.optional(), body: byteStream, media_type: z.string().max(200).optional() }),
  output: receivedSchema,
  access: { action: 'update', on: ({ document }) => ({ type: 'document', id: document }) },
  audit: receivedFacts,
  http: { method: 'POST', path: '/v1/documents/:document/versions' },
  problems: [doorProblems.not_found, doorProblems.too_large, problems.digest_mismatch, problems.unreadable, problems.too_many_versions],
  async run(ctx, { document, body, sha256 }) {
    const found = await ctx.step((tx) => documentWithKey(tx, ctx, document))
    if (found instanceof Refusal) return found
    const received = await receive(ctx, found, body, { sha256 })
    return received instanceof Refusal ? received : receivedView(received)
  },
})
