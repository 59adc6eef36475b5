import { writeFile } from 'node:fs/promises'
import { must } from '@gatehouse/sdk/client'
import type { SourceRecord } from '@gatehouse/tabular/value'
import type { Command } from 'commander'
import { type GivenConsent, giveConsents, methods } from '../files/give-consents.ts'
import { everyRow } from '../files/read-rows.ts'
import { count } from '../terminal/output.ts'
import { act, collect } from './act.ts'
import { allPages } from './all-pages.ts'

interface Terms {
  readonly purpose: string[]
  readonly recipient?: string[]
  readonly dataClass?: string[]
  readonly until?: string
  readonly supersedes?: string
  readonly method: GivenConsent['method']
}

export function addConsent(program: Command): void {
  const consent = program.command('consent').description('what people have agreed to')

  consent
    .command('give')
    .description('record a person’s consent')
    .argument('<user>', 'the id by which the institution knows the person')
    .requiredOption('--purpose <terms>', 'purposes, with commas; a consent covers narrower ones', collect)
    .option('--recipient <references>', 'partners, with commas; every partner where it is absent', collect)
    .option('--data-class <slugs>', 'record types, with commas; all of them where it is absent', collect)
    .option('--until <instant>', 'the end, such as 2027-12-31T00:00:00Z; until withdrawn where it is absent')
    .option('--method <method>', `how it was given: ${methods.join(', ')}`, 'other')
    .option('--supersedes <consent>', 'the consent of the same person that this one takes the place of')
    .action(
      act(async ({ out, connect }, user: string, terms: Terms) => {
        const { client } = await connect()
        const body = {
          user_id: user,
          purposes: terms.purpose,
          recipients: terms.recipient ?? ['*'],
          data_classes: terms.dataClass ?? ['*'],
          method: terms.method,
          ...(terms.until === undefined ? {} : { until: terms.until }),
          ...(terms.supersedes === undefined ? {} : { supersedes: terms.supersedes }),
        }
        const given = must(await client.POST('/v1/consents', { body }))
        out.say(`Recorded as ${given.consent.id}. --json shows the receipt to hand to the person.`)
        out.result(given)
      }),
    )

  consent
    .command('withdraw')
    .description('withdraw a consent; open tokens that rest on it die with it')
    .argument('<user>')
    .argument('<consent>', 'its id, as "consent list" shows it')
    .action(
      act(async ({ out, connect }, user: string, id: string) => {
        const { client } = await connect()
        const withdrawn = must(await client.POST('/v1/consents/{consent}/withdraw', { params: { path: { consent: id } }, body: { user_id: user } }))
        out.say(`Withdrawn at ${withdrawn.withdrawn_at}.`)
        out.result(withdrawn)
      }),
    )

  consent
    .command('list')
    .description('list a person’s consents')
    .argument('<user>')
    .option('--in-force', 'only those in force now')
    .action(
      act(async ({ out, connect }, user: string, { inForce }: { inForce?: boolean }) => {
        const { client } = await connect()
        const found = await allPages((cursor) =>
          client.POST('/v1/consents/search', {
            body: { user_id: user, limit: 100, ...(cursor === undefined ? {} : { cursor }), ...(inForce ? { in_force: true } : {}) },
          }),
        )
        out.table(
          ['consent', 'state', 'purposes', 'recipients', 'data', 'given'],
          found.map((row) => [row.id, row.state, row.purposes.join(', '), row.recipients.join(', '), row.data_classes.join(', '), row.given_at]),
        )
        out.result(found)
      }),
    )

  consent
    .command('versions')
    .description('how a consent changed, the newest version first')
    .argument('<user>')
    .argument('<consent>')
    .action(
      act(async ({ out, connect }, user: string, id: string) => {
        const { client } = await connect()
        const { versions } = must(await client.POST('/v1/consents/{consent}/versions', { params: { path: { consent: id } }, body: { user_id: user } }))
        out.table(
          ['version', 'consent', 'state', 'given', 'superseded'],
          versions.map((row) => [String(row.version), row.id, row.state, row.given_at, row.superseded_at ?? '']),
        )
        out.result(versions)
      }),
    )

  consent
    .command('copies')
    .description('what left under a consent, and who was told of its withdrawal')
    .argument('<user>')
    .argument('<consent>')
    .action(
      act(async ({ out, connect }, user: string, id: string) => {
        const { client } = await connect()
        const { copies } = must(await client.POST('/v1/consents/{consent}/copies', { params: { path: { consent: id } }, body: { user_id: user } }))
        out.table(
          ['partner', 'purpose', 'left', 'told'],
          copies.map((row) => [row.partner_name, row.purpose, row.left_at, row.told_at ?? '']),
        )
        out.result(copies)
      }),
    )

  consent
    .command('receipt')
    .description('the receipt of a consent, for the person to keep')
    .argument('<user>')
    .argument('<consent>')
    .option('--out <file>', 'where it goes; without it to the output')
    .action(
      act(async ({ out, connect }, user: string, id: string, { out: file }: { out?: string }) => {
        const { client } = await connect()
        const receipt = must(await client.POST('/v1/consents/{consent}/receipt', { params: { path: { consent: id } }, body: { user_id: user } }))
        const text = `${JSON.stringify(receipt, undefined, 2)}\n`
        if (file === undefined) out.say(text)
        else await writeFile(file, text, { flag: 'wx' })
        out.result(receipt)
      }),
    )

  consent
    .command('import')
    .description('record consents from a file with the columns user_id, purposes, recipients, data_classes, method, until')
    .argument('<file>', 'CSV (several values separated by spaces), one JSON object per line, or one JSON array')
    .action(
      act(async ({ out, connect }, file: string) => {
        const connection = await connect()
        const consents = await everyRow(file, consentOf)
        if (consents.length === 0) throw new Error(`${file} holds no consent.`)
        const done = await giveConsents(connection.client, consents, !out.json)
        out.say(`${count(done.recorded)} recorded, ${count(done.already_given)} known already, ${count(done.erased)} of erased people passed over.`)
        out.result(done)
      }),
    )
}

function consentOf(row: SourceRecord, line: number): GivenConsent {
  const list = (column: string) =>
    String(row[column] ?? '*')
      .split(/[\s;|]+/)
      .filter((word) => word !== '')
  const user = String(row.user_id ?? '')
  if (user === '' || row.purposes === undefined || row.purposes === null)
    throw new Error(`Line ${line}: a consent needs at least user_id and purposes. Nothing was recorded.`)
  const method = methods.find((name) => name === (row.method ?? 'other'))
  if (method === undefined) throw new Error(`Line ${line}: method is one of ${methods.join(', ')}. Nothing was recorded.`)
  return {
    user_id: user,
    purposes: list('purposes'),
    recipients: list('recipients'),
    data_classes: list('data_classes'),
    method,
    ...(row.until === undefined || row.until === null ? {} : { until: String(row.until) }),
  }
}
