import type { Command } from 'commander'
import { type Evaluated, evaluateAgainstPairs, evaluateAgainstPeople } from '../files/evaluate-links.ts'
import { TableError } from '../files/table-error.ts'
import { count, type Output } from '../terminal/output.ts'
import { act, probability } from './act.ts'
import { tellingFaults } from './telling-faults.ts'

interface Options {
  readonly truth?: string
  readonly pairs?: string
  readonly by?: string
  readonly within?: boolean
  readonly atLeast: number
}

export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('hold links to what is known to be true: precision, recall, by threshold and by group')
    .argument('<links>', 'links as "gatehouse link" and "gatehouse dedupe" write them')
    .argument('[records...]', 'the files that were linked, with --truth')
    .option('--truth <column>', 'the column of the records that names each one’s person')
    .option('--pairs <file>', 'or pairs that somebody judged: columns as in links, and match with 1 or 0')
    .option('--by <column>', 'with --truth: for each value of this column too')
    .option('--within', 'with several files: links within a file count too')
    .option('--at-least <probability>', 'the least probability of a link', probability, 0)
    .action(
      act(async ({ out }, links: string, records: string[], options: Options) => {
        await tellingFaults(out, async () => {
          const found = await evaluate(links, records, options, !out.json)
          sayMeasures(out, found)
          out.result({
            outcome: 'evaluated',
            ...found.links,
            thresholds: found.thresholds,
            best: found.curve.best,
            average_precision: found.curve.averagePrecision,
            calibration: found.calibration,
            groups: found.groups,
          })
        })
      }),
    )
}

async function evaluate(links: string, records: readonly string[], { truth, pairs, by, within, atLeast }: Options, show: boolean): Promise<Evaluated> {
  if (pairs !== undefined) return evaluateAgainstPairs(links, pairs, atLeast, show)
  if (truth === undefined || records.length === 0)
    throw new TableError('no_truth', links, 'say what is true: the files that were linked and --truth COLUMN, or --pairs FILE')
  const link = records.length === 1 ? 'dedupe' : within === true ? 'both' : 'link'
  return evaluateAgainstPeople({ links, records, truth, ...(by === undefined ? {} : { by }), link, atLeast, show })
}

export function sayMeasures(out: Output, { links, thresholds, curve, calibration, groups, by }: Evaluated): void {
  out.say(
    `${count(links.truePositives)} links are right, ${count(links.falsePositives)} are wrong, ${count(links.falseNegatives)} true pairs are missed${links.unknown === 0 ? '' : `; of ${count(links.unknown)} nobody knows`}.`,
  )
  out.say(
    `Precision ${links.precision.toFixed(4)}, recall ${links.recall.toFixed(4)}, F1 ${links.f1.toFixed(4)}; at best F1 ${(curve.best?.f1 ?? 0).toFixed(4)}. Probabilities are off by ${(100 * calibration.error).toFixed(2)} % on average.`,
  )
  out.say()
  out.table(
    ['at least', 'right', 'wrong', 'missed', 'precision', 'recall', 'F1'],
    thresholds.map((row) => [
      row.atLeast,
      count(row.truePositives),
      count(row.falsePositives),
      count(row.falseNegatives),
      row.precision.toFixed(4),
      row.recall.toFixed(4),
      row.f1.toFixed(4),
    ]),
  )
  if (groups === undefined || groups.length === 0) return
  out.say()
  out.table(
    [by ?? 'group', 'precision', 'between', 'recall', 'between'],
    groups.map(({ group, precision, precisionInterval, recall, recallInterval }) => [
      group,
      precision.toFixed(4),
      `${precisionInterval.low.toFixed(4)} and ${precisionInterval.high.toFixed(4)}`,
      recall.toFixed(4),
      `${recallInterval.low.toFixed(4)} and ${recallInterval.high.toFixed(4)}`,
    ]),
  )
}
