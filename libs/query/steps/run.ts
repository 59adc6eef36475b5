/** One step, from its inputs to its output; where the tables lie and who asked is not known here. */
import type { Primitives } from '@gatehouse/crypto/primitives'
import { secureRandom } from '@gatehouse/privacy/random/secure'
import { type Dataset, datasetFrom } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { maskOf } from '@gatehouse/tabular/predicate-evaluate'
import { chunksOf, countIn, joinChunks, keepRows } from '@gatehouse/tabular/rows'
import { gathered, type HeldSession, meet, numberItems, recalled, sealItems, takeTurn } from '../session/steps.ts'
import { aggregate } from './aggregate.ts'
import { type ExtractSecrets, extraction } from './extract.ts'
import { encodings, type GroupSecrets, group } from './group.ts'
import { link } from './link.ts'
import { protect } from './protect.ts'
import type { StepFacts, StepSpec } from './step.ts'
import { treat } from './treat.ts'
import type { Decision, DoubtfulPair } from './weigh.ts'
import { peopleOf, write } from './write.ts'

/** Keys and lists that a step needs and no plan holds. */
export interface StepSecrets extends ExtractSecrets, GroupSecrets {
  /** Under which values are masked; 32 bytes. */
  readonly mask?: Uint8Array
  readonly decisions?: readonly Decision[]
  /** Where people are linked across nodes by one. */
  readonly session?: HeldSession
}

export interface StepInput {
  readonly fields: readonly Field[]
  /** The rows are filtered by their source already. */
  readonly filtered: boolean
  chunks(): AsyncIterable<Dataset> | Iterable<Dataset>
  /** The same rows as one table, where whoever calls has them at hand; the chunks are then not asked for. */
  readonly whole?: Dataset
}

export interface StepContext {
  readonly primitives: Primitives
  readonly secrets: StepSecrets
  readonly rowsPerChunk: number
  /** Facts of an extraction that broke off; what comes is the rows behind it. */
  readonly before?: StepFacts
}

export interface StepOutput {
  readonly fields: readonly Field[]
  /** To be taken once; the facts are whole when it has ended. One chunk for each of an extraction's input, empty ones too. */
  readonly chunks: AsyncIterable<Dataset> | Iterable<Dataset>
  facts(): StepFacts
  /** The same rows as one table, where the step made them so. */
  readonly whole?: Dataset
  /** Who is in what the step gives out; see `peopleOf`. */
  readonly people?: Uint8Array
  readonly doubtful?: readonly DoubtfulPair[]
}

/** @throws StepStop where a check says that the run ends; errors of the engines where a table does not fit its plan */
export async function runStep(step: StepSpec, inputs: readonly StepInput[], context: StepContext): Promise<StepOutput> {
  const { primitives, secrets } = context
  if (step.kind === 'extract') return extract(step, inputs[0] as StepInput, context)
  if (step.kind === 'count') return count(step, inputs[0] as StepInput, context)
  const tables = await Promise.all(inputs.map(wholeOf))
  const first = tables[0] as Dataset
  const random = secureRandom(primitives.randomBytes)
  switch (step.kind) {
    case 'encode': {
      const { dataset, facts } = encodings(primitives, first, secrets)
      return whole(dataset, facts, context)
    }
    case 'group': {
      const { dataset, facts } = group(primitives, step.params.source, first, secrets)
      return whole(dataset, facts, context)
    }
    case 'protect': {
      const { dataset, facts } = protect(step.params, first)
      return whole(dataset, facts, context)
    }
    case 'number':
    case 'seal':
    case 'gather':
    case 'turn':
    case 'meet':
      return sessionStep(step, tables, context)
    case 'link': {
      const sources = step.params.parties === undefined ? tables : recalled(step.params, tables.slice(0, -1), tables.at(-1) as Dataset, heldBy(secrets))
      const { dataset, facts, doubtful } = link(step.params, sources, secrets.decisions ?? [])
      return { ...whole(dataset, facts, context), doubtful }
    }
    case 'select': {
      const kept = keepRows(first, maskOf(step.params.cohort, first))
      const facts: StepFacts = {
        kind: 'select',
        rows_in: first.rowCount,
        rows_out: kept.rowCount,
        cells_changed: 0,
        reasons: { not_in_cohort: first.rowCount - kept.rowCount },
      }
      return whole(kept, facts, context)
    }
    case 'treat': {
      const masks = secrets.mask === undefined ? {} : { masks: { primitives, key: secrets.mask } }
      const { dataset, facts } = await treat(step.params.plan, first, { random, ...masks })
      return whole(dataset, facts, context)
    }
    case 'aggregate': {
      const { dataset, facts } = aggregate(step.params, first, random)
      return { ...whole(dataset, facts, context), ...people(first) }
    }
    case 'write': {
      const { dataset, facts } = write(step.params, first, random)
      return { ...whole(dataset, facts, context), ...people(first) }
    }
  }
}

type SessionStep = Extract<StepSpec, { kind: 'number' | 'seal' | 'gather' | 'turn' | 'meet' }>

async function sessionStep(step: SessionStep, tables: readonly Dataset[], context: StepContext): Promise<StepOutput> {
  const { primitives, secrets } = context
  const first = tables[0] as Dataset
  const made = (dataset: Dataset, more: Partial<StepFacts> = {}): StepOutput =>
    whole(dataset, { kind: step.kind, rows_in: first.rowCount, rows_out: dataset.rowCount, cells_changed: 0, reasons: {}, ...more }, context)
  switch (step.kind) {
    case 'number': {
      const { dataset, items } = numberItems(first, step.params.passes)
      return made(dataset, { items })
    }
    case 'seal':
      return made(await sealItems(first, step.params.passes, step.params.source, heldBy(secrets), primitives))
    case 'gather':
      return made(gathered(tables.slice(0, tables.length - step.params.turns), tables.slice(tables.length - step.params.turns)))
    case 'turn': {
      const own = new Map(step.params.sources.map((source, at) => [source, tables[at + 1] as Dataset]))
      const { dataset, proof } = await takeTurn(first, own, heldBy(secrets), primitives)
      return made(dataset, { proof })
    }
    case 'meet':
      return made(await meet(first, heldBy(secrets), primitives))
  }
}

function heldBy({ session }: StepSecrets): HeldSession {
  if (session === undefined) throw new RangeError('the step is one of a session, and none is held')
  return session
}

function people(dataset: Dataset): Pick<StepOutput, 'people'> {
  const found = peopleOf(dataset)
  return found === undefined ? {} : { people: found }
}

function whole(dataset: Dataset, facts: StepFacts, { rowsPerChunk }: StepContext): StepOutput {
  return { fields: dataset.columns.map(({ field }) => field), chunks: chunksOf(dataset, rowsPerChunk), facts: () => facts, whole: dataset }
}

async function wholeOf({ fields, chunks, whole }: StepInput): Promise<Dataset> {
  if (whole !== undefined) return whole
  const parts: Dataset[] = []
  for await (const chunk of chunks()) parts.push(chunk)
  return parts.length === 0 ? datasetFrom(fields, []) : joinChunks(parts)
}

function extract({ params }: Extract<StepSpec, { kind: 'extract' }>, input: StepInput, { primitives, secrets, before }: StepContext): StepOutput {
  const options = { filter: !input.filtered, digests: true, ...(before === undefined ? {} : { before }) }
  const made = extraction(primitives, params, secrets, options)
  return {
    fields: extractedFields(primitives, params, secrets, input.fields),
    chunks: (async function* () {
      for await (const chunk of input.chunks()) yield made.chunk(chunk)
    })(),
    facts: () => made.facts(),
  }
}

/** What comes out of no row at all has the same fields: what an extraction gives, wherever it is made. */
export function extractedFields(
  primitives: Primitives,
  params: Extract<StepSpec, { kind: 'extract' }>['params'],
  secrets: StepSecrets,
  read: readonly Field[],
): readonly Field[] {
  // Nothing is filtered of nothing, and what a source filters by it does not give.
  const nothing = extraction(primitives, params, secrets, { filter: false, digests: true }).chunk(datasetFrom(read, []))
  return nothing.columns.map(({ field }) => field)
}

async function count(
  { params: { extract: params, cohort } }: Extract<StepSpec, { kind: 'count' }>,
  input: StepInput,
  { primitives, secrets }: StepContext,
): Promise<StepOutput> {
  const made = extraction(primitives, params, secrets, { filter: !input.filtered, digests: false })
  let meant = 0
  for await (const chunk of input.chunks()) {
    const rows = made.chunk(chunk)
    meant += cohort === undefined ? rows.rowCount : countIn(maskOf(cohort, rows))
  }
  const facts: StepFacts = { ...made.facts(), kind: 'count', rows_out: meant }
  return { fields: [], chunks: [], facts: () => facts }
}
