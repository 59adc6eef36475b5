/**
 * Writes the rows that were not taken, as they stand in the file, each with its reason, so that they can be mended and sent
 * again. They are people's data: only the user who ran the command can read the file.
 */
import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { csvWriter } from '@gatehouse/tabular/csv-writer'
import type { Reject } from './import-file.ts'

export async function writeRejects(source: string, target: string, rejects: readonly Reject[]): Promise<void> {
  const originals = await linesOf(source, new Set(rejects.map(({ line }) => line)))
  const writer = csvWriter()
  const rows = rejects.map(({ line, column, message }) => writer.row([line, column ?? null, message, originals.get(line) ?? null]))
  await writeFile(target, [writer.row(['line', 'column', 'reason', 'original']), ...rows].join(''), { mode: 0o600 })
}

async function linesOf(path: string, wanted: ReadonlySet<number>): Promise<Map<number, string>> {
  const found = new Map<number, string>()
  let number = 0
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (wanted.has(number)) found.set(number, line)
    if (found.size === wanted.size) break
  }
  return found
}
