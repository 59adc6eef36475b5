/**
 * Somebody is offered a credential: by the staff, or by oneself. The questions of a release are asked here, and again when the wallet
 * comes for it. The answer holds a code and a transaction code, each of which is nothing without the other.
 */
import { addSeconds } from '@gatehouse/core/instant'
import { slugSchema } from '@gatehouse/core/schema'
import { issueToken } from '@gatehouse/crypto/token'
import { operation, type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findSubject, type Subject, subjectById, userIdSchema } from '../../../subjects/index.ts'
import { decideForHolder, groundsOf } from '../../release/index.ts'
import { institutionOf } from '../institution.ts'
import { problems } from '../problems.ts'
import { offerSeconds, offerView, openOffersMax, txCodeDigits } from '../schema.ts'
import { countOpenOffers, insertOffer, type TypeRow, typeBySlug } from '../store.ts'
import { txCodeHash } from './tx-code.ts'
import { wishOf } from './wish.ts'

const description =
  'Permission, policy and consent are asked as for a release, with the recipient `holder`. The link is for the wallet; the transaction code goes to the person by another way.'
const example = { type: 'of_age' }
const kinds = [doorProblems.not_found, problems.type_retired, problems.not_offered, problems.too_many_offers]

export const offer = operation({
  name: 'credentials.offer',
  summary: 'Offer a person a credential',
  description,
  input: z.strictObject({ user_id: userIdSchema, type: slugSchema }),
  output: offerView,
  access: { action: 'create', on: () => ({ type: 'credential' }) },
  audit: () => ({}),
  secretOutput: true,
  http: { method: 'POST', path: '/v1/credentials/offers', status: 201 },
  example: { input: { user_id: 'C000001', ...example } },
  problems: kinds,
  run: async (ctx, { user_id, type }) => offered(ctx, await typeBySlug(ctx.tx, type), findSubject(ctx.tx, ctx.node, user_id)),
})

export const offerMine = operation({
  name: 'credentials.offer_mine',
  summary: 'Fetch a credential about oneself',
  description: `For types that are there for everybody to fetch. ${description}`,
  input: z.strictObject({ type: slugSchema }),
  output: offerView,
  access: { action: 'create', on: (_input, { subject }) => ({ type: 'own_credential', ...(subject === undefined ? {} : { owner: subject }) }) },
  audit: () => ({}),
  secretOutput: true,
  http: { method: 'POST', path: '/v1/me/credentials/offers', status: 201 },
  example: { input: example },
  problems: kinds,
  async run(ctx, input) {
    const type = await typeBySlug(ctx.tx, input.type)
    const { subject } = ctx.principal
    if (subject === undefined || type?.self_service !== true) return refuse(doorProblems.not_found)
    return offered(ctx, type, subjectById(ctx.tx, subject))
  },
})

async function offered(
  ctx: TransactionContext,
  type: TypeRow | undefined,
  person: Promise<Subject | undefined>,
): Promise<z.output<typeof offerView> | Refusal> {
  const { tx, node, now } = ctx
  const { primitives } = node.keys
  // Awaited with the decision; where there is none, it is still one that may fail.
  if (type === undefined || type.retired_at !== null) {
    await person
    return refuse(type === undefined ? doorProblems.not_found : problems.type_retired)
  }
  const decided = await decideForHolder(ctx, person, wishOf(type))
  const about = { ...decided.about, details: { type: type.slug } }
  if (decided.outcome === 'denied') {
    const { reasons } = decided
    return refuse(problems.not_offered, undefined, { ...about, details: { ...about.details, reasons } }, { reasons })
  }
  const { subject, plan } = decided
  if ((await countOpenOffers(tx, subject.id, now)) >= openOffersMax) return refuse(problems.too_many_offers, undefined, about)

  const { token: code, hash } = issueToken(primitives, 'gho_')
  const txCode = drawDigits(ctx)
  const id = ctx.newId<'offer'>()
  const expires = addSeconds(now, offerSeconds)
  await insertOffer(tx, {
    subject_id: subject.id,
    id,
    type_id: type.id,
    code_hash: hash,
    tx_code_hash: txCodeHash(primitives, code, txCode),
    offered_at: now,
    expires_at: expires,
  })
  ctx.describe({ ...about, decision: 'permit', object: { kind: 'offer', id }, details: { ...about.details, ...groundsOf(plan) } })
  ctx.publish({ type: 'credentials.offered', subject: id, data: { offer: id, type: type.slug } })
  const content = {
    credential_issuer: institutionOf(node, ctx.tenant).base,
    credential_configuration_ids: [type.slug],
    grants: { [preAuthorised]: { 'pre-authorized_code': code, tx_code: { input_mode: 'numeric', length: txCodeDigits } } },
  }
  return { id, uri: `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(content))}`, tx_code: txCode, expires_at: expires }
}

export const preAuthorised = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

/** Evenly: what lies beyond the last whole million of 32 bits is drawn again. */
function drawDigits({ randomBytes }: TransactionContext): string {
  const span = 10 ** txCodeDigits
  const end = Math.floor(2 ** 32 / span) * span
  for (;;) {
    const drawn = new DataView(Uint8Array.from(randomBytes(4)).buffer).getUint32(0)
    if (drawn < end) return String(drawn % span).padStart(txCodeDigits, '0')
  }
}
