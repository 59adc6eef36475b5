import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { subjectsEraser } from './erase.ts'
import { subjectsProblems } from './problems.ts'
import { commitmentKeys } from './wrapped-keys.ts'

export const subjectsModule = defineModule({
  name: 'subjects',
  operations: [],
  problems: subjectsProblems,
  migrations: join(import.meta.dirname, 'migrations'),
  erasers: [subjectsEraser],
  wrappedKeys: [commitmentKeys],
})
