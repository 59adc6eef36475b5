/** An institution asks a wallet for a claim. Who answers need not be known here; whose signature counts is said in the question. */
import { addSeconds } from '@gatehouse/core/instant'
import { keyOfDidKey } from '@gatehouse/credentials/did/did-key'
import { documentUrlOf } from '@gatehouse/credentials/did/did-web'
import { toBase64url } from '@gatehouse/crypto/bytes'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { purposeTree } from '../../../governance/policies/index.ts'
import { institutionOf } from '../institution.ts'
import { problems } from '../problems.ts'
import { claimSchema, claimsAskedMax, issuersMax, presentationView, requestSeconds } from '../schema.ts'
import { insertPresentation } from '../store.ts'
import { presentationViewOf } from '../view.ts'
import { clientIdOf, requestAddress } from './request-object.ts'

const didSchema = z
  .string()
  .max(512)
  .refine((did) => documentUrlOf(did) !== undefined || keyOfDidKey(did) !== undefined, 'a did:web, or a did:key for Ed25519')

export const askForPresentation = operation({
  name: 'credentials.ask',
  summary: 'Ask a wallet for claims',
  description: 'OpenID4VP 1.0. The link goes to the wallet, as a QR code or as it is. An answer counts once, within ten minutes.',
  input: z.strictObject({
    vct: z.string().min(1).max(500).describe('The type of credential, as its issuer names it.'),
    claims: z.array(claimSchema).min(1).max(claimsAskedMax).describe('Those that must be shown, and no more.'),
    issuers: z.array(didSchema).min(1).max(issuersMax).describe('Whose signature counts.'),
    purpose: z.string().min(1).max(128),
  }),
  output: z.strictObject({ presentation: presentationView, uri: z.string() }),
  access: { action: 'create', on: () => ({ type: 'presentation' }) },
  audit: ({ purpose, claims }, { presentation: { id } }) => ({ purpose, object: { kind: 'presentation', id }, details: { claims } }),
  http: { method: 'POST', path: '/v1/presentations', status: 201 },
  example: {
    input: {
      vct: 'https://hospital.example.org/institutions/01980000-0000-7000-8000-000000000001/types/of_age',
      claims: ['age_over_18'],
      issuers: ['did:web:hospital.example.org:institutions:01980000-0000-7000-8000-000000000001'],
      purpose: 'dpv:IdentityVerification',
    },
  },
  problems: [problems.purpose_unknown],
  async run(ctx, asked) {
    const { tx, node, now } = ctx
    if (!(await purposeTree(node, tx)).has(asked.purpose)) return refuse(problems.purpose_unknown)
    const id = ctx.newId<'presentation'>()
    const secret = () => toBase64url(ctx.randomBytes(24))
    const row = { id, ...asked, nonce: secret(), state: secret(), status: 'waiting' as const, asked_at: now, expires_at: addSeconds(now, requestSeconds) }
    await insertPresentation(tx, row)
    const institution = institutionOf(node, ctx.tenant)
    const query = new URLSearchParams({ client_id: clientIdOf(institution), request_uri: requestAddress(institution, id) })
    const presentation = presentationViewOf({ ...row, reason: null, issuer: null, shown: null, answered_at: null }, now)
    return { presentation, uri: `openid4vp://?${query}` }
  },
})
