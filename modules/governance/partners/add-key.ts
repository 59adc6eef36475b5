import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { announce } from './events.ts'
import { partnersProblems } from './problems.ts'
import { readCertificate, readJwk } from './receiver-key.ts'
import { certificateLengthMax, keyLabelSchema, partnerKeySchema, receiverKeySchema, receiverKeysMax } from './schema.ts'
import { partnerLife } from './status.ts'
import { insertKey, listKeys, lockPartner } from './store.ts'

/** Loose, because a JWK may carry members of its owner's; which of them are private is said in words of its own. */
const jwkSchema = z.looseObject({ kty: z.string().max(16) })

export const addPartnerKey = operation({
  name: 'partners.add_key',
  summary: 'Register a key that the receiver will prove',
  description: 'Only the thumbprint is kept: of the certificate for mutual TLS (RFC 8705), of the JWK for DPoP (RFC 9449).',
  input: z
    .strictObject({
      partner: partnerKeySchema,
      certificate_pem: z.string().max(certificateLengthMax).optional(),
      jwk: jwkSchema.optional(),
      label: keyLabelSchema.optional(),
    })
    .refine((input) => (input.certificate_pem === undefined) !== (input.jwk === undefined), 'send either certificate_pem or jwk'),
  output: receiverKeySchema.extend({ partner: idSchema('partner') }),
  access: { action: 'create', on: () => ({ type: 'partner_key' }) },
  audit: (_input, key) => ({ partner: key.partner, object: { kind: 'partner_key', id: key.id }, details: { kind: key.kind, thumbprint: key.thumbprint } }),
  http: { method: 'POST', path: '/v1/partners/:partner/keys', status: 201 },
  example: {
    input: {
      partner: 'harbour-clinic',
      label: 'collector 2026',
      jwk: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
    },
  },
  problems: [
    doorProblems.not_found,
    partnersProblems.key_refused,
    partnersProblems.private_key_sent,
    partnersProblems.key_taken,
    partnersProblems.keys_full,
    partnersProblems.status_refused,
  ],
  async run(ctx, input) {
    const partner = await lockPartner(ctx.tx, input.partner)
    if (partner === undefined) return refuse(doorProblems.not_found)
    const facts = { partner: partner.id }
    if (partnerLife.isFinal(partner.status)) return refuse(partnersProblems.status_refused, 'a retired partner takes no keys', facts)

    const read = input.jwk === undefined ? readCertificate(ctx.node.keys.primitives, input.certificate_pem ?? '', ctx.now) : await readJwk(input.jwk)
    if (read.outcome === 'refused') return refuse(read.problem, read.detail, facts)
    if ((await listKeys(ctx.tx, partner.id)).length >= receiverKeysMax)
      return refuse(partnersProblems.keys_full, `a partner has at most ${receiverKeysMax} keys`, facts)

    const key = {
      id: ctx.newId<'key'>(),
      kind: read.kind,
      thumbprint: read.thumbprint,
      label: input.label ?? null,
      not_after: read.notAfter,
      created_at: ctx.now,
    }
    if (!(await insertKey(ctx.tx, partner.id, key))) return refuse(partnersProblems.key_taken, undefined, facts)
    announce(ctx, partner, 'key_added')
    return { ...key, partner: partner.id }
  },
})
