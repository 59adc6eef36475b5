import { defineProblems } from '@gatehouse/core/problem'
import { limits } from './schema.ts'

export const projectsProblems = defineProblems('projects', {
  slug_taken: { status: 409, title: 'There is a product of this name in addresses', mend: 'Choose another slug; it never changes.' },
  products_full: { status: 409, title: `An institution has at most ${limits.productsMax} products`, mend: 'Use one that exists.' },
  product_ended: { status: 409, title: 'The product has ended', mend: 'Nothing can be changed in it any more; make another.' },
  partner_unknown: {
    status: 422,
    title: 'There is no such partner in good standing',
    mend: 'Name a partner by its reference. A project that works for nobody else names none.',
  },
  purpose_unknown: { status: 422, title: 'There is no such purpose', mend: 'Name one of the list of purposes, or add it there first.' },
  dates_refused: {
    status: 422,
    title: 'The dates do not hold',
    mend: 'A project begins before it ends, its end lies ahead, and it is not begun before its first day.',
  },
  step_refused: {
    status: 409,
    title: 'This is no step in the life of the project now',
    mend: 'The detail names the state. A project that is over is not opened again; make another.',
  },
  agreement_missing: {
    status: 409,
    title: 'No agreement is named',
    mend: 'Say what was agreed, by reference or by the digest of the document, before the project begins.',
  },
  member_unknown: { status: 422, title: 'There is no such member of the staff, or no such team', mend: 'Only people of the staff and teams can be members.' },
  member_there: { status: 409, title: 'Is a member already', mend: 'Remove the membership first, to give it with another role.' },
  people_alone: {
    status: 409,
    title: 'Where data holders approve, members are people and no teams',
    mend: 'Holders approve each person. Add people one by one, or take the teams out first.',
  },
  terms_approved: {
    status: 409,
    title: 'Data holders have approved these terms',
    mend: 'An earlier end, the title and the description can be changed. For another agreement or a later end propose another project.',
  },
  source_in_use: {
    status: 409,
    title: 'Open projects work with this',
    mend: 'Take it out of them first; with a holder they ask for it anew.',
  },
  holders_full: { status: 409, title: `At most ${limits.holdersMax} things have holders of their own`, mend: 'Give a holder to fewer, larger things.' },
  source_there: { status: 409, title: 'The project works with this already', mend: 'Nothing needs to be done.' },
  project_full: {
    status: 409,
    title: `A project has at most ${limits.membersPerProject} members and ${limits.sourcesPerProject} sources`,
    mend: 'Use teams, or split the project.',
  },
})
