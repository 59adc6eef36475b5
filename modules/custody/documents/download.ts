import { idSchema, slugSchema } from '@gatehouse/core/schema'
import { type FileAnswer, operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { subjectById } from '../../subjects/index.ts'
import { begun, contentOf } from './content.ts'
import { documentKey } from './keys.ts'
import { problems } from './problems.ts'
import { rangeOf } from './range.ts'
import { mediaTypes } from './schema.ts'
import { endingOf } from './sniff.ts'
import { findVersion } from './store.ts'
import { visibleDocument } from './visible.ts'

const rangeText = z
  .string()
  .max(100)
  .regex(/^[\x20-\x7e]*$/)
const fileAnswer = z.custom<FileAnswer>((value) => typeof value === 'object' && value !== null && 'chunks' in value)

export const downloadVersion = operation({
  name: 'documents.download',
  kind: 'steps',
  answers: 'file',
  ranges: true,
  mediaTypes,
  summary: 'Read a file',
  description:
    'For a purpose, which the ledger keeps. A file in quarantine and one in which something was found are not handed out. A part of it is asked for by the header ' +
    '`Range` (RFC 9110), or by `range`: what broke goes on where it broke, since a version never changes.',
  input: z.strictObject({ document: idSchema('document'), version: z.coerce.number().int().min(1), purpose: slugSchema, range: rangeText.optional() }),
  output: fileAnswer,
  access: { action: 'export', on: ({ document }) => ({ type: 'document', id: document }) },
  audit: ({ document, version, purpose, range }) => ({
    object: { kind: 'document', id: document },
    purpose,
    details: { version, ...(range === undefined ? {} : { range }) },
  }),
  http: { method: 'GET', path: '/v1/documents/:document/versions/:version/content' },
  example: { input: { document: '0198c1de-7b3a-7c4d-8e5f-000000000001', version: 1, purpose: 'treatment' } },
  problems: [doorProblems.not_found, problems.quarantined, problems.infected, problems.unreadable, problems.range_unsatisfiable],
  async run(ctx, input) {
    const facts = { object: { kind: 'document', id: input.document }, purpose: input.purpose, details: { version: input.version } }
    const found = await ctx.step(async (tx) => {
      const document = await visibleDocument(tx, input.document)
      const version = document === undefined ? undefined : await findVersion(tx, input.document, input.version)
      if (document === undefined || version === undefined) return refuse(doorProblems.not_found, undefined, facts)
      if (version.scan === 'pending') return refuse(problems.quarantined, undefined, facts)
      if (version.scan === 'infected') return refuse(problems.infected, undefined, facts)
      const key = await documentKey(tx, ctx.node, ctx.tenant, document)
      if (key === undefined) return refuse(problems.unreadable, undefined, facts)
      const subject = document.subject_id === null ? undefined : await subjectById(tx, document.subject_id)
      if (subject !== undefined) ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
      return { version, key }
    })
    if (found instanceof Refusal) return found
    const { bytes: size } = found.version
    const part = rangeOf(input.range, size)
    if (part === 'none') return refuse(problems.range_unsatisfiable, `the file has ${size} bytes`, facts)
    const content = await contentOf(ctx.node, ctx.tenant, found.key, found.version, part)
    const chunks = content === undefined ? undefined : await begun(content)
    if (chunks === undefined) return refuse(problems.unreadable, undefined, facts)
    const { media_type: mediaType, version } = found.version
    return {
      name: `document-${input.document.slice(-12)}-v${version}.${endingOf(mediaType)}`,
      mediaType,
      size,
      ...(part === undefined ? {} : { part }),
      chunks,
    }
  },
})
