import { draftPlan } from '@gatehouse/privacy/plan/draft'
import { profile } from '@gatehouse/tabular/profile'
import { minimalSets, separatingSets } from '@gatehouse/tabular/quasi-identifiers'
import { proposeRoles } from '@gatehouse/tabular/roles'
import { type Command, InvalidArgumentError } from 'commander'
import { readTable } from '../files/read-table.ts'
import { typedTable } from '../files/typed-table.ts'
import { count } from '../terminal/output.ts'
import { act } from './act.ts'
import { tellingFaults } from './telling-faults.ts'

interface Options {
  readonly plan?: boolean
  readonly distinction: number
}

const setsShown = 10
const strongestShown = 3

export function addProfile(program: Command): void {
  program
    .command('profile')
    .description('what the columns of a table are, and which of them together tell people apart')
    .argument('<file>', 'CSV with a header, one JSON object per line, one JSON array, or Parquet')
    .option('--distinction <share>', 'share of rows that a set of columns has to set apart to be named', share, 0.9)
    .option('--plan', 'print the draft of a treatment plan as JSON and stop')
    .action(
      act(async ({ out }, file: string, options: Options) => {
        await tellingFaults(out, async () => {
          const read = await readTable(file, {
            fields: (columns, natural) => columns.map((name) => ({ name, type: natural(name), sensitivity: 'sensitive' as const, nullable: true })),
            show: !out.json,
          })
          const table = typedTable(read)
          if (options.plan === true) {
            console.log(JSON.stringify(draftPlan(table), null, 2))
            return
          }
          const roles = proposeRoles(table)
          const { rows, columns } = profile(table)
          const identifying = new Set(roles.flatMap(({ column, sensitivity }) => (sensitivity === 'direct_identifier' ? [column] : [])))
          const search = separatingSets(table, { columns: columns.map(({ name }) => name).filter((name) => !identifying.has(name)) })
          const sets = minimalSets(search, options.distinction)
          out.say(`${count(rows)} rows, ${columns.length} columns:`)
          out.say()
          out.table(
            ['column', 'type', 'missing', 'different', 'kind', 'why'],
            columns.map(({ name, type, missing, unique }, index) => [
              name,
              type,
              count(missing),
              count(unique),
              roles[index]?.sensitivity.replaceAll('_', ' '),
              roles[index]?.reason,
            ]),
          )
          out.say()
          out.say(
            `Columns that together set at least ${percent(options.distinction)} of the rows apart, direct identifiers left aside (all sets of up to ${search.completeUpTo} columns were counted):`,
          )
          out.say()
          if (sets.length === 0) out.say('None does. The strongest are:')
          out.table(
            ['columns', 'distinction', 'separation', 'rows that stand alone'],
            (sets.length === 0 ? search.sets.slice(0, strongestShown) : sets.slice(0, setsShown)).map((set) => [
              set.columns.join(', '),
              percent(set.distinction),
              percent(set.separation),
              percent(set.uniqueRows),
            ]),
          )
          if (sets.length > setsShown) out.say(`… and ${count(sets.length - setsShown)} more sets`)
          out.result({
            rows,
            columns: columns.map((column, index) => ({
              ...column,
              sensitivity: roles[index]?.sensitivity,
              semantic: roles[index]?.semantic,
              reason: roles[index]?.reason,
            })),
            separating_sets: sets,
            complete_up_to: search.completeUpTo,
          })
        })
      }),
    )
}

/** Rounded down, so that 100 % means all. */
function percent(value: number): string {
  return `${(Math.floor(value * 1_000) / 10).toFixed(1)} %`
}

function share(value: string): number {
  const number = Number(value)
  if (!(number > 0 && number <= 1)) throw new InvalidArgumentError('It is to be a number above 0 and at most 1.')
  return number
}
