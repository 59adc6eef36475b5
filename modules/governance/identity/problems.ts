import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('identity', {
  sign_in_refused: {
    status: 401,
    title: 'E-mail address or password is wrong, or there were too many attempts',
    mend: 'Check both. After ten failures wait a quarter of an hour. The answer is the same for every cause, so that it tells nobody who has an account.',
  },
  signed_in: { status: 409, title: 'Somebody is signed in already', mend: 'Sign out first; then use the link or sign in again.' },
  foreign_origin: { status: 403, title: 'The request came from another site', mend: "Open the portal at the node's own address and try there." },
  token_refused: {
    status: 403,
    title: 'This one-time link does not hold',
    mend: 'It may be used up, expired or replaced by a newer one. Ask for a new one; the first one is printed when the node starts.',
  },
  password_refused: {
    status: 422,
    title: 'This password cannot be used',
    mend: 'Take at least 12 characters that are not among the commonest; any characters will do.',
  },
  password_outdated: {
    status: 403,
    title: 'This password was carried over from an earlier system and can be guessed',
    mend: 'Ask for a link by "password forgotten" and set another one.',
  },
  factor_refused: {
    status: 403,
    title: 'The proof does not hold, or there were too many attempts',
    mend: 'Take the newest code of the app, each once, or another factor. After five failures wait as long as the detail says, at most a quarter of an hour.',
  },
  factor_too_weak: {
    status: 409,
    title: 'This proves nothing here',
    mend: 'Use the authenticator app, the passkey or a recovery code that you have; a code by mail or SMS only where the institution takes one and there is nothing stronger.',
  },
  too_many_codes: {
    status: 429,
    title: 'There were too many codes by mail or SMS',
    mend: 'Take the newest one, or wait as long as the detail says, at most an hour.',
  },
  factor_known: { status: 409, title: 'This factor is set up already', mend: 'Use it to sign in, or remove it first.' },
  factor_needed: {
    status: 409,
    title: 'The last factor cannot be removed',
    mend: 'The institution asks for a second factor. Set up another one first.',
  },
  too_many_factors: { status: 409, title: 'There are as many factors as one account can have', mend: 'Remove one that you no longer use.' },
  team_taken: {
    status: 409,
    title: 'There is a team of this name, or of this id elsewhere',
    mend: 'Take another name, or change the members of the team that exists.',
  },
  sso_unknown: {
    status: 404,
    title: 'No institution here signs such addresses in elsewhere',
    mend: 'Sign in with the password, or ask the institution for its own link.',
  },
  sso_away: {
    status: 409,
    title: 'The institution’s identity provider cannot be used now',
    mend: 'Try again. If it stays, an administrator finds the reason under identity providers, and the operator in the log.',
  },
  sso_refused: {
    status: 403,
    title: 'The identity provider’s answer opens nothing here',
    mend: 'Begin anew from the sign-in page. `reason` says why: expired or from another browser, declined, invalid, no address that counts, no account, an account that is closed or belongs to another sign-in.',
  },
  logout_refused: {
    status: 400,
    title: 'The identity provider’s word that somebody has signed out does not hold',
    mend: 'It is a logout token of this provider for this client, fresh, signed, used once. The log says what it lacks.',
  },
  sso_required: {
    status: 403,
    title: 'People of this address sign in with their organisation',
    mend: 'Choose "Sign in with your organisation".',
  },
  sso_locks_out: {
    status: 409,
    title: 'Nobody could administer while the provider is away',
    mend: 'Keep an administrator with a password here whose address is of none of the provider’s domains; then ask for this again.',
  },
  provider_refused: {
    status: 422,
    title: 'This identity provider cannot be reached from here',
    mend: 'Use its https address as it spells it itself, and have the operator put its host on the list GATEHOUSE_EGRESS_ALLOW.',
  },
  provider_unfit: {
    status: 422,
    title: 'These settings of an identity provider cannot be used',
    mend: 'OpenID Connect takes a client_id and a client_secret, SAML its settings under saml: one of both, as the detail says. Copy addresses and certificates from the metadata of the provider.',
  },
  too_many_providers: { status: 409, title: 'There are as many identity providers as an institution can have', mend: 'Remove one that is no longer used.' },
  domain_taken: {
    status: 409,
    title: 'Another identity provider of the institution has this domain',
    mend: 'Take it away there first.',
  },
  scim_invalid: {
    status: 400,
    title: 'The directory’s request cannot be taken as it is',
    mend: '`scimType` and the detail say what: a filter, a path, or a value. Addresses are of a domain that is proven for the provider.',
  },
  scim_taken: {
    status: 409,
    title: 'Somebody or something of this name is here already',
    mend: 'Find it by a filter on userName or displayName; a team that people made here is renamed first.',
  },
  domain_unproven: {
    status: 409,
    title: 'The domain does not say so yet',
    mend: 'Put the TXT record that the answer names into the domain, wait until it is published, and try again.',
  },
  account_closed: {
    status: 403,
    title: 'This account is closed',
    mend: 'Ask the institution: an engineer’s account rests while the partner is suspended, and a person’s ends with the record.',
  },
  email_taken: { status: 409, title: 'Somebody already has this e-mail address', mend: 'Change the roles of the user who has it, or use another address.' },
  no_person: {
    status: 422,
    title: 'Nobody can be invited under this id',
    mend: 'Use the id that the institution gives to a person whose records it keeps today.',
  },
  person_has_account: { status: 409, title: 'The person has an account already', mend: 'To change the address close the account, then invite again.' },
  roles_fixed: { status: 422, title: 'The roles of this account come with its partner', mend: 'Only staff is given roles.' },
  last_administrator: {
    status: 409,
    title: 'This would leave nobody to administer the node',
    mend: 'Make somebody else an administrator first.',
  },
  no_session: { status: 409, title: 'This caller has no session', mend: 'Sessions belong to people who signed in. An API key is ended by revoking it.' },
  no_partner: { status: 422, title: 'There is no such partner, or it is not active', mend: 'Name an active partner by its id or reference.' },
  key_of_another: {
    status: 403,
    title: 'This is the key of another person',
    mend: 'Whoever holds it acts as that person: ask its owner to rotate it, or revoke it.',
  },
  key_over: {
    status: 409,
    title: 'This key has ended, was replaced already, or is an operator’s',
    mend: 'Rotate the key that took its place, or issue a new one. An operator’s key is made by another operator.',
  },
  key_reaches_further: {
    status: 403,
    title: 'The key would reach further than the one that asks',
    mend: 'Name scopes that the asking key has itself, or ask with a session or a master key.',
  },
  slug_taken: { status: 409, title: 'There is an institution of this name in addresses', mend: 'Choose another slug; it never changes.' },
  institution_claimed: {
    status: 409,
    title: 'The institution has people of its own',
    mend: 'Operators invite only the first administrator. Whoever is missing there is invited by the institution itself.',
  },
})
