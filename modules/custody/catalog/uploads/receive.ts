/** How a file becomes the newest version of a table. Until the last step the version before is what everybody reads. */
import { createHash } from 'node:crypto'
import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { fromHex, lengthPrefixed } from '@gatehouse/crypto/bytes'
import type { Tx } from '@gatehouse/runtime/data/db'
import { Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { problems } from '../problems.ts'
import { limits, type UploadFormat } from '../schema.ts'
import {
  findSource,
  insertChange,
  insertTable,
  insertUpload,
  markDiscovered,
  releaseFiles,
  type TableRow,
  tablesOf,
  type UploadRow,
  updateTable,
  uploadsOf,
} from '../store.ts'
import { deleteTable, writeTable } from '../table-files/write-table.ts'
import { fieldOf } from '../tables/by-reference.ts'
import type { Merged } from '../tables/merge.ts'
import { fileColumns } from './columns.ts'
import { type Conversion, convert, type FileColumn } from './convert.ts'
import { fileKey, fileName } from './file-key.ts'
import { formatOfBytes, rowsOf } from './formats.ts'
import { FileError } from './rows.ts'
import { type Spool, spool } from './spool.ts'
import { type Surveyed, survey } from './survey.ts'

export interface Asked {
  readonly source: Id<'data_source'>
  readonly slug: string
  readonly title: string | undefined
  readonly format: UploadFormat | undefined
  readonly sheet: string | undefined
  /** In hex; what arrives as another file is refused. */
  readonly sha256: string | undefined
}

export interface Received {
  readonly table: TableRow
  readonly upload: UploadRow
  /** The file is the newest version already. */
  readonly repeated: boolean
}

export async function receive(ctx: StepsContext, asked: Asked, body: AsyncIterable<Uint8Array>): Promise<Received | Refusal> {
  const upload = ctx.newId<'upload'>()
  const coming = watched(body)
  const head = await coming.head()
  const format = asked.format ?? formatOfBytes(head)
  const file = await spool(ctx.node, upload, coming.body())
  try {
    const sha256 = coming.sha256()
    const { equal } = ctx.node.keys.primitives
    if (asked.sha256 !== undefined && !equal(fromHex(asked.sha256) ?? new Uint8Array(), sha256))
      return refuse(problems.file_refused, 'what arrived is not what was announced: send the file again')
    // Read in another way it is another table.
    const read = lengthPrefixed([sha256, format, asked.sheet ?? ''])
    const digest = ctx.node.keys.primitives.hmacSha256(await ctx.node.keys.secret(ctx.tenant, 'catalog/digests'), read)
    const before = await ctx.step(async (tx) => {
      const table = (await tablesOf(tx, asked.source)).find(({ slug }) => slug === asked.slug)
      const [newest] = table === undefined ? [] : await uploadsOf(tx, table.id, 1)
      return table && newest && { table, newest }
    })
    if (before !== undefined && before.newest.file !== null && equal(before.newest.digest, digest))
      return { table: before.table, upload: before.newest, repeated: true }
    return await converted(ctx, asked, { upload, file, format, digest, before: before?.table })
  } catch (error) {
    if (error instanceof FileError) return refuse(problems.file_refused, error.message)
    throw error
  } finally {
    await file.remove()
  }
}

interface Coming {
  readonly upload: Id<'upload'>
  readonly file: Spool
  readonly format: UploadFormat
  readonly digest: Uint8Array
  readonly before: TableRow | undefined
}

async function converted(ctx: StepsContext, asked: Asked, { upload, file, format, digest, before }: Coming): Promise<Received | Refusal> {
  const { node, tenant } = ctx
  const surveyed = await surveyOf(file, format, asked.sheet)
  const merged = fileColumns(before, surveyed)
  const present = new Set(surveyed.columns)
  const columns = merged.columns
    .filter(({ column }) => present.has(column))
    .map((column): FileColumn => ({ column: column.column, field: fieldOf(column), date_order: column.date_order }))
  const conversion = convert(columns, (await rowsOf(file, format, asked.sheet)).batches)
  const name = fileName(tenant, upload)
  const key = await fileKey(node, tenant, name)
  try {
    await writeTable(
      node.blobs,
      node.keys.primitives,
      key,
      columns.map(({ field }) => field),
      conversion.chunks,
    )
    const kept = await ctx.step((tx) => keep(ctx, tx, asked, { upload, format, digest, bytes: file.bytes, name, merged, told: conversion.told() }))
    if (kept instanceof Refusal) await deleteTable(node.blobs, name)
    else for (const old of kept.released) await deleteTable(node.blobs, old)
    return kept
  } catch (error) {
    await deleteTable(node.blobs, name)
    throw error
  }
}

interface Converted {
  readonly upload: Id<'upload'>
  readonly format: UploadFormat
  readonly digest: Uint8Array
  readonly bytes: number
  readonly name: string
  readonly merged: Merged
  readonly told: ReturnType<Conversion['told']>
}

async function keep(
  ctx: StepsContext,
  tx: Tx,
  asked: Asked,
  { upload, format, digest, bytes, name, merged, told }: Converted,
): Promise<(Received & { released: readonly string[] }) | Refusal> {
  // Removed while the file was arriving?
  const source = await findSource(tx, asked.source, 'lock')
  if (source === undefined) return refuse(doorProblems.not_found)
  const tables = await tablesOf(tx, source.id, 'lock')
  const before = tables.find(({ slug }) => slug === asked.slug)
  if (before === undefined && tables.length >= limits.tablesPerSource)
    return refuse(problems.file_refused, `a source has at most ${limits.tablesPerSource} tables`)
  const columns = merged.columns.map((column) => ({ ...column, missing: told.missing.get(column.name) ?? 1 }))
  const changed = merged.changes.length > 0
  const table: TableRow =
    before === undefined
      ? {
          id: ctx.newId<'table'>(),
          source_id: source.id,
          slug: asked.slug,
          title: asked.title ?? asked.slug,
          description: null,
          name: asked.slug,
          columns,
          key: [],
          refers: [],
          rows: told.rows,
          floor: 10,
          schema_version: 1,
          gone: false,
          revision: 1,
          created_at: ctx.now,
        }
      : {
          ...before,
          title: asked.title ?? before.title,
          columns,
          rows: told.rows,
          gone: false,
          schema_version: before.schema_version + (changed ? 1 : 0),
          revision: before.revision + 1,
        }
  await (before === undefined ? insertTable(tx, table) : updateTable(tx, table))
  if (changed) await insertChange(tx, { table_id: table.id, schema_version: table.schema_version, changes: merged.changes, at: ctx.now })
  const [newest] = await uploadsOf(tx, table.id, 1)
  const row: UploadRow = {
    id: upload,
    table_id: table.id,
    version: (newest?.version ?? 0) + 1,
    schema_version: table.schema_version,
    file: name,
    format,
    bytes,
    rows: told.rows,
    bad_rows: told.bad_rows,
    faults: told.faults,
    digest,
    created_at: ctx.now,
    created_by: ctx.principal.id,
  }
  await insertUpload(tx, row)
  await markDiscovered(tx, source.id, ctx.now)
  ctx.publish({
    type: 'catalog.uploaded',
    subject: table.id,
    data: { table: table.id, reference: `${source.slug}.${table.slug}`, version: row.version, rows: row.rows },
  })
  return { table, upload: row, repeated: false, released: await releaseFiles(tx, table.id, limits.versionsKept) }
}

async function surveyOf(file: Spool, format: UploadFormat, sheet: string | undefined): Promise<Surveyed> {
  const { batches, sampled = batches, columns } = await rowsOf(file, format, sheet)
  const seen = survey()
  for await (const batch of sampled) seen.add(batch)
  return seen.done(columns())
}

/** The body with its beginning looked at, its digest taken and its length held to the bound. */
function watched(body: AsyncIterable<Uint8Array>) {
  const hash = createHash('sha256')
  const pieces = body[Symbol.asyncIterator]()
  let first: IteratorResult<Uint8Array> | undefined
  async function* passing(): AsyncGenerator<Uint8Array, void, undefined> {
    let bytes = 0
    for (let next = first ?? (await pieces.next()); !next.done; next = await pieces.next()) {
      bytes += next.value.length
      if (bytes > limits.fileBytesMax) throw new Problem(doorProblems.too_large, `a file has at most ${limits.fileBytesMax} bytes`)
      hash.update(next.value)
      yield next.value
    }
  }
  return {
    async head(): Promise<Uint8Array> {
      first = await pieces.next()
      return first.done ? new Uint8Array() : first.value.subarray(0, 1_024)
    },
    body: passing,
    sha256: () => new Uint8Array(hash.digest()),
  }
}
