import { defineProblems } from '@gatehouse/core/problem'

export const consentsProblems = defineProblems('consents', {
  terms_refused: {
    status: 400,
    title: 'The consent names what does not exist, or would never be in force',
    mend: 'Each entry of "errors" names a place. Purposes are those of /v1/purposes, recipients are references of partners or "*".',
  },
  already_given: { status: 409, title: 'The very same consent is recorded and not withdrawn', mend: 'Nothing needs to be done.' },
  already_withdrawn: { status: 409, title: 'The consent is withdrawn already', mend: 'Nothing needs to be done.' },
  person_erased: {
    status: 409,
    title: 'The person is erased or archived',
    mend: 'Nothing is recorded of an erased person, and of an archived one only after they are restored.',
  },
})
