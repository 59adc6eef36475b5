import type { PlanResult } from '@gatehouse/privacy/plan/run'
import type { Command } from 'commander'
import { treatFile } from '../files/treat-file.ts'
import { count, type Output, several } from '../terminal/output.ts'
import { act } from './act.ts'
import { tellingFaults } from './telling-faults.ts'

interface Options {
  readonly plan: string
  readonly out: string
  readonly report?: string
  readonly mapping?: string
  readonly insecureSeed?: boolean
  readonly formulaGuard: boolean
}

export function addTreat(program: Command): void {
  program
    .command('treat')
    .description('treat a table by a plan, so that nobody in it can be recognised, and report what it cost')
    .argument('<file>', 'CSV with a header, one JSON object per line, one JSON array, or Parquet')
    .requiredOption('--plan <file>', 'the treatment plan; "gatehouse profile FILE --plan" drafts one')
    .requiredOption('-o, --out <file>', 'where the treated table goes; its ending tells the format')
    .option('--report <file>', 'write a page that tells risk, cost and what was done')
    .option('--mapping <file>', 'write what each value became, as JSON; it names values, so keep it like the input')
    .option('--insecure-seed', 'let the plan have a seed; for tests, never for what leaves the house')
    .option('--no-formula-guard', 'leave out the apostrophe that keeps spreadsheets from running cells as formulas')
    .action(
      act(async ({ out }, input: string, options: Options) => {
        await tellingFaults(out, async () => {
          const result = await treatFile({
            input,
            plan: options.plan,
            output: options.out,
            ...(options.report === undefined ? {} : { report: options.report }),
            ...(options.mapping === undefined ? {} : { mapping: options.mapping }),
            insecureSeed: options.insecureSeed === true,
            formulaGuard: options.formulaGuard,
            show: !out.json,
            now: () => new Date(),
          })
          if (result.outcome === 'released') released(out, result, options)
          else notMet(out, result, options)
        })
      }),
    )
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`

function released(out: Output, { release, report }: PlanResult & { outcome: 'released' }, options: Options): void {
  const { riskBefore: before, riskAfter: after } = report
  out.say(`${several(report.rowsAfter, 'row')} in ${options.out}, ${count(report.rowsSuppressed)} suppressed.`)
  out.say()
  for (const { name, verdict, remark } of report.models) out.say(verdict === 'holds' ? `${out.style.good('✓')} ${name}` : `! ${name}: ${remark ?? verdict}`)
  out.say()
  out.table(
    ['risk of re-identification', 'before', 'after'],
    [
      ['highest of a row', percent(before.prosecutor.highest), after && percent(after.prosecutor.highest)],
      ['average', percent(before.prosecutor.average), after && percent(after.prosecutor.average)],
      ['rows that stand alone', percent(before.unique), after && percent(after.unique)],
    ],
  )
  out.say()
  const optimal = report.search?.optimal === true
  const treated = report.columns.filter(({ generalisation }) => generalisation !== undefined)
  out.table(
    ['column', 'level', 'information lost'],
    treated.map(({ name, generalisation }) => [name, `${generalisation?.level} of ${generalisation?.height}`, percent(generalisation?.loss ?? 0)]),
  )
  out.say()
  out.say(optimal ? 'No better treatment exists under this plan.' : 'The best treatment found within the budget; a better one may exist.')
  if (options.report !== undefined) out.say(`The report stands in ${options.report}.`)
  const [{ node, levelsByAttribute, classes, checked, latticeSize }] = release.rounds
  const files = {
    out: options.out,
    ...(options.report === undefined ? {} : { report: options.report }),
    ...(options.mapping === undefined ? {} : { mapping: options.mapping }),
  }
  out.result({
    outcome: 'released',
    ...files,
    treatment: {
      node,
      levels: levelsByAttribute,
      loss: release.loss,
      loss_by_column: release.perAttributeLoss,
      suppressed: report.rowsSuppressed,
      classes,
      optimal,
      checked,
      lattice_size: latticeSize,
      rounds: release.rounds.length,
      explanation: release.rounds.flatMap((round) => round.explain()),
    },
    ...jsonOf(report),
  })
}

function notMet(out: Output, { reason, report }: PlanResult & { outcome: 'not_met' }, options: Options): void {
  process.exitCode = 1
  const rounds = report.loop === undefined ? '' : ` after ${several(report.loop.rounds.length, 'round')}`
  console.error(
    `Nothing is released: the plan’s goal was not met${rounds} (${reason.replaceAll('_', ' ')}).${options.report === undefined ? '' : ` The report stands in ${options.report}.`}`,
  )
  out.result({ outcome: 'not_met', reason, ...(options.report === undefined ? {} : { report: options.report }), ...jsonOf(report) })
}

function jsonOf({ rowsBefore, rowsAfter, rowsSuppressed, riskBefore, riskAfter, models, columns, loop }: PlanResult['report']): object {
  return {
    rows: { before: rowsBefore, after: rowsAfter, suppressed: rowsSuppressed },
    risk: { before: riskBefore, after: riskAfter },
    models,
    columns: columns.map(({ name, role, done, before, after }) => ({ name, role, done, before, after })),
    ...(loop === undefined ? {} : { loop }),
  }
}
