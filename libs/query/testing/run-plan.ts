/** A plan run in memory from beginning to end, step by step: what the node does without its tables, its threads and its questions. */
import { nodePrimitives } from '@gatehouse/crypto/node'
import { type Dataset, rowsOf } from '@gatehouse/tabular/dataset'
import { chunksOf, joinChunks } from '@gatehouse/tabular/rows'
import type { SourceRecord } from '@gatehouse/tabular/value'
import { parsePlan } from '../plan/parse.ts'
import type { PlanTable } from '../plan/table.ts'
import { planSteps } from '../steps/plan-steps.ts'
import { runStep, type StepInput, type StepOutput, type StepSecrets } from '../steps/run.ts'
import type { StepFacts } from '../steps/step.ts'

export const testSecrets: StepSecrets = {
  person: new Uint8Array(32).fill(7),
  token: {
    audience: 'project-1',
    keyId: 'k1',
    key: new Uint8Array(32).fill(9),
    notBefore: '2026-01-01T00:00:00.000Z' as never,
    notAfter: '2027-01-01T00:00:00.000Z' as never,
  },
  mask: new Uint8Array(32).fill(3),
  row: new Uint8Array(32).fill(5),
}

export interface PlanOutcome {
  readonly rows: SourceRecord[]
  readonly result: Dataset
  readonly facts: ReadonlyMap<string, StepFacts>
  readonly outputs: ReadonlyMap<string, StepOutput>
}

export async function runPlanInMemory(
  json: unknown,
  tables: ReadonlyMap<string, PlanTable>,
  data: ReadonlyMap<string, Dataset>,
  secrets: StepSecrets = testSecrets,
  rowsPerChunk = 7,
): Promise<PlanOutcome> {
  const read = parsePlan(json)
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  const made = new Map<string, Dataset>()
  const facts = new Map<string, StepFacts>()
  const outputs = new Map<string, StepOutput>()
  for (const step of planSteps(read.value, tables)) {
    const source = step.kind === 'extract' ? data.get(step.params.source) : undefined
    const inputs = (source === undefined ? step.inputs.map((id) => made.get(id) as Dataset) : [source]).map(
      (dataset): StepInput => ({ fields: dataset.columns.map(({ field }) => field), filtered: false, chunks: () => chunksOf(dataset, rowsPerChunk) }),
    )
    const output = await runStep(step, inputs, { primitives: nodePrimitives, secrets, rowsPerChunk })
    const chunks: Dataset[] = []
    for await (const chunk of output.chunks) chunks.push(chunk)
    const empty: Dataset = {
      rowCount: 0,
      columns: output.fields.map((field) =>
        field.type === 'integer' || field.type === 'number'
          ? { kind: 'number', field, values: new Float64Array() }
          : { kind: 'dictionary', field, codes: new Int32Array(), dictionary: [] },
      ),
    }
    made.set(step.id, chunks.length === 0 ? empty : joinChunks(chunks))
    outputs.set(step.id, output)
    facts.set(step.id, output.facts())
  }
  const result = made.get('write') as Dataset
  return { rows: [...rowsOf(result)], result, facts, outputs }
}
