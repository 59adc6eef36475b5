import { defineProblems } from '@gatehouse/core/problem'
import { limits } from './keys/schema.ts'

export const linkageProblems = defineProblems('linkage', {
  project_closed: { status: 409, title: 'The project is not open', mend: 'It is over, suspended or not begun; nothing is linked in it now.' },
  keys_full: { status: 409, title: `A token space has at most ${limits.versionsMax} keys`, mend: 'Rotate less often, or make another project.' },
  rotated_meanwhile: { status: 409, title: 'Somebody rotated the key at the same moment', mend: 'Look at the list of keys; perhaps nothing needs to be done.' },
  key_makes: { status: 409, title: 'Tokens are made with this key', mend: 'Rotate it, with no overlap if its tokens shall join with nothing any more.' },
  key_ended: { status: 409, title: 'The key has ended already', mend: 'Nothing needs to be done.' },
})
