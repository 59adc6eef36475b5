/** Tokens of the people in a file. */
import { nodePrimitives } from '@gatehouse/crypto/node'
import { type Meanings, meaningsOf } from '@gatehouse/linkage/draft/draft-model'
import { tokenMaker } from '@gatehouse/linkage/token/fit-token'
import { commonSchemes, type RecordFields, type Scheme } from '@gatehouse/linkage/token/scheme'
import { type Dataset, datasetFrom, rowsOf } from '@gatehouse/tabular/dataset'
import type { SourceRecord } from '@gatehouse/tabular/value'
import { count } from '../terminal/output.ts'
import { openProgress } from '../terminal/progress.ts'
import { about } from './linkage-fault.ts'
import { readRecords, sampleRows, valuesOf } from './read-records.ts'
import { readTokenKey } from './read-token-key.ts'
import { TableError } from './table-error.ts'
import { refuseOverwriting, writeFiles } from './write-files.ts'
import { requireFormat, tableContent } from './write-table.ts'

/** Schemes by the names they have on the command line, and what their columns mean. */
export const schemeNames = ['nhs-1', 'names-dob-1', 'initial-dob-postcode-1'] as const
export type SchemeName = (typeof schemeNames)[number]

export interface MakeTokens {
  readonly input: string
  readonly output: string
  /** All that the columns allow when it is absent. */
  readonly schemes?: readonly SchemeName[]
  readonly audience: string
  readonly keyId: string
  readonly keyFile: string
  readonly id?: string
  readonly show: boolean
}

export interface TokensMade {
  readonly records: number
  readonly schemes: readonly { readonly scheme: string; readonly tokens: number; readonly without: ReadonlyMap<string, number> }[]
}

const progressEveryRows = 2_000

/** @throws TableError with the place of what is wrong; never with a value of a record or of the key */
export async function makeTokens(task: MakeTokens): Promise<TokensMade> {
  requireFormat(task.output)
  await refuseOverwriting([task.output], [task.input, task.keyFile])
  const key = await readTokenKey(task)
  const [source] = await readRecords([task.input], undefined, task.show)
  if (source === undefined) throw new TableError('no_rows', task.input, 'there is nothing to make tokens of')
  const { data } = source
  if (task.id !== undefined && !data.columns.some(({ field }) => field.name === task.id))
    throw new TableError('missing_column', task.input, `there is no column ${JSON.stringify(task.id)}, which --id names`)
  const meanings = meaningsOf([sampleRows(data)])
  const schemes = chosenSchemes(task, meanings)
  const ids = task.id === undefined ? undefined : valuesOf([source], task.id)
  const make = about(task.input, () => tokenMaker(nodePrimitives, key, schemes))
  const made = schemes.map(({ id }) => ({ scheme: id, tokens: 0, without: new Map<string, number>() }))
  const table = datasetFrom(tokenFields(ids !== undefined), tokenRows(data, make, made, ids, task.show))
  await writeFiles([{ path: task.output, content: await tableContent(task.output, table, true) }])
  return { records: data.rowCount, schemes: made }
}

const tokenFields = (withIds: boolean) =>
  ['row', ...(withIds ? ['id'] : []), 'scheme', 'token', 'because'].map((name) => ({
    name,
    type: name === 'row' ? ('integer' as const) : ('string' as const),
    sensitivity: 'direct_identifier' as const,
    nullable: true,
  }))

type Made = { scheme: string; tokens: number; readonly without: Map<string, number> }

function* tokenRows(
  data: Dataset,
  make: ReturnType<typeof tokenMaker>,
  made: readonly Made[],
  ids: readonly (string | null)[] | undefined,
  show: boolean,
): Generator<SourceRecord> {
  const progress = openProgress('Tokens   ', data.rowCount, show)
  let row = 0
  for (const record of rowsOf(data)) {
    for (const [index, one] of make(record as RecordFields).entries()) {
      const tally = made[index]
      const because = 'because' in one ? one.because : undefined
      if (tally !== undefined && because === undefined) tally.tokens++
      if (tally !== undefined && because !== undefined) tally.without.set(because, (tally.without.get(because) ?? 0) + 1)
      yield {
        row: row + 1,
        ...(ids === undefined ? {} : { id: ids[row] ?? null }),
        scheme: one.scheme,
        token: 'token' in one ? one.token : null,
        because: because ?? null,
      }
    }
    if (++row % progressEveryRows === 0) progress.to(row, `${count(row)} records`)
  }
  progress.end()
}

function chosenSchemes({ schemes, input }: MakeTokens, meanings: Meanings): Scheme[] {
  const found = (schemes ?? schemeNames).map((name) => ({ name, scheme: schemeOf(name, meanings) }))
  const missing = found.filter(({ scheme }) => scheme === undefined)
  const possible = found.flatMap(({ scheme }) => scheme ?? [])
  if (possible.length === 0 || (schemes !== undefined && missing.length > 0))
    throw new TableError(
      'missing_column',
      input,
      `no columns are known for ${missing.map(({ name }) => name).join(', ')}: nhs-1 takes an NHS number, names-dob-1 given and family name and date of birth, initial-dob-postcode-1 those and a postcode; name columns so`,
    )
  return possible
}

function schemeOf(name: SchemeName, meanings: Meanings): Scheme | undefined {
  const [nhs, given, family, born, postcode] = (['national_health_number', 'given_name', 'family_name', 'date_of_birth', 'postcode'] as const).map((meaning) =>
    meanings.get(meaning),
  )
  if (name === 'nhs-1') return nhs && commonSchemes.nhsNumber(nhs.column)
  if (given === undefined || family === undefined || born === undefined) return undefined
  const names = { given: given.column, family: family.column, birth: born.column, ...(born.dateOrder === undefined ? {} : { order: born.dateOrder }) }
  if (name === 'names-dob-1') return commonSchemes.namesAndBirth(names)
  return postcode && commonSchemes.initialBirthPostcode({ ...names, postcode: postcode.column })
}
