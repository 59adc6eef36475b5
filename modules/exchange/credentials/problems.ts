import { defineProblems } from '@gatehouse/core/problem'

/** What wallets are told bears the names of OAuth 2.0 and OpenID4VCI: the last word of the type is their `error`. */
export const problems = defineProblems('credentials', {
  slug_taken: { status: 409, title: 'There is a type of that name', mend: 'A type never changes. Choose another name, such as the old one with a number.' },
  record_type_unknown: {
    status: 422,
    title: 'There is no such data class, field or purpose',
    mend: '"detail" names it. Look at the record types and purposes.',
  },
  type_retired: { status: 409, title: 'Credentials of this type are not issued any more', mend: 'Choose a type that is offered.' },
  not_offered: {
    status: 403,
    title: 'The claim may not be handed out',
    mend: '"reasons" says why. A policy for the recipient "holder" has to permit the field for the purpose of the type.',
  },
  too_many_offers: { status: 429, title: 'Too many offers are open for this person', mend: 'Use one of them, or wait until they end.' },
  status_final: { status: 409, title: 'A revoked credential stays revoked', mend: 'Offer a new one.' },
  invalid_grant: {
    status: 400,
    title: 'The code is not accepted',
    mend: 'Ask for a new offer. A code counts once, for ten minutes, with its transaction code.',
  },
  unsupported_grant_type: {
    status: 400,
    title: 'Only the pre-authorised code is taken',
    mend: 'Send grant_type urn:ietf:params:oauth:grant-type:pre-authorized_code.',
  },
  invalid_token: { status: 401, title: 'The access token is not accepted', mend: 'Redeem the offer’s code first; the token counts once and for five minutes.' },
  unknown_credential_configuration: { status: 400, title: 'The token is for another type of credential', mend: 'Ask for the one that the offer names.' },
  invalid_proof: {
    status: 400,
    title: 'The proof of the wallet’s key does not hold',
    mend: 'One JWT of type openid4vci-proof+jwt, by EdDSA or ES256, for this issuer, signed just now.',
  },
  invalid_nonce: { status: 400, title: 'The nonce is not one of ours, or too old', mend: 'Fetch one at the nonce endpoint and sign again.' },
  credential_request_denied: { status: 403, title: 'The credential is not issued', mend: 'What permitted it holds no more. Ask the institution.' },
  presentation_refused: { status: 400, title: 'The presentation is not accepted', mend: '"reason" says why. Whoever asked can ask again.' },
  purpose_unknown: { status: 422, title: 'There is no such purpose', mend: 'A claim is asked for with one of the institution’s purposes.' },
})
