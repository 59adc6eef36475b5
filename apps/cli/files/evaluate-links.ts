/** Links held to what is known to be true. */
import { type GroupMeasures, measureByGroup } from '@gatehouse/linkage/evaluate/by-group'
import { type Calibration, calibration } from '@gatehouse/linkage/evaluate/calibration'
import { type Curve, curve, thresholdTable } from '@gatehouse/linkage/evaluate/curve'
import { type LinkMeasures, type Measures, measureLinks, type Scored } from '@gatehouse/linkage/evaluate/measures'
import { type JudgedPair, peopleOf, type Truth, truthOfPairs, truthOfPeople } from '@gatehouse/linkage/evaluate/truth'
import type { Model } from '@gatehouse/linkage/model/schema'
import { readLinks, readPairs } from './read-links.ts'
import { readRecords, valuesOf } from './read-records.ts'

export interface Evaluated {
  readonly links: LinkMeasures
  readonly thresholds: readonly (Measures & { readonly atLeast: number })[]
  readonly curve: Curve
  readonly calibration: Calibration
  readonly by?: string
  readonly groups?: readonly GroupMeasures[]
}

export interface Grouping {
  readonly column: string
  readonly values: readonly (string | null)[]
}

export function evaluated(links: Scored, truth: Truth, atLeast: number, by: Grouping | undefined): Evaluated {
  const names = [...new Set(by?.values)].filter((value) => value !== null)
  const groups =
    by === undefined
      ? undefined
      : measureByGroup(
          links,
          truth,
          Int32Array.from(by.values, (value) => (value === null ? -1 : names.indexOf(value))),
          names,
          atLeast,
        )
  return {
    links: measureLinks(links, truth, atLeast),
    thresholds: thresholdTable(links, truth),
    curve: curve(links, truth),
    calibration: calibration(links, truth),
    ...(by === undefined || groups === undefined ? {} : { by: by.column, groups }),
  }
}

export interface EvaluateLinks {
  readonly links: string
  /** The files that were linked. */
  readonly records: readonly string[]
  /** The column of the records that names each one's person. */
  readonly truth: string
  readonly by?: string
  readonly link: Model['link']
  readonly atLeast: number
  readonly show: boolean
}

/** @throws TableError when a link names a source or row that the records do not have */
export async function evaluateAgainstPeople(task: EvaluateLinks): Promise<Evaluated> {
  const needed = [{ column: task.truth, by: '--truth' }, ...(task.by === undefined ? [] : [{ column: task.by, by: '--by' }])]
  const sources = await readRecords(task.records, needed, task.show)
  const offsets = [0]
  for (const { data } of sources) offsets.push((offsets.at(-1) ?? 0) + data.rowCount)
  const links = await readLinks(task.links, { names: sources.map(({ name }) => name), offsets }, task.show)
  const truth = truthOfPeople(peopleOf(valuesOf(sources, task.truth)), task.link, offsets)
  return evaluated(links, truth, task.atLeast, task.by === undefined ? undefined : { column: task.by, values: valuesOf(sources, task.by) })
}

/** @param judged a file of pairs with the column `match`, such as links that somebody reviewed */
export async function evaluateAgainstPairs(links: string, judged: string, atLeast: number, show: boolean): Promise<Evaluated> {
  const numberOf = new Map<string, number>()
  const numbered = (source: string, row: string): number => {
    const key = `${row} ${source}`
    const known = numberOf.get(key) ?? numberOf.size
    numberOf.set(key, known)
    return known
  }
  const pairs: JudgedPair[] = (await readPairs(judged, show)).map(({ left, right, match }) => ({ left: numbered(...left), right: numbered(...right), match }))
  return evaluated(await readLinks(links, numbered, show), truthOfPairs(pairs), atLeast, undefined)
}
