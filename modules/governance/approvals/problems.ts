import { defineProblems } from '@gatehouse/core/problem'

export const approvalsProblems = defineProblems('approvals', {
  people_only: {
    status: 403,
    title: 'This is for people, and often for several',
    mend: 'Sign in as a person. Programs, partners and jobs neither count towards an approval nor review.',
  },
  approval_closed: {
    status: 409,
    title: 'The approval is not open any more',
    mend: 'It was carried out, withdrawn, or has expired. Make the request again to open a new one.',
  },
  review_demanded: {
    status: 409,
    title: 'The institution demands a review before this happens',
    mend: 'Ask for one at /v1/reviews with the kind that the detail names and the id of the thing; its approval does it.',
  },
  kind_missing: { status: 404, title: 'This node has nothing of this kind to review', mend: 'See /v1/review-rules for the kinds that it has.' },
  review_open: { status: 409, title: 'It is under review already', mend: 'The member "review" names it. Its author can submit it again or withdraw it.' },
  too_many_reviews: { status: 409, title: 'There are as many open reviews as there may be', mend: 'Let some be decided or withdrawn first.' },
  panel_too_small: {
    status: 409,
    title: 'A panel has too few people who could judge this',
    mend: 'Authors do not count. Have people added to the team or role, or the rule of the kind changed.',
  },
  review_closed: { status: 409, title: 'The review is not open', mend: 'Its state says what became of it. Ask for another, if there is still a reason.' },
  own_review: { status: 403, title: 'Nobody reviews what they asked for or made', mend: 'Leave it to the others of the panel.' },
  author_only: { status: 403, title: 'Only whoever asked for the review may do this', mend: 'Ask its author.' },
  author_may_not: {
    status: 409,
    title: 'Whoever asked for this may not do it any more',
    mend: 'Nothing was counted. Let somebody who has the right ask for another review.',
  },
  no_seat: {
    status: 403,
    title: 'You have no seat in a panel of this review',
    mend: 'A seat comes with a team or role of its panels, or from a colleague who hands it over.',
  },
  seat_taken: { status: 409, title: 'This seat has voted already', mend: 'A seat has one vote in a round, whoever casts it.' },
  other_digest: {
    status: 409,
    title: 'The vote is of something else than this round',
    mend: 'Read the review again, look at the thing, and vote with its digest.',
  },
  review_changed: {
    status: 409,
    title: 'The thing has changed since it was submitted',
    mend: 'Its author submits it again, which begins a round without votes, or withdraws the review.',
  },
  review_unchanged: {
    status: 409,
    title: 'The thing is the same as in this round',
    mend: 'Change it first. What was returned may be submitted again as it is.',
  },
  votes_open: { status: 409, title: 'The votes are open, so nobody votes for the first time', mend: 'Whoever has voted may change the vote or conclude.' },
  votes_hidden: { status: 409, title: 'Not everybody who is needed has voted', mend: 'Wait until all first votes are in.' },
  no_vote: { status: 403, title: 'Only whoever has voted concludes', mend: 'Leave it to those who have.' },
  not_decided: { status: 409, title: 'There is no decision yet', mend: 'A letter is written once the review is approved, returned or rejected.' },
  comments_full: { status: 409, title: 'The review has as many comments as it may have', mend: 'Decide, or submit it again.' },
  delegation_refused: { status: 400, title: 'The seat cannot be handed over like this', mend: 'Name another colleague and an end that the detail allows.' },
  delegated_already: { status: 409, title: 'You have handed your seat over already', mend: 'Take it back first.' },
  always_demanded: {
    status: 409,
    title: 'There always has to be a review of this kind',
    mend: 'Send "demanded": true; panels and deadline are yours to choose.',
  },
})
