import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('anchors', {
  target_refused: {
    status: 400,
    title: 'The settings of the target cannot be used',
    mend: 'The detail says which. Hosts must stand in GATEHOUSE_EGRESS_ALLOW.',
  },
  chain_refused: {
    status: 502,
    title: 'The chain, or the node at rpc_url, did not do what was asked',
    mend: 'The detail says why. Nothing is lost: look at the account and ask again.',
  },
  too_many_targets: { status: 409, title: 'There are ten targets already', mend: 'Remove one that is no longer used.' },
  target_removed: { status: 409, title: 'The target is removed', mend: 'Nothing needs to be done.' },
})
