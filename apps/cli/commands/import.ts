import { type Command, InvalidArgumentError } from 'commander'
import { importFile } from '../files/import-file.ts'
import { mappingFrom, readMapping, showMapping } from '../files/propose-mapping.ts'
import { sampleOf } from '../files/read-rows.ts'
import { writeRejects } from '../files/write-rejects.ts'
import { count } from '../terminal/output.ts'
import { act, collect } from './act.ts'

interface Options {
  readonly recordType: string
  readonly subject?: string
  readonly drop?: string[]
  readonly mapping?: string
  readonly propose?: boolean
  readonly rejects?: string
}

export function addImport(program: Command): void {
  program
    .command('import')
    .description('bring records about people into the vault')
    .argument('<file>', 'CSV with a header, one JSON object per line, or one JSON array; any size')
    .option('--record-type <slug>', 'the kind of record', slug, 'person')
    .option('--subject <column>', 'the column that names the person; proposed where it is absent')
    .option('--drop <columns>', 'columns to leave behind, with commas', collect)
    .option('--mapping <file>', 'a mapping file; decides everything else by itself')
    .option('--propose', 'print the proposed mapping as JSON and stop')
    .option('--rejects <file>', 'write the rows that are not taken, with line and reason')
    .action(
      act(async (cli, file: string, options: Options) => {
        const { out } = cli
        const rows = await sampleOf(file)
        const proposed = options.mapping === undefined ? mappingFrom(rows, options) : { mapping: await readMapping(options.mapping), proposal: undefined }
        if (options.propose === true) {
          console.log(JSON.stringify(proposed.mapping, null, 2))
          return
        }
        const connection = await cli.connect()
        out.say(`How the columns of ${file} are read (correct it with --mapping; --propose prints a file to begin with):`)
        out.say()
        showMapping(out, proposed.mapping, proposed.proposal)
        out.say()
        const done = await importFile(connection, file, proposed.mapping, !out.json)
        if (options.rejects !== undefined && done.rejects.length > 0) await writeRejects(file, options.rejects, done.rejects)
        const rate = Math.round(done.read / Math.max(done.seconds, 0.001))
        out.say(
          `${count(done.read)} rows read in ${done.seconds.toFixed(1)} s (${count(rate)} a second) into "${done.record_type}" version ${done.record_type_version}:`,
        )
        out.table(
          ['rows', ''],
          [
            [count(done.imported), 'stored, encrypted and chained'],
            [count(done.repeated), 'repeated: the same as the person’s latest record'],
            [count(done.rejected), 'rejected'],
            [count(done.subjects), 'people seen for the first time'],
          ],
        )
        for (const reject of done.rejects.slice(0, 10))
          out.say(`  line ${reject.line}${reject.column === undefined ? '' : `, ${reject.column}`}: ${reject.message}`)
        if (done.rejects.length > 10) out.say(`  … and ${count(done.rejected - 10)} more`)
        if (options.rejects !== undefined && done.rejects.length > 0) {
          const all = done.rejects.length === done.rejected ? '' : ` (the first ${count(done.rejects.length)} of ${count(done.rejected)})`
          out.say(`The rejected rows stand in ${options.rejects}${all}. They are people’s data; remove the file when it has served.`)
        }
        out.result(done)
      }),
    )
}

function slug(value: string): string {
  if (!/^[a-z][a-z0-9_-]{0,62}$/.test(value)) throw new InvalidArgumentError('Use lower-case letters, digits, "_" and "-", starting with a letter, at most 63.')
  return value
}
