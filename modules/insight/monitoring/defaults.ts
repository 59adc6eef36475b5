/**
 * The rules every institution begins with. One of them wakes people, that a right was taken in an emergency. Of the others what is certain is told in the morning, what depends on
 * the institution's own measure is on trial until somebody has seen what it would have said.
 */
import { type Condition, conditionSchema } from './condition.ts'
import type { Channel } from './schema.ts'

export interface DefaultRule {
  readonly origin: string
  readonly name: string
  readonly description: string
  readonly channel: Channel
  readonly cool_down_seconds: number
  readonly condition: Condition
}

const hour = 3_600
const day = 24 * hour

/** Acts by which somebody could give themselves, or somebody else, more than before. */
export const settingTypes = [
  'tenancy.update',
  'access.create_role',
  'access.update_role',
  'access.delete_role',
  'access.assign',
  'access.unassign',
  'identity.invite',
  'identity.update_user',
  'identity.issue_key',
  'identity.revoke_key',
  'partners.create',
  'partners.update',
  'partners.add_key',
  'partners.remove_key',
  'policies.publish',
  'policies.retire',
  'policies.add_purpose',
  'webhooks.create',
  'webhooks.update',
  'webhooks.rotate',
  'webhooks.delete',
  'monitoring.create_rule',
  'monitoring.update_rule',
  'monitoring.retire_rule',
  'monitoring.update_settings',
] as const

const rule = (origin: string, name: string, channel: Channel, cool_down_seconds: number, condition: unknown, description: string): DefaultRule => ({
  origin,
  name,
  description,
  channel,
  cool_down_seconds,
  condition: conditionSchema.parse(condition),
})

export const defaultRules: readonly DefaultRule[] = [
  rule(
    'emergency',
    'A right was taken in an emergency',
    'page_now',
    60,
    { kind: 'settings_changed', types: ['access.break_glass'] },
    'Somebody of the staff took a right that they do not have, for at most an hour and with a reason. Read the reason under emergencies, ask if it does not convince, and review it: what was not justified ends at once.',
  ),
  rule(
    'failed_verification',
    'A verification found a fault',
    'next_working_day',
    hour,
    { kind: 'failed_verification' },
    'The log or a stored record no longer says what was signed. Somebody changed it past the node, or a disk did. Do not repair anything: run the verification again, keep a copy, and compare with a checkpoint that lies elsewhere. Once people are on call, let this one page them.',
  ),
  rule(
    'replayed_token',
    'A spent token was used again',
    'next_working_day',
    hour,
    { kind: 'replayed_token' },
    'A one-time token came back after it had been redeemed. Mostly the partner’s program tries again after a lost answer; it may also be that somebody copied the token. Nothing left either way. Ask the partner which of the two, and let it authorise anew instead of repeating.',
  ),
  rule(
    'failed_proof',
    'A receiver could not prove its key',
    'next_working_day',
    hour,
    { kind: 'failed_proof', threshold: 3, window_seconds: hour },
    'A token was presented without the key that the partner registered. After a change of certificates this is a forgotten key; otherwise somebody else holds the token. Compare the partner’s keys with what it uses now.',
  ),
  rule(
    'failed_sign_in_account',
    'Many failed sign-ins to one account',
    'next_working_day',
    hour,
    { kind: 'failed_sign_in', per: 'account', threshold: 10, window_seconds: 900 },
    'Somebody forgot a password, or somebody guesses. The account is slowed down by itself. Ask its owner; if it was not they, end their sessions and let them choose another password.',
  ),
  rule(
    'failed_sign_in_source',
    'Many failed attempts from one address',
    'on_trial',
    hour,
    { kind: 'failed_sign_in', per: 'source', threshold: 100, window_seconds: 600 },
    'One address tries credentials that do not hold. The node counts them for all its institutions and keeps only a keyed digest of the address. Programs with an old key do this too: look for one that was revoked lately.',
  ),
  rule(
    'settings_changed',
    'A setting was changed',
    'next_working_day',
    hour,
    { kind: 'settings_changed', types: settingTypes },
    'Users, keys, partners, policies, webhooks or rules of alerts were changed. That is daily work; it is told so that a change which nobody meant does not stay unseen. Read who did it in the entry.',
  ),
  rule(
    'requests_overdue',
    'A person was not answered in time',
    'next_working_day',
    day,
    { kind: 'rate', types: ['requests.overdue'], per: 'institution', threshold: 1, window_seconds: day },
    'What a person asked for under the law has not been answered within its statutory time. The requests stand under Requests, those that are overdue first. Answer them now; where many are late, see who is away, and think of an extension while there is time.',
  ),
  rule(
    'new_purpose',
    'A partner asks for a new purpose',
    'next_working_day',
    day,
    { kind: 'new_purpose', learning_days: 7 },
    'A partner has asked for a purpose that it has not asked for before, permitted or not. New business, or a wider use than was agreed. Its first week is learned in silence.',
  ),
  rule(
    'denial_rate',
    'A partner is refused again and again',
    'on_trial',
    hour,
    { kind: 'rate', types: ['release.authorize'], decision: 'deny', per: 'partner', threshold: 50, window_seconds: 900 },
    'Fifty refusals in a quarter of an hour. A partner’s program is set up wrongly, or somebody tries out whom the institution knows. See which reasons the entries give.',
  ),
  rule(
    'request_rate',
    'A partner asks unusually often',
    'on_trial',
    hour,
    { kind: 'rate', types: ['release.authorize'], per: 'partner', threshold: 1_000, window_seconds: hour },
    'A thousand requests in an hour. What is usual differs from house to house: replay the rule over the last month and choose a number that a busy day does not reach.',
  ),
  rule(
    'volume_bytes',
    'Much data left to a partner',
    'on_trial',
    day,
    { kind: 'volume', measure: 'bytes', per: 'partner', threshold: 100_000_000, window_seconds: day },
    'A hundred megabytes in a day. Copying a register looks like this, and so does a yearly report. Replay the rule to find your own number.',
  ),
  rule(
    'partner_walk',
    'A partner walks through the register',
    'on_trial',
    day,
    { kind: 'subject_walk', per: 'partner', shape: 'sequential', threshold: 100, window_seconds: hour },
    'A hundred persons one after the other and nobody twice. Work on cases comes back to the same persons; a program that copies does not.',
  ),
  rule(
    'staff_walk',
    'Somebody on the staff looks at many persons',
    'on_trial',
    day,
    { kind: 'subject_walk', types: ['release.read_record'], per: 'actor', shape: 'any', threshold: 50, window_seconds: hour },
    'Fifty different persons in an hour. Ask for the task behind it. Looking people up out of curiosity begins in small numbers; replay the rule to see what is usual here.',
  ),
  rule(
    'staff_off_hours',
    'Records read off hours',
    'on_trial',
    day,
    { kind: 'off_hours', types: ['release.read_record'], actors: 'user' },
    'Somebody on the staff read a record outside the institution’s working hours. Where people work in shifts, give the rule hours of its own or demote it.',
  ),
]
