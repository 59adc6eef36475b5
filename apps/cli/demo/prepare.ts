/** The first half of the story: records come in, a partner is registered, two people agree on a rule, and people consent. */
import { makeCertificate } from '@gatehouse/runtime/base/certificate'
import { must } from '@gatehouse/sdk/client'
import { fieldNameOf } from '@gatehouse/tabular/field'
import { fieldsOf, type Mapping } from '@gatehouse/tabular/mapping'
import { register } from '../commands/partner.ts'
import { sayRecord, sayRules } from '../commands/policy.ts'
import { giveConsents } from '../files/give-consents.ts'
import { type ImportResult, importFile } from '../files/import-file.ts'
import { type ProposedMapping, showMapping } from '../files/propose-mapping.ts'
import type { Connection } from '../node/connection.ts'
import { count } from '../terminal/output.ts'
import { draftPolicy, type Use } from './draft-policy.ts'
import type { Cast } from './input.ts'
import { inviteSecondPerson } from './second-person.ts'
import { indent, type Story } from './story.ts'

export async function importRecords(
  story: Story,
  connection: Connection,
  path: string,
  { mapping, proposal }: ProposedMapping,
  cast: Cast,
): Promise<ImportResult> {
  story.step('Records come in')
  story.tell('Gatehouse looks at the first rows and proposes what each column is. A person could correct it.')
  showMapping(story.out, mapping, proposal, indent)
  const done = await importFile(connection, path, mapping, !story.out.json)
  const rate = Math.round(done.read / Math.max(done.seconds, 0.001))
  story.tell(
    `${count(done.read)} rows in ${done.seconds.toFixed(1)} s, ${count(rate)} a second. Each is sealed under the person’s own key and chained to the one before.`,
  )
  story.claim(
    `Every row is accounted for: ${count(done.imported)} stored, ${count(done.repeated)} known already, ${count(done.rejected)} rejected.`,
    done.read === cast.rows && done.rejected === cast.faults && done.imported + done.repeated + done.rejected === done.read,
    `${done.read} read of ${cast.rows}, ${done.rejected} rejected where ${cast.faults} are faulty`,
  )
  return done
}

export interface Receiver {
  readonly id: string
  readonly reference: string
  readonly name: string
  readonly apiKey: string
  readonly certificate: string
  readonly privateKey: string
}

export async function registerReceiver(story: Story, connection: Connection, use: Use, suffix: string): Promise<Receiver> {
  story.step('A partner is registered')
  const { client } = connection
  const partner = must(await client.POST('/v1/partners', { body: { reference: `${use.slug}-${suffix}`, name: use.partner } }))
  const { key } = must(await client.POST('/v1/api-keys', { body: { partner: partner.reference, label: 'demonstration', expires_in_days: 1 } }))
  const made = await makeCertificate([partner.reference], Date.now(), partner.reference)
  const registered = await register(connection, partner.reference, made.cert, 'demonstration')
  story.tell(`${partner.name} (${partner.reference}) gets an API key to ask with, and makes a client certificate to receive with.`)
  story.claim('The node keeps the certificate’s thumbprint, and of the API key only a hash.', registered.kind === 'certificate' && key.startsWith('ghk_'))
  return { id: partner.id, reference: partner.reference, name: partner.name, apiKey: key, certificate: made.cert, privateKey: made.key }
}

export interface Rule {
  readonly id: string
  readonly uid: string
  readonly version: number
  readonly purpose: string
  readonly fields: readonly string[]
}

export async function agreeOnRule(
  story: Story,
  connection: Connection,
  choice: { use: Use; receiver: Receiver; mapping: Mapping; cast: Cast; suffix: string },
): Promise<Rule> {
  const { use, receiver, mapping, cast, suffix } = choice
  const { client } = connection
  story.step('A rule is drafted')
  const uid = `${use.slug}-${use.template.replaceAll('_', '-')}-${suffix}`
  const drafting = { use, uid, partner: receiver.reference, recordType: mapping.record_type, fields: fieldsOf(mapping), subjectField: subjectField(mapping) }
  const { document, purpose, fields } = await draftPolicy(client, drafting)
  const draft = must(await client.POST('/v1/policies', { body: { document } }))
  story.tell(`From the template "${use.template}", made narrower: it rests on consent, and identifying fields are masked. In words:`)
  sayRules(story.out, draft.explained, indent)

  const shown = must(
    await client.POST('/v1/policies/preview', {
      body: { policy: draft.policy, version: draft.version, purpose, action: 'release', record_type: mapping.record_type, sample: [cast.followed.record] },
    }),
  )
  const [preview = []] = shown.records
  story.tell('', `What it would give of one person (${cast.followed.id}), before anything is decided:`)
  sayRecord(story.out, preview, indent)
  const hidden = preview.filter((field) => field.before !== null && field.after !== field.before)
  story.claim(
    `The preview shows ${hidden.length} of ${preview.length} fields masked or left out.`,
    shown.outcome === 'permit' && hidden.length > 0,
    shown.outcome,
  )

  story.step('Two people put it in force')
  const version = { params: { path: { policy: draft.policy, version: draft.version } } }
  const first = await client.POST('/v1/policies/{policy}/versions/{version}/publish', version)
  story.claim('The first person asks to publish it, and it waits: one of two.', first.response.status === 202, `HTTP ${first.response.status}`)
  const again = await client.POST('/v1/policies/{policy}/versions/{version}/publish', version)
  story.claim('The same person asking twice still counts once.', again.response.status === 202, `HTTP ${again.response.status}`)
  const second = await inviteSecondPerson(connection, suffix)
  try {
    const published = await second.client.POST('/v1/policies/{policy}/versions/{version}/publish', version)
    story.claim(
      `${second.name}, an officer invited a moment ago, asks for the same, and it is in force.`,
      published.response.status === 200,
      `HTTP ${published.response.status}`,
    )
  } finally {
    must(await client.PATCH('/v1/users/{user}', { params: { path: { user: second.id } }, body: { disabled: true } }))
  }
  return { id: draft.policy, uid, version: draft.version, purpose, fields }
}

function subjectField({ subject, fields }: Mapping): string | undefined {
  return fields[subject] === undefined ? undefined : (fields[subject].name ?? fieldNameOf(subject))
}

export interface Consented {
  readonly asked: number
  readonly recorded: number
  readonly seconds: number
}

export async function recordConsents(
  story: Story,
  connection: Connection,
  choice: { cast: Cast; rule: Rule; receiver: Receiver; recordType: string },
): Promise<Consented> {
  const { cast, rule, receiver, recordType } = choice
  story.step('People consent')
  const terms = { purposes: [rule.purpose], recipients: [receiver.reference], data_classes: [recordType], method: 'electronic_form' as const }
  const began = performance.now()
  const done = await giveConsents(
    connection.client,
    cast.consenting.map((user_id) => ({ user_id, ...terms })),
    !story.out.json,
  )
  const seconds = (performance.now() - began) / 1000
  const left = cast.ids.length - cast.consenting.length
  story.tell(`Each consent is a document of its own with a receipt, and an entry in the ledger. ${count(left)} people are left without.`)
  story.claim(
    `${count(done.recorded)} of ${count(cast.ids.length)} people have consented to this purpose, this partner and this kind of record (${seconds.toFixed(1)} s).`,
    done.recorded === cast.consenting.length,
    `${done.recorded} recorded of ${cast.consenting.length}`,
  )
  return { asked: cast.ids.length, recorded: done.recorded, seconds }
}
