import { writeFile } from 'node:fs/promises'
import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { refusalOf } from '../node/connection.ts'
import { act } from './act.ts'
import { allPages } from './all-pages.ts'

type Ground = 'no_longer_necessary' | 'consent_withdrawn' | 'objection' | 'unlawful' | 'legal_obligation' | 'request_of_the_person' | 'retention_ended'
type Reason = 'inactive' | 'restriction' | 'dispute' | 'mistake' | 'retention_ended' | 'other'

interface Pending {
  readonly state?: string
  readonly have?: number
  readonly need?: number
}

export function addSubject(program: Command): void {
  const subject = program.command('subject').description('persons whose records are kept: archive, restore, hold and erase them')

  subject
    .command('standing')
    .description('whether a person is archived, held, or being erased')
    .argument('<user-id>')
    .action(
      act(async ({ out, connect }, user_id: string) => {
        const { client } = await connect()
        const found = must(await client.POST('/v1/people/standing', { body: { user_id } }))
        const held = found.holds.length === 0 ? '' : `, held (${found.holds.map(({ matter }) => matter).join('; ')})`
        out.say(`${found.status}${held}${found.erasure === null ? '' : `, erasure ${found.erasure.id} is ${found.erasure.state}`}`)
        out.result(found)
      }),
    )

  subject
    .command('archive')
    .description('hide a person; nothing is lost, and restore brings everything back')
    .argument('<user-id>')
    .option('--reason <word>', 'inactive, restriction, dispute, mistake, retention_ended or other', 'other')
    .action(
      act(async ({ out, connect }, user_id: string, { reason }: { reason: string }) => {
        const { client } = await connect()
        out.result(must(await client.POST('/v1/people/archivals', { body: { user_id, reason: reason as Reason } })))
        out.say('Archived: the node answers as if it had never known this person.')
      }),
    )

  subject
    .command('restore')
    .description('show an archived person again')
    .argument('<user-id>')
    .action(
      act(async ({ out, connect }, user_id: string) => {
        const { client } = await connect()
        out.result(must(await client.POST('/v1/people/restorations', { body: { user_id } })))
        out.say('Restored.')
      }),
    )

  subject
    .command('hold')
    .description('place a legal hold: nothing it covers is erased until two people lift it')
    .argument('[user-id]', 'one person; leave it out with --record-type or --everybody')
    .requiredOption('--matter <text>', 'why, such as the number of a case')
    .option('--record-type <slug>', 'everybody who has a record of this type')
    .option('--everybody', 'the whole institution')
    .action(
      act(async ({ out, connect }, user_id: string | undefined, options: { matter: string; recordType?: string; everybody?: boolean }) => {
        const { matter, recordType } = options
        if ([user_id, recordType, options.everybody].filter((one) => one !== undefined).length !== 1)
          throw new Error('Name one person, or --record-type, or --everybody.')
        const { client } = await connect()
        const covers = user_id !== undefined ? { user_id } : recordType !== undefined ? { record_type: recordType } : { everybody: true as const }
        const hold = must(await client.POST('/v1/holds', { body: { ...covers, matter } }))
        out.say(`Held: ${hold.id}. "gatehouse subject release ${hold.id}" lifts it, once two people have asked.`)
        out.result(hold)
      }),
    )

  subject
    .command('holds')
    .description('legal holds in force')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const holds = await allPages((cursor) =>
          client.GET('/v1/holds', { params: { query: { in_force: 'true' as const, ...(cursor === undefined ? {} : { cursor }), limit: 100 } } }),
        )
        out.table(
          ['hold', 'covers', 'matter', 'since'],
          holds.map((row) => [row.id, row.subject_id ?? row.record_type ?? 'everybody', row.matter, row.placed_at]),
        )
        out.result(holds)
      }),
    )

  subject
    .command('release')
    .description('lift a legal hold; a second person must ask for the same')
    .argument('<hold>')
    .action(
      act(async ({ out, connect }, hold: string) => {
        const { client } = await connect()
        const answer = must(await client.POST('/v1/holds/{hold}/lift', { params: { path: { hold } } })) as Pending
        out.say(answer.have === undefined ? 'Lifted. An erasure that waited for it goes on.' : `Asked for: ${answer.have} of ${answer.need} people have.`)
        out.result(answer)
      }),
    )

  subject
    .command('erase')
    .description('request that a person is erased, and approve it as the first of two')
    .argument('<user-id>')
    .option(
      '--ground <word>',
      'no_longer_necessary, consent_withdrawn, objection, unlawful, legal_obligation, request_of_the_person or retention_ended',
      'request_of_the_person',
    )
    .option('--reference <text>', 'what the request is filed under; forgotten with the person')
    .action(
      act(async ({ out, connect }, user_id: string, { ground, reference }: { ground: string; reference?: string }) => {
        const { client } = await connect()
        const erasure = must(
          await client.POST('/v1/erasures', { body: { user_id, ground: ground as Ground, ...(reference === undefined ? {} : { reference }) } }),
        )
        const answer = await client.POST('/v1/erasures/{erasure}/approve', { params: { path: { erasure: erasure.id } } })
        if (refusalOf(answer).type.endsWith('/review-demanded')) {
          out.say(`Requested: ${erasure.id}. Erasures are judged by a panel here: "gatehouse review ask erasure ${erasure.id} --key-file FILE".`)
        } else {
          const { have = 2, need = 2 } = must(answer) as Pending
          out.say(`Requested: ${erasure.id}. Approved by ${have} of ${need} people; nothing is destroyed before the second.`)
        }
        out.result(erasure)
      }),
    )

  subject
    .command('approve')
    .description('approve an erasure; with the second person it begins')
    .argument('<erasure>')
    .action(
      act(async ({ out, connect }, erasure: string) => {
        const { client } = await connect()
        const answer = must(await client.POST('/v1/erasures/{erasure}/approve', { params: { path: { erasure } } })) as Pending
        out.say(
          answer.have === undefined
            ? 'Approved. The node destroys the keys now; "gatehouse subject erasures" tells how far it is.'
            : `Approved by ${answer.have} of ${answer.need} people.`,
        )
        out.result(answer)
      }),
    )

  subject
    .command('withdraw')
    .description('withdraw an erasure before anything is destroyed')
    .argument('<erasure>')
    .action(
      act(async ({ out, connect }, erasure: string) => {
        const { client } = await connect()
        out.result(must(await client.DELETE('/v1/erasures/{erasure}', { params: { path: { erasure } } })))
        out.say('Withdrawn.')
      }),
    )

  subject
    .command('erasures')
    .description('erasures, newest first')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const rows = await allPages((cursor) => client.GET('/v1/erasures', { params: { query: { ...(cursor === undefined ? {} : { cursor }), limit: 100 } } }))
        out.table(
          ['erasure', 'state', 'ground', 'requested', 'ended'],
          rows.map((row) => [row.id, row.state, row.ground, row.requested_at, row.ended_at ?? '']),
        )
        out.result(rows)
      }),
    )

  subject
    .command('certificate')
    .description('download the certificate of an erasure, which verifies offline')
    .argument('<erasure>')
    .option('--out <file>', 'where to write it', 'erasure.json')
    .action(
      act(async ({ out, connect }, erasure: string, { out: file }: { out: string }) => {
        const { client } = await connect()
        const certificate = must(await client.GET('/v1/erasures/{erasure}/certificate', { params: { path: { erasure } } }))
        await writeFile(file, `${JSON.stringify(certificate, null, 2)}\n`)
        out.say(`${file} written. "gatehouse-verify erasure ${file} --key FILE" checks it on any machine.`)
        out.result({ file })
      }),
    )
}
