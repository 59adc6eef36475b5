import type { Command } from 'commander'
import { checkFile } from '../files/check-file.ts'
import { count } from '../terminal/output.ts'
import { act, collect } from './act.ts'
import { tellingFaults } from './telling-faults.ts'

interface Options {
  readonly plan?: string
  readonly models?: string
  readonly quasi?: string[]
  readonly untreated?: string
}

/** Status 1 means "does not hold", so nothing that keeps it from being told ends with 1. */
const cannotTell = 2

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('hold a table to privacy models, whoever made it; ends with 0 holds, 1 does not, 2 cannot tell')
    .argument('<file>', 'CSV with a header, one JSON object per line, one JSON array, or Parquet')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : cannotTell))
    .option('--plan <file>', 'take models, roles and hierarchies from a treatment plan')
    .option('--models <json>', 'models, such as \'[{"model":"k_anonymity","k":5}]\'')
    .option('--quasi <columns>', 'the columns by which people could be recognised, with commas', collect)
    .option('--untreated <file>', 'the table before treatment, for models that compare with its distribution')
    .action(
      act(async ({ out }, file: string, options: Options) => {
        await tellingFaults(
          out,
          async () => {
            const result = await checkFile(file, options, !out.json)
            out.say(
              `${count(result.rowCount)} rows in ${count(result.classCount)} classes of rows that look alike; ${count(result.suppressedRows)} suppressed.`,
            )
            out.say()
            for (const { name, holds, classesFailing, rowsFailing, worst } of result.models) {
              if (holds) out.say(`${out.style.good('✓')} ${name}`)
              else {
                const where =
                  worst === undefined
                    ? 'fails for the table as a whole'
                    : `fails for ${count(rowsFailing)} rows in ${count(classesFailing)} classes; the smallest has ${count(worst.size)} rows, first in row ${count(worst.firstRow + 1)}`
                out.say(`${out.style.bad('✗')} ${name}: ${where}`)
              }
            }
            process.exitCode = result.holds ? 0 : 1
            out.result(result)
          },
          cannotTell,
        )
      }),
    )
}
