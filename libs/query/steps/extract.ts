/**
 * A source from its rows to what later steps may know of it, chunk by chunk: who objected goes first, then it is prepared, then digests
 * stand in place of what people are told by. Of the columns that were read only for that, nothing comes out.
 */
import type { Primitives } from '@gatehouse/crypto/primitives'
import { rowNames } from '@gatehouse/linkage/token/row-name'
import { type Column, columnOf, type Dataset } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { withField } from '@gatehouse/tabular/packed-texts'
import { maskOf } from '@gatehouse/tabular/predicate-evaluate'
import { keepRows } from '@gatehouse/tabular/rows'
import { lostOf, mapTexts, type NewText, retype } from './columns.ts'
import { StageCounts } from './counts.ts'
import { type EncodeSecrets, encoding } from './encode.ts'
import { type Excluded, exclude } from './exclude.ts'
import { preparer, remembers } from './prepare.ts'
import { type ExtractParams, hidden, type KeyField, type StageFacts, type StepFacts, stageKinds } from './step.ts'
import { canonicalizerOf, digestRows, type TokenKeys, tokenise } from './tokenise.ts'

export interface ExtractSecrets extends TokenKeys, EncodeSecrets {
  /** Names the rows that evidence is weighed of; 32 bytes, of the project. */
  readonly row?: Uint8Array
  readonly excluded?: Excluded
}

export interface Extraction {
  /** A chunk as the source gives it; what comes out may be empty. */
  chunk(read: Dataset): Dataset
  facts(): StepFacts
}

/** Whether an extraction can go on behind a crash with nothing but its facts. */
export function resumable({ prepare }: ExtractParams): boolean {
  return !remembers(prepare)
}

export interface ExtractOptions {
  /** The rows that come are all rows, and the filter of the plan is still to be asked; a source filters by itself. */
  readonly filter: boolean
  /** What people are told by is not asked for where rows are only counted. */
  readonly digests: boolean
  /** The facts of what was extracted until a crash. */
  readonly before?: StepFacts
}

export function extraction(primitives: Primitives, params: ExtractParams, secrets: ExtractSecrets, { filter, digests, before }: ExtractOptions): Extraction {
  const [read, excluding, preparing, tokenising] = stageKinds.map(
    (kind) =>
      new StageCounts(
        kind,
        before?.stages?.find((stage) => stage.kind === kind),
      ),
  ) as [StageCounts, StageCounts, StageCounts, StageCounts]
  const prepare = preparer(params.prepare, preparing)
  const { subject, where, passes, elements, keys, rowKey = [], apart } = params
  const encode = params.encode === undefined || !digests ? undefined : encoding(primitives, params.encode, secrets)
  const leaveOut = subject === undefined || secrets.excluded === undefined ? undefined : { subject, excluded: secrets.excluded }
  return {
    chunk(rows) {
      read.rowsIn += rows.rowCount
      const meant = where === undefined || !filter ? rows : keepRows(rows, maskOf(where, rows))
      read.rowsOut += meant.rowCount
      read.because('filtered', rows.rowCount - meant.rowCount)
      const allowed = leaveOut === undefined ? meant : exclude(primitives, meant, leaveOut.subject, leaveOut.excluded, excluding)
      // As the source has them: what is done to a key would make it another row.
      const named = keys.length > 0 && rowKey.length > 0 ? withNames(allowed, columnsNamed(allowed, rowKey)) : allowed
      const rowDigests = !digests || apart === undefined ? [] : digestRows(primitives, allowed, params.table, apart, secrets.person)
      const prepared = prepare({ ...named, columns: [...named.columns, ...rowDigests] })
      const told = elements.map((element): Column => {
        const column = columnOf(prepared, element.column)
        const typed = retype(column, element.type ?? column.field.type, element.dateOrder)
        preparing.changed(element.column, typed.cells, lostOf(typed.refused))
        for (const [reason, count] of typed.refused) preparing.because(reason, count)
        return called(typed.column, element.name)
      })
      const clear = keys.map((key): Column => {
        const { column } = mapTexts(columnOf(prepared, key.column), canonicalText(key))
        return called(column, hidden.key(key.name))
      })
      const rowsApart = columnsNamed(
        prepared,
        rowDigests.map(({ field }) => field.name),
      )
      const encoded = encode?.(prepared, tokenising)
      const whose = encoded ?? (digests && passes.length > 0 ? tokenise(primitives, prepared, passes, secrets, tokenising) : rowsApart)
      const names = keys.length === 0 ? [] : columnsNamed(rowKey.length > 0 ? prepared : withNames(prepared, clear), [hidden.name])
      return { rowCount: prepared.rowCount, columns: [...told, ...clear, ...names, ...whose] }
    },
    facts() {
      const stages: StageFacts[] = [read, excluding, preparing, tokenising].map((counts) => counts.facts())
      const reasons: Record<string, number> = {}
      for (const stage of stages) for (const [reason, count] of Object.entries(stage.reasons)) reasons[reason] = (reasons[reason] ?? 0) + count
      const used = stages.filter(({ kind, rows_in }) => kind === 'extract' || rows_in > 0)
      return { kind: 'extract', rows_in: read.rowsIn, rows_out: preparing.rowsOut, cells_changed: preparing.cells, reasons, stages: used }
    },
  }

  function withNames(rows: Dataset, by: readonly Column[]): Dataset {
    if (secrets.row === undefined) throw new RangeError('evidence is weighed of rows that are named under a key, and there is none')
    const names = rowNames(primitives, secrets.row, params.table, by, rows.rowCount)
    const field: Field = { name: hidden.name, type: 'string', sensitivity: 'plain', nullable: false }
    return { ...rows, columns: [...rows.columns, { kind: 'dictionary', field, codes: Int32Array.from(names.keys()), dictionary: names }] }
  }
}

const columnsNamed = (rows: Dataset, names: readonly string[]): Column[] => names.map((name) => columnOf(rows, name))

function called(column: Column, name: string): Column {
  const field = { ...column.field, name }
  return column.kind === 'number' ? { ...column, field } : withField(column, field)
}

function canonicalText(key: KeyField): NewText {
  const canonicalize = canonicalizerOf(key)
  return (text) => {
    const { value } = canonicalize(text)
    return value === undefined ? { text: undefined, because: `not_${key.form}` } : { text: value }
  }
}
