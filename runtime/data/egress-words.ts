/** Why nothing went out, in English; the portal has the same sentences in its languages, by the same codes. */
import { sentences } from '@gatehouse/core/sentence'

export const egressWords = {
  not_listed: '{{host}}:{{port}} is not on the allow list; add it to GATEHOUSE_EGRESS_ALLOW',
  private_address: '{{host}} is a private address; list it by itself to allow it',
  not_a_url: 'the address is not a URL',
  https_only: '{{host}}: only https is used outside, unless the host is on the allow list',
  password_in_address: '{{host}}: an address must not hold a password',
  folder_not_listed: '{{host}} is in no folder on the allow list; add its folder to GATEHOUSE_EGRESS_ALLOW',
  not_reached: '{{host}} could not be reached ({{why}})',
  not_reached_silent: '{{host}} could not be reached (no answer)',
  answer_beyond: '{{host}} answered with more than {{bytes}} bytes',
  no_answer_within: '{{host}} did not answer within {{ms}} ms',
} as const

export const say = sentences(egressWords)
