/** The steps of one run, from the tables of the catalogue to the result's own file. What may be read was decided by whoever calls. */
import type { Id } from '@gatehouse/core/id'
import type { Excluded } from '@gatehouse/query/steps/exclude'
import type { StepSecrets } from '@gatehouse/query/steps/run'
import type { StepSpec } from '@gatehouse/query/steps/step'
import type { Node } from '@gatehouse/runtime/door/node'
import { packChunk } from '@gatehouse/tabular/chunk'
import type { Dataset } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { chunksOf } from '@gatehouse/tabular/rows'
import { type CatalogTable, type Manifest, openTable, readTable, type TableKey, tableKey } from '../../../custody/catalog/index.ts'
import type { JobChunk } from './executor.ts'
import { type AdoptedTable, adoptTable, type StepOutcome as Made, runStepOn, type StepTable, stepHash } from './run-step.ts'
import { threadExecutor } from './threads.ts'

export interface ExecutorInput {
  readonly tenant: Id<'tenant'>
  readonly run: string
  /** Everything between the steps is sealed under it, and is noise once it is gone. */
  readonly key: Uint8Array
  /** By the name that the plan gives the source. */
  readonly tables: ReadonlyMap<string, CatalogTable>
  readonly secrets: StepSecrets
  readonly excluded?: Excluded | undefined
  /** Where steps write whose output stays, by the step: the last one under the key of the result, those of a part under the part's. */
  readonly targets: ReadonlyMap<string, TableKey>
  /** No more rows of each source: for a trial, which takes the first there are. */
  readonly rowsPerSource?: number
}

export interface StepOutcome extends Made {
  readonly hash: string
}

export interface RunExecutor {
  /**
   * In the order of `planSteps`: a step finds the outputs of those before it by their ids.
   * @param options `onProgress` is told a share from 0 to 1 where the size of the source is known
   */
  run(
    step: StepSpec,
    inputs: readonly Manifest[],
    options: { readonly signal: AbortSignal; readonly onProgress?: (share: number) => void },
  ): Promise<StepOutcome>
  /** What another node made of the step, in its place: kept like an output of this one. */
  adopt(step: StepSpec, made: AdoptedTable, signal: AbortSignal): Promise<StepOutcome>
  /** The rows of a step's output, chunk by chunk. */
  read(output: Manifest): AsyncIterable<Dataset>
  close(): Promise<void>
}

/** The prefix of all scratch files of a run. */
export function scratchOf(tenant: Id<'tenant'>, run: string): string {
  return `scratch/${tenant}/${run}`
}

export function executorFor(node: Node, input: ExecutorInput): RunExecutor {
  const { tenant, run, tables } = input
  const { primitives } = node.keys
  const executor = threadExecutor()
  const secrets: StepSecrets = input.excluded === undefined ? input.secrets : { ...input.secrets, excluded: input.excluded }
  const keyOfHash = (hash: string): TableKey => tableKey(tenant, `${scratchOf(tenant, run)}/${hash}`, input.key)
  const keys = new Map<string, TableKey>()

  function inputsOf(
    step: StepSpec,
    manifests: readonly Manifest[],
    signal: AbortSignal,
  ): { readonly tables: StepTable[]; readonly read: (Manifest | string)[] } {
    if (step.kind === 'extract') {
      const table = tables.get(step.params.source)
      if (table === undefined) throw new RangeError(`the run has no table for the source ${step.params.source}`)
      return { tables: [liveTable(node, input, table, step, signal)], read: [`${table.reference} ${table.schema_version}`] }
    }
    return { tables: manifests.map((manifest) => ({ manifest, key: keys.get(manifest.file) as TableKey })), read: [...manifests] }
  }

  return {
    async run(step, manifests, { signal, onProgress }) {
      const inputs = inputsOf(step, manifests, signal)
      const hash = stepHash(primitives, step, inputs.read, secrets)
      const output = input.targets.get(step.id) ?? keyOfHash(hash)
      keys.set(output.file, output)
      const rows = step.kind === 'extract' ? (tables.get(step.params.source)?.rows ?? undefined) : undefined
      const told = rows === undefined || onProgress === undefined ? {} : { onProgress: (read: number) => onProgress(Math.min(1, read / Math.max(1, rows))) }
      const made = await runStepOn({ store: node.blobs, primitives }, executor, { step, inputs: inputs.tables, output, hash, secrets, signal, ...told })
      onProgress?.(1)
      return { ...made, hash }
    },
    async adopt(step, made, signal) {
      const hash = stepHash(primitives, step, [made.name], secrets)
      const output = keyOfHash(hash)
      keys.set(output.file, output)
      return { ...(await adoptTable({ store: node.blobs, primitives }, { output, hash, signal }, made)), hash }
    },
    read: (output) => readTable(node.blobs, primitives, keys.get(output.file) as TableKey, output),
    close: () => executor.close(),
  }
}

function liveTable(
  node: Node,
  { tenant, rowsPerSource }: ExecutorInput,
  table: CatalogTable,
  step: Extract<StepSpec, { kind: 'extract' }>,
  signal: AbortSignal,
): StepTable {
  const { columns, where, rowsMax } = step.params
  return {
    fields: columns.map((name) => table.columns.find((column) => column.name === name)?.field as Field),
    async open(resumeAfter) {
      const opened = await openTable(node, tenant, table, { columns, where, rowsMax, inKeyOrder: rowsPerSource === undefined, resumeAfter, signal })
      return packed(opened.chunks, rowsPerSource)
    },
  }
}

async function* packed(chunks: Awaited<ReturnType<typeof openTable>>['chunks'], rowsMax = Number.POSITIVE_INFINITY): AsyncGenerator<JobChunk, void, undefined> {
  let left = rowsMax
  for await (const chunk of chunks) {
    const [first = chunk] = left < chunk.rowCount ? chunksOf(chunk, left) : []
    yield { ...packChunk(first), after: chunk.after }
    left -= first.rowCount
    if (left <= 0) return
  }
}
