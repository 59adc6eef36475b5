import { defineProblems } from '@gatehouse/core/problem'

export const retentionProblems = defineProblems('retention', {
  held: {
    status: 409,
    title: 'A legal hold forbids it',
    mend: 'GET /v1/holds lists what is held and why. Two people lift a hold; then ask again.',
  },
  own_institution: {
    status: 409,
    title: 'The institution that runs the node cannot be erased from within',
    mend: 'Stop the node, and delete its home, its database, its objects, its head store and its backups.',
  },
  not_archived: { status: 409, title: 'The person is not archived', mend: 'Nothing needs to be restored.' },
  being_erased: { status: 409, title: 'An erasure of this person is under way or done', mend: 'GET /v1/erasures shows how far it is.' },
  erasure_closed: { status: 409, title: 'The erasure can no longer be changed', mend: 'Once keys are being destroyed there is no way back.' },
  hold_lifted: { status: 409, title: 'The hold is lifted already', mend: 'Place a new one where it is needed again.' },
  not_certified: {
    status: 409,
    title: 'The erasure is not over yet',
    mend: 'The certificate follows once the log covers the last entry; ask again a few seconds later.',
  },
  record_type_unknown: { status: 400, title: 'There is no such record type', mend: 'GET /v1/vault/record-types lists them.' },
})
