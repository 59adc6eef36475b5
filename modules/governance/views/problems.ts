import { defineProblems } from '@gatehouse/core/problem'
import { viewsMax } from './schema.ts'

export const viewsProblems = defineProblems('views', {
  views_full: { status: 409, title: `Nobody keeps more than ${viewsMax} views`, mend: 'Delete one that is not used any more.' },
})
