import { clusterMethods } from '@gatehouse/linkage/cluster/cluster'
import { inBits } from '@gatehouse/linkage/explain/words'
import type { Model } from '@gatehouse/linkage/model/schema'
import { type Command, Option } from 'commander'
import { draftFrom, type Linked, linkFiles, modelText } from '../files/link-files.ts'
import { TableError } from '../files/table-error.ts'
import { count, type Output, several } from '../terminal/output.ts'
import { act, probability, wholeNumber } from './act.ts'
import { sayMeasures } from './evaluate.ts'
import { tellingFaults } from './telling-faults.ts'

interface Options {
  readonly model?: string
  readonly draft?: boolean
  readonly out?: string
  readonly clusters?: string
  readonly report?: string
  readonly saveModel?: string
  readonly truth?: string
  readonly by?: string
  readonly id?: string
  readonly atLeast: number
  readonly method: (typeof clusterMethods)[number]
  readonly onePerSource?: boolean
  readonly within?: boolean
  readonly showValues?: boolean
  readonly seed: number
}

const warningsShown = 4

export function addLink(program: Command): void {
  const link = program
    .command('link')
    .description('find the records of one person in several files, and tell why')
    .argument('<files...>', 'two or more files: CSV with a header, one JSON object per line, one JSON array, or Parquet')
    .option('--within', 'also find several records of one person within a file')
  withOptions(link).action(
    act(async ({ out }, inputs: string[], options: Options) => {
      await tellingFaults(out, async () => {
        if (inputs.length < 2) throw new TableError('too_few_files', inputs.join(', '), 'linking takes two files or more; "gatehouse dedupe" takes one')
        await run(out, inputs, options.within === true ? 'both' : 'link', options)
      })
    }),
  )
}

export function addDedupe(program: Command): void {
  const dedupe = program
    .command('dedupe')
    .description('find several records of one person in a file, and tell why')
    .argument('<file>', 'CSV with a header, one JSON object per line, one JSON array, or Parquet')
  withOptions(dedupe).action(
    act(async ({ out }, input: string, options: Options) => {
      await tellingFaults(out, () => run(out, [input], 'dedupe', options))
    }),
  )
}

function withOptions(command: Command): Command {
  return command
    .option('--model <file>', 'what to compare and where to look; without it one is drafted from the columns')
    .option('--draft', 'print the draft of a model as JSON and stop')
    .option('-o, --out <file>', 'write the links; the ending tells the format')
    .option('--clusters <file>', 'write each record with the number of its person')
    .option('--report <file>', 'write a page with blocking, weights, threshold, examples and errors')
    .option('--save-model <file>', 'write the trained model, to link later files alike')
    .option('--at-least <probability>', 'the least probability of a link', probability, 0.9)
    .addOption(new Option('--method <method>', 'how links become people').choices([...clusterMethods]).default('components'))
    .option('--one-per-source', 'a person has at most one record in each file')
    .option('--truth <column>', 'a column that names each record’s person: judges the links, is never used for them')
    .option('--by <column>', 'with --truth: judge for each value of this column too')
    .option('--id <column>', 'write this column beside the row numbers')
    .option('--seed <number>', 'one seed, one result', wholeNumber, 1)
    .option('--show-values', 'let the report show the compared values of its examples; keep it as the records then')
}

async function run(out: Output, inputs: readonly string[], link: Model['link'], options: Options): Promise<void> {
  const { out: output, draft, onePerSource, showValues, within, ...rest } = options
  if (draft === true) {
    process.stdout.write(modelText(await draftFrom(inputs, link, !out.json)))
    return
  }
  const task = { ...rest, inputs, link, onePerSource: onePerSource === true, showValues: showValues === true, show: !out.json, now: () => new Date() }
  const linked = await linkFiles({ ...task, ...(output === undefined ? {} : { output }) })
  say(out, linked, options)
  out.result(jsonOf(linked, options))
}

function say(out: Output, { report, linksWritten, clusters, linker }: Linked, options: Options): void {
  const { blocking, links, warnings, truth } = report
  out.say(
    `${several(linksWritten, 'link')} with a probability of at least ${options.atLeast}; ${several(clusters.count, 'person', 'people')} in ${several(linker.table.rowCount, 'record')}.`,
  )
  out.say(
    `${several(blocking.pairs, 'pair')} compared, ${(100 * blocking.reduction).toFixed(2)} % of all left out. Expected to be wrong: ${links.expectedFalse.toFixed(1)} of the links.`,
  )
  for (const [rule, refused] of clusters.refused) out.say(`${several(refused, 'link')} not followed: ${rule}.`)
  out.say()
  out.table(
    ['blocking rule', 'pairs', 'new', ...(truth === undefined ? [] : ['true pairs'])],
    blocking.rules.map((rule) => [rule.rule, count(rule.pairs), count(rule.newPairs), ...(truth === undefined ? [] : [count(rule.newTruePairs ?? 0)])]),
  )
  out.say()
  out.table(
    ['column', 'strongest for', '', 'strongest against', ''],
    strongest(report.levels).map(([name, best, worst]) => [name, best.level, inBits(best.bits), worst.level, inBits(worst.bits)]),
  )
  for (const warning of warnings.slice(0, warningsShown)) out.say(`! ${warning}`)
  if (warnings.length > warningsShown) out.say(`! … and ${several(warnings.length - warningsShown, 'more warning')}, told by --report and --json.`)
  if (truth !== undefined) {
    out.say()
    sayMeasures(out, truth)
  }
  for (const [path, what] of [
    [options.out, 'The links stand'],
    [options.clusters, 'The people stand'],
    [options.report, 'The report stands'],
    [options.saveModel, 'The trained model stands'],
  ] as const)
    if (path !== undefined) out.say(`${what} in ${path}.`)
}

function strongest(levels: Linked['report']['levels']) {
  const names = [...new Set(levels.map(({ comparison }) => comparison))]
  return names.flatMap((name) => {
    const own = levels.filter(({ comparison }) => comparison === name).toSorted((one, other) => other.bits - one.bits)
    const [best, worst] = [own[0], own.at(-1)]
    return best === undefined || worst === undefined ? [] : [[name, best, worst] as const]
  })
}

function jsonOf({ report, linksWritten, clusters, linker, model }: Linked, options: Options): object {
  const { truth, blocking, links, modelHash, sources, refused, warnings } = report
  return {
    outcome: 'linked',
    files: { out: options.out, clusters: options.clusters, report: options.report, model: options.saveModel },
    sources,
    records: linker.table.rowCount,
    links: linksWritten,
    expected_false: links.expectedFalse,
    people: clusters.count,
    not_followed: Object.fromEntries(clusters.refused),
    at_least: options.atLeast,
    method: options.method,
    blocking,
    training: { prior: model.training.prior, seed: model.training.seed, iterations: model.training.iterations, warnings },
    model_hash: modelHash,
    values_refused: refused,
    ...(truth === undefined
      ? {}
      : { truth: { ...truth.links, thresholds: truth.thresholds, clusters: truth.clusters, groups: truth.groups, missed: truth.missed } }),
  }
}
