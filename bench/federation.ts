/**
 * A mesh: what a run over three nodes costs beside the three alone, how soon a revoked membership ends it everywhere, what the mailbox of a
 * hundred nodes carries, and what a node costs that a timer wakes for nothing. All data is generated.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@gatehouse/runtime/data/postgres/open'
import { measureMailbox } from './federation/mailbox.ts'
import { measureRun } from './federation/run.ts'
import { report } from './report.ts'

const rounded = (value: number): number => Number(value.toPrecision(4))
const directory = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
const postgres = await openDatabase({ instanceDir: directory, searchPath: process.env.PATH, durable: true })
process.env.GATEHOUSE_TEST_PG = JSON.stringify({ connection: postgres.connection, superuser: postgres.superuser })
try {
  const { alone, floors, across, result, revoked } = await measureRun()
  const mailbox = await measureMailbox()
  report(
    'federation',
    [
      { figure: 'CPU of three nodes alone and the join, 300,000 rows each', value: rounded(alone), unit: 's' },
      { figure: 'of that, what two nodes do to their own floors', value: rounded(floors), unit: 's' },
      { figure: 'CPU of the run across the three', value: rounded(across), unit: 's' },
      { figure: 'the run ended as', value: result, unit: '' },
      { figure: 'a membership is revoked: from the next look into the mailbox until every node has stopped', value: rounded(revoked), unit: 's' },
      ...mailbox.rows,
    ],
    [
      { name: 'CPU across beside alone and join', value: rounded(across / alone), unit: 'times', bound: { max: 1.15 } },
      { name: 'revoked membership stops a run on every node after its next poll', value: rounded(revoked), unit: 's', bound: { max: 5 } },
      ...mailbox.checks,
    ],
  )
} finally {
  await postgres.stop()
  await rm(directory, { recursive: true, force: true })
}
