/**
 * Numbered plain SQL files, one folder per module, applied once and in order. A file that was applied may not change: its
 * checksum is kept. Migrations expand first and contract a version later, so that two versions can run side by side.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Database } from './db.ts'

export interface MigrationSet {
  /** The module's name and its schema in the database. */
  readonly module: string
  /** The folder with files such as `0001-create.sql`. */
  readonly directory: string
}

export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

/** Held while migrating, so that two processes that start together do not both apply a file. */
const lockKey = 4_730_311

const ground = `
CREATE SCHEMA IF NOT EXISTS gatehouse;
CREATE TABLE IF NOT EXISTS gatehouse.migration (
  module text NOT NULL, file text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (module, file)
);
CREATE OR REPLACE FUNCTION gatehouse.visible(row_tenant uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT row_tenant::text = current_setting('gatehouse.tenant', true) OR current_setting('gatehouse.tenant', true) = 'node' $$;
CREATE TABLE IF NOT EXISTS gatehouse.forgetting (tenant_id uuid PRIMARY KEY, since timestamptz NOT NULL DEFAULT now());
CREATE OR REPLACE FUNCTION gatehouse.may_forget() RETURNS boolean LANGUAGE sql STABLE AS
  $$ SELECT coalesce(current_setting('gatehouse.forget', true) = current_setting('gatehouse.tenant', true), false)
    AND EXISTS (SELECT FROM gatehouse.forgetting WHERE tenant_id::text = current_setting('gatehouse.tenant', true)) $$;
CREATE OR REPLACE PROCEDURE gatehouse.protect(tables text[]) LANGUAGE plpgsql AS $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY tables LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %s USING (gatehouse.visible(tenant_id)) WITH CHECK (gatehouse.visible(tenant_id))', name);
  END LOOP;
END $$;
`

/**
 * Applies what is missing, in the order of the sets.
 * @returns how many files were applied
 * @throws MigrationError for a file that changed after it was applied, or whose SQL fails (named with its place)
 */
export async function migrate(database: Database, sets: readonly MigrationSet[], progress: (file: string) => void = () => {}): Promise<number> {
  return database.connection(async (client) => {
    // Waiting for another process and changing large tables may take longer than a statement of an act.
    await client.query('SET statement_timeout = 0')
    await client.query('SELECT pg_advisory_lock($1)', [lockKey])
    try {
      await client.query(ground)
      const applied = new Map<string, string>()
      for (const row of (await client.query<{ module: string; file: string; checksum: string }>('SELECT module, file, checksum FROM gatehouse.migration'))
        .rows) {
        applied.set(`${row.module}/${row.file}`, row.checksum)
      }
      let count = 0
      for (const set of sets) {
        const files = (await readdir(set.directory)).filter((file) => file.endsWith('.sql')).sort()
        for (const file of files) {
          const text = await readFile(join(set.directory, file), 'utf8')
          const checksum = createHash('sha256').update(text).digest('hex')
          const before = applied.get(`${set.module}/${file}`)
          if (before === checksum) continue
          if (before !== undefined) throw new MigrationError(`migration ${set.module}/${file} was changed after it was applied; add a new file instead`)
          progress(`${set.module}/${basename(file, '.sql')}`)
          await client.query('BEGIN')
          try {
            await client.query(text)
            await client.query('INSERT INTO gatehouse.migration (module, file, checksum) VALUES ($1, $2, $3)', [set.module, file, checksum])
            await client.query('COMMIT')
          } catch (error) {
            await client.query('ROLLBACK')
            throw new MigrationError(`migration ${set.module}/${file} failed${lineOf(text, error)}: ${(error as Error).message}`, { cause: error })
          }
          count++
        }
      }
      return count
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [lockKey])
      await client.query('RESET statement_timeout')
    }
  })
}

/** PostgreSQL names the place in an error as a position, from 1, in the text it was sent. */
function lineOf(text: string, error: unknown): string {
  const position = Number((error as { position?: unknown }).position)
  return Number.isInteger(position) ? ` at line ${text.slice(0, position - 1).split('\n').length}` : ''
}
