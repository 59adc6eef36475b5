import { idSchema } from '@gatehouse/core/schema'
import { FrameError } from '@gatehouse/crypto/frames'
import { momentOf } from '@gatehouse/runtime/base/context'
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { contentOf } from './content.ts'
import { documentKey } from './keys.ts'
import { problems } from './problems.ts'
import { versionSchema } from './schema.ts'
import { findDocument, findVersion, keepVerdict } from './store.ts'
import { versionView } from './view.ts'
import { visibleDocument } from './visible.ts'

export const scanVersion = operation({
  name: 'documents.scan',
  kind: 'steps',
  summary: 'Let the scanner look through a file again',
  description: 'The node does it by itself after each upload. Without a scanner the file stays as it is.',
  input: z.strictObject({ document: idSchema('document'), version: z.coerce.number().int().min(1) }),
  output: versionSchema,
  access: { action: 'update', on: ({ document }) => ({ type: 'document', id: document }) },
  audit: ({ document }, { version, scan, signature }) => ({
    object: { kind: 'document', id: document },
    details: { version, scan, ...(signature === null ? {} : { signature }) },
  }),
  http: { method: 'POST', path: '/v1/documents/:document/versions/:version/scan' },
  example: { input: { document: '0198c1de-7b3a-7c4d-8e5f-000000000001', version: 1 } },
  problems: [doorProblems.not_found, doorProblems.unavailable, problems.unreadable],
  async run(ctx, { document, version }) {
    const found = await ctx.step(async (tx) => {
      const owner = await findDocument(tx, document)
      const row = owner === undefined ? undefined : await findVersion(tx, document, version)
      // The node looks through what is about a person who is hidden meanwhile; nobody else may know of it.
      const hidden = ctx.principal.kind !== 'system' && (await visibleDocument(tx, document)) === undefined
      if (owner === undefined || row === undefined || hidden) return refuse(doorProblems.not_found)
      const key = await documentKey(tx, ctx.node, ctx.tenant, owner)
      return key === undefined ? refuse(problems.unreadable) : { row, key }
    })
    if (found instanceof Refusal) return found
    const { scanner } = ctx.node
    if (scanner === undefined) return versionView(found.row)
    const content = await contentOf(ctx.node, ctx.tenant, found.key, found.row)
    if (content === undefined) return refuse(problems.unreadable)
    const result = await scanner.scan(content).catch((error: Error) => {
      if (error instanceof FrameError) return refuse(problems.unreadable)
      ctx.node.log.warn({ scanner: scanner.kind, fault: error.name }, 'a file could not be scanned and stays as it is')
      return refuse(doorProblems.unavailable, 'the scanner gave no verdict')
    })
    if (result instanceof Refusal) return result
    const { now } = momentOf(ctx.node.source)
    const verdict = { scan: result.verdict, signature: result.verdict === 'infected' ? result.signature : null, at: now }
    await ctx.step((tx) => keepVerdict(tx, found.row, verdict))
    if (verdict.scan === 'infected') ctx.publish({ type: 'documents.infected', subject: document, data: { document, version } })
    return versionView({ ...found.row, scan: verdict.scan, signature: verdict.signature, scanned_at: now })
  },
})
