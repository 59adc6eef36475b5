import { defineProblems } from '@gatehouse/core/problem'

export const consentsProblems = defineProblems('consents', {
  terms_refused: {
    status: 400,
    title: 'The consent names what does not exist, or would never be in force',
    mend: 'Each entry of "errors" names a place. Purposes are those of /v1/purposes, recipients are references of partners or "*".',
  },
  already_given: { status: 409, title: 'The very same consent is recorded and not withdrawn', mend: 'Nothing needs to be done.' },
  superseded: {
    status: 409,
    title: 'A newer version has taken the place of this consent',
    mend: 'Act on the newest version: the list of versions names it.',
  },
  not_in_life: {
    status: 409,
    title: 'Only a consent that is neither withdrawn nor over can be superseded',
    mend: 'Record a new consent without "supersedes".',
  },
  guardian_refused: {
    status: 400,
    title: 'The guardian cannot be recorded like this',
    mend: 'Each entry of "errors" names a place.',
  },
  proposal_waits: { status: 409, title: 'One guardian has agreed to this already', mend: 'The other guardian agrees to what waits.' },
  second_guardian_needed: {
    status: 409,
    title: 'Whoever proposed cannot agree for the second guardian',
    mend: 'The other guardian signs in and agrees.',
  },
  nothing_to_confirm: {
    status: 409,
    title: 'There is nothing to confirm',
    mend: 'Only what a guardian agreed to is confirmed, once the person is of age and while it is in force.',
  },
  offers_full: { status: 409, title: 'There are as many offers as an institution may have', mend: 'Retire one that nobody needs to be asked any more.' },
  opt_out_refused: {
    status: 400,
    title: 'A purpose is named that does not exist',
    mend: 'Each entry of "errors" names a place. Purposes are those of /v1/purposes.',
  },
  opted_out_already: { status: 409, title: 'The person has opted out of this already', mend: 'Nothing needs to be done.' },
  exemptions_full: {
    status: 409,
    title: 'There are as many exempt purposes as an institution may have',
    mend: 'Name a broader purpose in the place of several.',
  },
  already_withdrawn: { status: 409, title: 'The consent is withdrawn already', mend: 'Nothing needs to be done.' },
  person_erased: {
    status: 409,
    title: 'The person is erased or archived',
    mend: 'Nothing is recorded of an erased person, and of an archived one only after they are restored.',
  },
})
