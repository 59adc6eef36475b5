import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('release', {
  denied: {
    status: 403,
    title: 'The release is not permitted',
    mend: '"reasons" names the rules that spoke. Ask the institution’s data officer what would permit it.',
  },
  partner_mismatch: { status: 403, title: 'The credential does not belong to this partner', mend: 'Send the reference of your own institution as partner_id.' },
  record_type_needed: { status: 400, title: 'There are several data classes', mend: 'Name one as record_type.' },
  token_refused: { status: 403, title: 'The token is not accepted', mend: 'Authorise again and redeem the new token once, in time, with your registered key.' },
  not_cancellable: { status: 409, title: 'Only a release that has not been redeemed can be cancelled', mend: 'Read the release to see its state.' },
  evidence_not_ready: {
    status: 409,
    title: 'The entries have no place in the log yet',
    mend: 'Try again in a second: the next checkpoint covers them.',
  },
  evidence_too_large: {
    status: 413,
    title: 'The people concerned have more records than one bundle holds',
    mend: 'Narrow it by time, policy or purpose, or export the vault and the log.',
  },
  record_tampered: {
    status: 500,
    title: 'The stored record fails its verification',
    mend: 'Nothing was sent. Run the vault’s verification and look at the place it names.',
  },
})
