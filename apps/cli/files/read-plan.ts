/** A plan file, with the hierarchy files that it names. */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parsePlan } from '@gatehouse/privacy/plan/parse'
import type { Plan } from '@gatehouse/privacy/plan/schema'
import { TableError } from './table-error.ts'

export interface PlanFile {
  readonly path: string
  readonly plan: Plan
  /** Contents of the hierarchy files, by the path that the plan writes. */
  readonly hierarchyFiles: ReadonlyMap<string, Uint8Array>
  /** Every file that the plan names, where it stands. */
  readonly files: readonly string[]
  resolve(path: string): string
}

/** @throws TableError with every fault of the plan and its place */
export async function readPlan(path: string, insecureSeed = false): Promise<PlanFile> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new TableError('no_such_file', path, 'the plan cannot be read', undefined, { cause })
  })
  const read = parsePlan(parseJson(path, text), { insecureSeed })
  if (!read.ok) {
    const faults = read.errors.map(({ pointer, detail }) => `  ${pointer || '/'}: ${detail}`).join('\n')
    throw new TableError('bad_plan', path, `the plan cannot be used\n${faults}`)
  }
  const place = (named: string) => resolve(dirname(path), named)
  const hierarchyFiles = new Map<string, Uint8Array>()
  const files: string[] = []
  for (const { hierarchy } of Object.values(read.plan.columns)) {
    if (hierarchy?.kind !== 'file') continue
    files.push(place(hierarchy.path))
    const content = await readFile(place(hierarchy.path)).catch((cause: unknown) => {
      throw new TableError('no_such_file', place(hierarchy.path), `the hierarchy file cannot be read, which ${path} names`, undefined, { cause })
    })
    hierarchyFiles.set(hierarchy.path, content)
  }
  if (read.plan.population !== undefined) files.push(place(read.plan.population.path))
  return { path, plan: read.plan, hierarchyFiles, files, resolve: place }
}

/** The parser's own words quote the text; the place is enough. */
export function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    const at = Number(/position (\d+)/.exec((cause as Error).message)?.[1])
    const line = Number.isNaN(at) ? undefined : text.slice(0, at).split('\n').length
    throw new TableError('not_json', path, 'this is not JSON', line)
  }
}
