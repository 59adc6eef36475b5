/** A small module for tests of the door and its edges: notes in a table of its own. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineProblems, Problem } from '@gatehouse/core/problem'
import { z } from 'zod'
import { defineModule, type Module } from '../module.ts'
import { type AnyOperation, operation, refuse } from '../operation.ts'
import type { TestNode } from './node.ts'

export const noteProblems = defineProblems('note', { full: { status: 409, title: 'The book is full', mend: 'Tear out a page.' } })

/** What was written to a migration file once serves every test of the process. */
export const noteMigrations = mkdtempSync(join(tmpdir(), 'gatehouse-note-'))
writeFileSync(
  join(noteMigrations, '0001-create.sql'),
  `CREATE SCHEMA note;
   CREATE TABLE note.note (tenant_id uuid NOT NULL, id uuid NOT NULL, text text NOT NULL, PRIMARY KEY (tenant_id, id));
   CALL gatehouse.protect(ARRAY['note.note']);`,
)

const input = z.strictObject({ text: z.string().max(20), mark: z.string().max(5).optional() })

/** Writes a note and announces it. `full` is refused after the writing, `broken` throws after it. */
export const writeNote = operation({
  name: 'note.write',
  summary: 'Write a note',
  input,
  output: z.strictObject({ id: z.string(), length: z.number() }),
  access: { action: 'create', on: () => ({ type: 'note' }) },
  audit: ({ text }, { id }) => ({ object: { kind: 'note', id }, details: { length: text.length } }),
  http: { method: 'POST', path: '/v1/notes', status: 201 },
  example: { input: { text: 'milk' } },
  problems: [noteProblems.full],
  async run(ctx, { text }) {
    const id = ctx.newId()
    await ctx.tx.query('INSERT INTO note.note (tenant_id, id, text) VALUES ($1, $2, $3)', [ctx.tenant, id, text])
    ctx.publish({ type: 'note.written', subject: id, data: { length: text.length } })
    if (text === 'full') return refuse(noteProblems.full, 'no page is left', { details: { pages: 0 } }, { pages: 0 })
    if (text === 'broken') throw new RangeError('Jane Example broke it')
    await ctx.enqueue('note/print', { note: id })
    return { id, length: text.length }
  },
})

export const noteModule = (...operations: AnyOperation[]): Module =>
  defineModule({ name: 'note', operations: [writeNote, ...operations], problems: noteProblems, migrations: noteMigrations })

export const notesIn = (node: TestNode): Promise<string[]> =>
  node.database.transaction('node', async (tx) => (await tx.query<{ text: string }>('SELECT text FROM note.note')).map(({ text }) => text))

export const eventsIn = (node: TestNode): Promise<{ type: string; entry_id: string }[]> =>
  node.database.transaction('node', (tx) => tx.query('SELECT type, entry_id FROM work.outbox'))

/** The problem that an act fails with. */
export async function problemWith(act: Promise<unknown>): Promise<Problem> {
  const error = await act.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Problem)) throw new Error(`a problem was expected, not ${String(error)}`)
  return error
}
