import { must } from '@gatehouse/sdk/client'
import type { SourceRecord } from '@gatehouse/tabular/value'
import type { Command } from 'commander'
import { everyRow } from '../files/read-rows.ts'
import { sendBatches } from '../files/send-batches.ts'
import { count } from '../terminal/output.ts'
import { act } from './act.ts'

interface Body {
  user_id: string
  opt_out: Wanted
}
type Wanted = { scope: 'all' } | { scope: 'purpose'; purpose: string } | { scope: 'data_class'; data_class: string }

export function addOptOut(program: Command): void {
  const optOut = program.command('opt-out').description('what people do not want, whatever permits it')

  optOut
    .command('set')
    .description('record that a person opts out: of everything, or of what is named')
    .argument('<user>', 'the id by which the institution knows the person')
    .option('--purpose <term>', 'of a purpose, with narrower ones')
    .option('--data-class <slug>', 'of the use of a record type')
    .action(
      act(async ({ out, connect }, user: string, named: { purpose?: string; dataClass?: string }) => {
        const { client } = await connect()
        const done = must(await client.POST('/v1/opt-outs', { body: { user_id: user, opt_out: wanted(named.purpose, named.dataClass) } }))
        out.say(`Recorded as ${done.id}. It counts at once.`)
        out.result(done)
      }),
    )

  optOut
    .command('list')
    .description('list what a person does not want, lifted ones too')
    .argument('<user>')
    .action(
      act(async ({ out, connect }, user: string) => {
        const { client } = await connect()
        const { opt_outs } = must(await client.POST('/v1/opt-outs/search', { body: { user_id: user } }))
        out.table(
          ['opt-out', 'scope', 'term', 'set', 'lifted'],
          opt_outs.map((row) => [row.id, row.scope, row.term ?? '', row.set_at, row.lifted_at ?? '']),
        )
        out.result(opt_outs)
      }),
    )

  optOut
    .command('lift')
    .description('record that a person lifts an opt-out')
    .argument('<user>')
    .argument('<opt-out>', 'its id, as "opt-out list" shows it')
    .action(
      act(async ({ out, connect }, user: string, id: string) => {
        const { client } = await connect()
        const lifted = must(await client.POST('/v1/opt-outs/{opt_out}/lift', { params: { path: { opt_out: id } }, body: { user_id: user } }))
        out.say(`Lifted at ${lifted.lifted_at}.`)
        out.result(lifted)
      }),
    )

  optOut
    .command('import')
    .description('record opt-outs from a file with the columns user_id and, where not everything is meant, purpose or data_class')
    .argument('<file>', 'CSV, one JSON object per line, or one JSON array')
    .action(
      act(async ({ out, connect }, file: string) => {
        const { client } = await connect()
        const rows = await everyRow(file, rowOf)
        if (rows.length === 0) throw new Error(`${file} holds no opt-out.`)
        const nothing = { recorded: 0, already_set: 0, erased: 0 }
        const sum = await sendBatches({ label: 'Opt-outs ', what: 'people', show: !out.json }, rows, nothing, async (batch) =>
          must(await client.POST('/v1/opt-outs/import', { body: { opt_outs: batch } })),
        )
        out.say(`${count(sum.recorded)} recorded, ${count(sum.already_set)} known already, ${count(sum.erased)} of erased people passed over.`)
        out.result(sum)
      }),
    )
}

function rowOf(row: SourceRecord, line: number): Body {
  const text = (column: string) => (row[column] === undefined || row[column] === null || row[column] === '' ? undefined : String(row[column]))
  const user = text('user_id')
  if (user === undefined) throw new Error(`Line ${line}: an opt-out needs at least user_id. Nothing was recorded.`)
  return { user_id: user, opt_out: wanted(text('purpose'), text('data_class')) }
}

function wanted(purpose: string | undefined, dataClass: string | undefined): Wanted {
  if (purpose !== undefined && dataClass !== undefined) throw new Error('Name a purpose or a data class, not both.')
  if (purpose !== undefined) return { scope: 'purpose', purpose }
  return dataClass === undefined ? { scope: 'all' } : { scope: 'data_class', data_class: dataClass }
}
