import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ConnectorError } from '../connectors/connector.ts'
import { fileKind } from '../connectors/kinds.ts'
import { problems } from '../problems.ts'
import { limits, sourceInput, tableSchema, tableSlug, uploadFormats, uploadSchema } from '../schema.ts'
import { problemOf } from '../sources/connect.ts'
import { findSource } from '../store.ts'
import { tableView, uploadView } from '../tables/view.ts'
import { receive } from './receive.ts'

/** The body of a request, as it comes. */
const byteStream = z.custom<AsyncIterable<Uint8Array>>(
  (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
  'send the file as the body of the request',
)

export const uploadTable = operation({
  name: 'catalog.upload',
  kind: 'steps',
  streams: true,
  summary: 'Send a file as a table of a source, or as the newest version of one',
  description:
    'The body is the file: CSV, NDJSON, JSON (an array of flat objects), Parquet or Excel (xlsx); told by its first bytes unless `format` says so. Types and roles are proposed from its rows; what was agreed on for an earlier version stays. Rows that cannot be read are left out, counted and told by reason. Until all of it is kept, the version before is what is read. The same file again makes no new version.',
  input: sourceInput.extend({
    name: tableSlug,
    title: z.string().trim().min(1).max(limits.titleMax).optional(),
    format: z.enum(uploadFormats).optional(),
    sheet: z.string().min(1).max(31).optional().describe('of a spreadsheet; the first unless named'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits')
      .optional()
      .describe('lets the node refuse what was damaged on the way'),
    body: byteStream,
    media_type: z.string().max(200).optional(),
  }),
  output: z.strictObject({ table: tableSchema, upload: uploadSchema, repeated: z.boolean() }),
  access: { action: 'update', on: ({ source }) => ({ type: 'data_source', id: source }) },
  audit: ({ source }, { table, upload, repeated }) => ({
    object: { kind: 'data_source', id: source },
    details: { table: table.id, version: upload.version, format: upload.format, bytes: upload.bytes, rows: upload.rows, bad_rows: upload.bad_rows, repeated },
  }),
  http: { method: 'POST', path: '/v1/data-sources/:source/uploads', status: 201 },
  problems: [doorProblems.not_found, doorProblems.too_large, problems.not_for_uploads, problems.paused, problems.file_refused, problems.not_installed],
  async run(ctx, { source, name, title, format, sheet, sha256, body }) {
    const row = await ctx.step((tx) => findSource(tx, source))
    if (row === undefined) return refuse(doorProblems.not_found)
    if (row.kind !== fileKind) return refuse(problems.not_for_uploads)
    if (row.state === 'paused') return refuse(problems.paused)
    const received = await receive(ctx, { source, slug: name, title, format, sheet, sha256 }, body).catch((error: unknown) => {
      throw error instanceof ConnectorError ? problemOf(error) : error
    })
    if (received instanceof Refusal) return received
    const { table, upload, repeated } = received
    return { table: tableView({ ...table, reference: `${row.slug}.${table.slug}` }), upload: uploadView(upload), repeated }
  },
})
