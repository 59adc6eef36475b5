import { defineProblems } from '@gatehouse/core/problem'
import { limits } from './schema.ts'

export const accessProblems = defineProblems('access', {
  more_than_own: {
    status: 403,
    title: 'Nobody gives a right that they do not have',
    mend: 'The detail names the right. Leave it out, or ask somebody who has it to give it.',
  },
  locks_out: {
    status: 409,
    title: 'The change would lock out whoever makes it',
    mend: 'Ask another administrator to make it, or give yourself the right in another way first.',
  },
  name_taken: { status: 409, title: 'There is a role of this name', mend: 'Choose another name, or change the role that has it.' },
  roles_full: { status: 409, title: `An institution has at most ${limits.rolesMax} roles of its own`, mend: 'Delete one that nobody holds.' },
  condition_invalid: {
    status: 422,
    title: 'The condition cannot be used',
    mend: 'It is CEL over sensitivity (int), category, consent_scope, purpose (string) and now (timestamp), and gives true or false. The detail says what is wrong.',
  },
  role_fixed: {
    status: 409,
    title: 'This role comes with the account and is not given',
    mend: 'Only roles of the staff can be given to people and teams.',
  },
  scope_closed: {
    status: 409,
    title: 'There is no such product or project, or it is not open',
    mend: 'Name one that exists, has begun and has not ended.',
  },
  emergencies_open: {
    status: 409,
    title: `Nobody takes more than ${limits.emergenciesOpenMax} emergency rights at a time`,
    mend: 'Give one back, or wait until it ends.',
  },
  emergency_over: { status: 409, title: 'This emergency is over or has been reviewed', mend: 'Nothing needs to be done.' },
  emergency_own: { status: 403, title: 'Nobody reviews their own emergency', mend: 'Somebody else with the right has to look at it.' },
})
