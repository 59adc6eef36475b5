/** The second half: the partner asks and redeems, and everything that must be refused is refused. */
import { GatehouseError, must } from '@gatehouse/sdk/client'
import { type Exchanged, redeemOnSocket } from '@gatehouse/sdk/exchange'
import type { SourceValue } from '@gatehouse/tabular/value'
import { type Connection, refusalOf } from '../node/connection.ts'
import type { Use } from './draft-policy.ts'
import type { Cast } from './input.ts'
import type { Receiver, Rule } from './prepare.ts'
import type { Story } from './story.ts'

export interface Scene {
  readonly story: Story
  readonly connection: Connection
  readonly receiver: Receiver
  readonly rule: Rule
  readonly use: Use
  readonly cast: Cast
  readonly recordType: string
}

export interface Released {
  readonly release: string
  readonly fields: number
  readonly masked: number
  readonly left_out: number
  readonly bytes: number
}

export async function releaseOnce(scene: Scene): Promise<Released> {
  const { story, receiver, rule, cast } = scene
  story.step('The partner asks')
  const grant = must(await askFor(scene, cast.followed.id, rule.purpose))
  story.tell(`${receiver.name} asks for ${cast.followed.id}, for ${rule.purpose}. Policy and consent are looked at; the data is not.`)
  story.table(
    ['field', 'mask'],
    grant.fields.map(({ name, mask }) => [name, mask.replaceAll('_', ' ')]),
  )
  const masked = grant.fields.filter(({ mask }) => mask !== 'keep').length
  story.claim(`Approved: a token for one use within ${grant.expires_in} s, ${masked} of ${grant.fields.length} fields masked.`, grant.status === 'approved')

  const missing = rule.fields.filter((name) => !grant.fields.some((field) => field.name === name))
  story.claim('All fields of the rule are in the plan.', missing.length === 0, `without ${missing.join(', ')}`)

  story.step('The token is redeemed')
  const stranger = await redeem(scene, grant.token, { withCertificate: false })
  story.claim('Without the receiver’s certificate the exchange refuses, and the token is not spent.', isRefused(stranger), outcome(stranger))
  const received = await redeem(scene, grant.token, { withCertificate: true })
  if (received instanceof GatehouseError) throw received
  const record = JSON.parse(received.data) as Record<string, SourceValue>
  story.claim(`With it, over TLS 1.3, ${received.header.bytes} bytes leave.`, received.header.release_id === grant.release_id)
  const held = cast.followed.record
  story.table(
    ['field', 'as it is held', 'as it left'],
    Object.keys(held).map((name) => [name, held[name], Object.hasOwn(record, name) ? record[name] : '(stays)']),
  )
  story.claim(
    'Nothing left that the rule does not name.',
    Object.keys(record).every((name) => grant.fields.some((field) => field.name === name)),
  )
  const open = grant.fields.filter(({ name, mask }) => mask !== 'keep' && held[name] !== null && record[name] === held[name])
  story.claim('No masked field left as it is held.', open.length === 0, open.map(({ name }) => name).join(', '))
  const again = await redeem(scene, grant.token, { withCertificate: true })
  story.claim('The same token a second time is refused.', isRefused(again), outcome(again))
  return {
    release: grant.release_id,
    fields: grant.fields.length,
    masked,
    left_out: Object.keys(held).length - Object.keys(record).length,
    bytes: received.header.bytes,
  }
}

export async function refuseWhatMustBe(scene: Scene): Promise<void> {
  const { story, rule, cast, use } = scene
  story.step('What must be refused is refused')
  const [silent, unknown, elsewhere] = [
    refusalOf(await askFor(scene, cast.silent, rule.purpose)),
    refusalOf(await askFor(scene, cast.unknown, rule.purpose)),
    refusalOf(await askFor(scene, cast.followed.id, use.otherPurpose)),
  ]
  story.claim('A person who has not consented: refused.', silent.status === 403 && silent.reasons.includes('not_available'), `HTTP ${silent.status}`)
  story.claim('A person nobody knows: refused.', unknown.status === 403, `HTTP ${unknown.status}`)
  story.claim(
    'The two answers are the same to the letter, so nobody learns who is known here.',
    withoutTrace(silent.document) === withoutTrace(unknown.document),
  )
  story.claim(
    `Another purpose (${use.otherPurpose}): refused, and the reason is named.`,
    elsewhere.status === 403 && elsewhere.reasons.includes('purpose_not_permitted'),
    elsewhere.reasons.join(', '),
  )
}

export async function withdrawInBetween(scene: Scene): Promise<void> {
  const { story, connection, rule, cast, receiver } = scene
  story.step('Somebody changes their mind')
  const grant = must(await askFor(scene, cast.withdrawing, rule.purpose))
  story.tell(`${receiver.name} has a token for ${cast.withdrawing}. Before it is redeemed, the person withdraws.`)
  const { data } = must(await connection.client.POST('/v1/consents/search', { body: { user_id: cast.withdrawing, in_force: true, limit: 100 } }))
  const consent = data.find(({ recipients }) => recipients.includes(receiver.reference))
  story.claim('The consent is found.', consent !== undefined)
  if (consent === undefined) return
  must(await connection.client.POST('/v1/consents/{consent}/withdraw', { params: { path: { consent: consent.id } }, body: { user_id: cast.withdrawing } }))
  const refused = await redeem(scene, grant.token, { withCertificate: true })
  story.claim('The token is refused: consent is asked again at the last moment.', isRefused(refused), outcome(refused))
  const { state } = must(await connection.client.GET('/v1/releases/{release}', { params: { path: { release: grant.release_id } } }))
  story.claim('And it is burned: it will never work again.', state === 'burned', state)
}

function askFor({ connection, receiver, recordType }: Scene, user_id: string, purpose: string) {
  return connection.as(receiver.apiKey).POST('/v1/authorize', { body: { partner_id: receiver.reference, user_id, purpose, record_type: recordType } })
}

/** The answer of the exchange; a refusal is one of them. */
async function redeem({ connection, receiver }: Scene, token: string, { withCertificate }: { withCertificate: boolean }): Promise<Exchanged | GatehouseError> {
  const { exchange } = connection.credential
  if (exchange === undefined) throw new Error('This node has no exchange socket. Start it with the role "exchange" (GATEHOUSE_ROLES).')
  const proof = withCertificate ? { certificate: receiver.certificate, privateKey: receiver.privateKey } : {}
  try {
    return await redeemOnSocket({ ...exchange, token, ...proof })
  } catch (error) {
    if (error instanceof GatehouseError) return error
    throw error
  }
}

function isRefused(answer: Exchanged | GatehouseError): boolean {
  return answer instanceof GatehouseError && answer.problem.status === 403 && answer.problem.type === '/problems/release/token-refused'
}

function outcome(answer: Exchanged | GatehouseError): string {
  return answer instanceof GatehouseError ? answer.message : `${answer.header.bytes} bytes left`
}

/** The trace id is new for every request; everything else must be equal. */
function withoutTrace(document: unknown): string {
  const { instance: _, ...rest } = document as Record<string, unknown>
  return JSON.stringify(rest)
}
