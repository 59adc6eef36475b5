import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { subjectsProblems } from './problems.ts'

export const subjectsModule = defineModule({
  name: 'subjects',
  operations: [],
  problems: subjectsProblems,
  migrations: join(import.meta.dirname, 'migrations'),
})
