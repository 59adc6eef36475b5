import { defineProblems } from '@gatehouse/core/problem'
import { limits } from './keys/schema.ts'

export const linkageProblems = defineProblems('linkage', {
  project_closed: { status: 409, title: 'The project is not open', mend: 'It is over, suspended or not begun; nothing is linked in it now.' },
  keys_full: { status: 409, title: `A token space has at most ${limits.versionsMax} keys`, mend: 'Rotate less often, or make another project.' },
  rotated_meanwhile: { status: 409, title: 'Somebody rotated the key at the same moment', mend: 'Look at the list of keys; perhaps nothing needs to be done.' },
  key_makes: { status: 409, title: 'Tokens are made with this key', mend: 'Rotate it, with no overlap if its tokens shall join with nothing any more.' },
  review_closed: {
    status: 409,
    title: 'The review is closed',
    mend: 'What could be seen of its records is gone. Start another link job for what is still in doubt.',
  },
  pair_decided: { status: 409, title: 'The pair is decided', mend: 'A later review of the same rows can decide otherwise.' },
  not_admitted: {
    status: 409,
    title: 'The project does not work with both tables',
    mend: 'Name tables that the project has as sources, admitted by their holders.',
  },
  nothing_in_common: {
    status: 409,
    title: 'The tables have no column in common that tells people apart',
    mend: 'Say what the columns mean in the catalogue: names, date of birth, postcode, numbers.',
  },
  model_unfit: {
    status: 422,
    title: 'This is no model that links two tables',
    mend: 'Take one that another job has trained, or draft one with "gatehouse link --draft".',
  },
  jobs_full: { status: 409, title: 'The project links as much as it may at one time', mend: 'Wait until a job is done, or cancel one.' },
  job_ended: { status: 409, title: 'The job has ended already', mend: 'Nothing needs to be done.' },
  key_ended: { status: 409, title: 'The key has ended already', mend: 'Nothing needs to be done.' },
})
