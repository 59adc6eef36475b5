/**
 * Why something was refused or withheld. The codes are stable: partners build on them, and the audit keeps them. What a partner
 * is told can be less than what is recorded: no consent, an unknown and an erased person look exactly alike from outside.
 */
export const reasonCodes = {
  no_policy: { partner: 'no_policy', text: 'no policy in force names this partner' },
  no_rule: { partner: 'no_rule', text: 'no rule permits this action on this data class' },
  purpose_not_permitted: { partner: 'purpose_not_permitted', text: 'the purpose is not among the permitted ones, nor narrower than one of them' },
  prohibited: { partner: 'prohibited', text: 'a prohibition forbids it, and a prohibition wins' },
  outside_time: { partner: 'outside_time', text: 'the time is outside the permitted one' },
  count_exhausted: { partner: 'count_exhausted', text: 'the permitted number of times is used up' },
  recipient_not_permitted: { partner: 'recipient_not_permitted', text: 'this partner is not among the permitted recipients' },
  place_not_permitted: { partner: 'place_not_permitted', text: 'the place is not a permitted one' },
  form_not_permitted: { partner: 'form_not_permitted', text: 'results of this form are not permitted' },
  linkage_not_permitted: { partner: 'linkage_not_permitted', text: 'people may not be linked in this way' },
  standing_not_permitted: { partner: 'condition_not_met', text: 'the standing of the partner does not permit it' },
  condition_not_met: { partner: 'condition_not_met', text: 'a condition of the rule does not hold' },
  condition_unknown: { partner: 'condition_unknown', text: 'a condition could not be answered, because what it asks about was not given' },
  no_consent: { partner: 'not_available', text: 'the person has not consented to this purpose for this partner' },
  opted_out: { partner: 'not_available', text: 'the person has opted out of this purpose or of this data' },
  restricted: { partner: 'not_available', text: 'the processing was restricted at the person’s request: the data is only stored' },
  not_available: { partner: 'not_available', text: 'nothing is available for this person' },
  no_field_rule: { partner: 'no_field_rule', text: 'no rule speaks of this field' },
  dropped_by_rule: { partner: 'dropped_by_rule', text: 'the rule leaves this field out' },
  unknown_field: { partner: 'unknown_field', text: 'the data class has no such field' },
  no_field_left: { partner: 'no_field_left', text: 'no field is left to give' },
} as const satisfies Record<string, { readonly partner: string; readonly text: string }>

export type ReasonCode = keyof typeof reasonCodes

export interface Reason {
  readonly code: ReasonCode
  /** The policy and rule that spoke, where one did. */
  readonly policy?: string
  readonly rule?: string
  /** The operand of the condition that did not hold. */
  readonly operand?: string
}

export interface PartnerReason {
  readonly code: string
  readonly rule?: string
}

/**
 * What a partner is told. One reason that would tell a known person from an unknown one hides all the others, so that the
 * answers for both are equal to the letter.
 */
export function partnerReasons(reasons: readonly Reason[]): readonly PartnerReason[] {
  if (reasons.some(({ code }) => reasonCodes[code].partner === 'not_available')) return [{ code: 'not_available' }]
  return reasons.map(({ code, rule }) => ({ code: reasonCodes[code].partner, ...(rule === undefined ? {} : { rule }) }))
}
