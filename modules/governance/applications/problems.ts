import { defineProblems } from '@gatehouse/core/problem'

/** Those of the protocol bear OAuth's own words (RFC 6749 section 5.2, RFC 8707, RFC 9449): the wire says the last of each. */
export const problems = defineProblems('applications', {
  invalid_client: {
    status: 401,
    title: 'The application is not known, is suspended, or its secret does not hold',
    mend: 'Check client_id and secret; renew the secret where it was lost.',
  },
  invalid_grant: {
    status: 400,
    title: 'The code or refresh token does not hold',
    mend: 'Ask the person again. A code serves once; one that comes twice ends the connection.',
  },
  invalid_request: {
    status: 400,
    title: 'The request of the application lacks something or contradicts itself',
    mend: 'The detail says what. PKCE with S256 is always asked for.',
  },
  invalid_scope: {
    status: 400,
    title: 'The application asks for a scope that it has not registered',
    mend: 'Register the scope and have the application reviewed again.',
  },
  invalid_target: { status: 400, title: 'No tokens are made for this resource', mend: 'Have the institution name the deployment with this audience.' },
  invalid_dpop_proof: {
    status: 400,
    title: 'The DPoP proof does not hold',
    mend: 'Make a new proof for each request: its method and address, the time now, an id of its own.',
  },
  unauthorized_client: {
    status: 400,
    title: 'The application may not come in this way',
    mend: 'Register it as acting by itself, or take the way through a person.',
  },
  unsupported_grant_type: { status: 400, title: 'This grant type is not offered', mend: 'Use authorization_code, refresh_token or client_credentials.' },
  unsupported_token_type: { status: 400, title: 'Such a token cannot be revoked here', mend: 'Send an access token or a refresh token of your own.' },
  access_denied: { status: 403, title: 'This was not allowed', mend: 'Ask the person again, and say what for.' },
  redirect_refused: {
    status: 422,
    title: 'Answers may not go to this address',
    mend: 'Use https, or http on 127.0.0.1 or [::1] for a program on the person’s own machine; no fragment, no wildcard.',
  },
  area_refused: {
    status: 422,
    title: 'No application is let near this',
    mend: 'Leave out accounts, keys, roles, settings and applications themselves: people do these in the portal.',
  },
  owner_refused: { status: 422, title: 'Nobody of this name can own an application', mend: 'Name an active partner, or leave it out to own it yourself.' },
  deployment_unknown: { status: 422, title: 'There is no such deployment', mend: 'Name one that the institution has listed with an issuer.' },
  deployment_taken: { status: 409, title: 'This issuer, audience or client is listed already', mend: 'Change the one that is there.' },
  deployment_empty: {
    status: 422,
    title: 'Nothing of the deployment would be trusted, or keys would belong to no issuer',
    mend: 'Leave it an issuer with its keys, an audience, or both; or end the trust in it.',
  },
  deployment_in_use: { status: 409, title: 'Applications come in by this deployment', mend: 'Retire them first.' },
  issuer_refused: { status: 422, title: 'The node may not reach this address', mend: 'Have the operator list its host in GATEHOUSE_EGRESS_ALLOW; use https.' },
  wrong_state: {
    status: 409,
    title: 'The application is not in the state for this',
    mend: 'Look at its state; a new application is submitted, then admitted.',
  },
  own_application: { status: 403, title: 'Nobody admits an application of their own', mend: 'Ask a colleague to judge it.' },
  secret_needless: { status: 409, title: 'This application keeps no secret', mend: 'It proves itself by PKCE, or its tokens come from elsewhere.' },
  browser_only: {
    status: 403,
    title: 'Only a person in a browser can answer this',
    mend: 'Open the page and decide there: neither keys nor applications connect applications.',
  },
  asked_otherwise: { status: 409, title: 'The application has changed since you were asked', mend: 'Look at the page again before you decide.' },
})
