import { defineProblems } from '@gatehouse/core/problem'

export const policiesProblems = defineProblems('policies', {
  document_invalid: {
    status: 400,
    title: 'This is no policy that can be evaluated',
    mend: 'Each entry of "errors" names a place in the document and what belongs there. Nothing that cannot be evaluated is kept.',
  },
  uid_taken: { status: 409, title: 'Another policy has this uid', mend: 'Choose another uid, or add a version to the policy that has it.' },
  version_stale: {
    status: 409,
    title: 'A newer version was saved meanwhile',
    mend: 'Read the newest version and repeat the change on it.',
  },
  not_a_draft: {
    status: 409,
    title: 'Only a draft can be published',
    mend: 'Save the document as a new version and publish that one.',
  },
  retired: { status: 409, title: 'The policy is retired', mend: 'A retired policy stays retired. Create a policy with another uid.' },
  versions_full: { status: 409, title: 'The policy has as many versions as it may have', mend: 'Create a policy with another uid and retire this one.' },
  record_type_needed: {
    status: 400,
    title: 'The preview needs to know which record type is meant',
    mend: 'Name the record type in "record_type"; the policy speaks of several, or of none for this action.',
  },
  template_empty: {
    status: 400,
    title: 'The template would give no field of this record type',
    mend: 'Check the sensitivity of the fields, or begin with another template.',
  },
  purpose_refused: {
    status: 400,
    title: 'The purpose cannot be added to the tree',
    mend: 'A purpose has a name of its own and stands under one that exists.',
  },
  purposes_full: { status: 409, title: 'There are as many own purposes as there may be', mend: 'Use an existing purpose.' },
})
