import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { deleteView } from './delete.ts'
import { listViews } from './list.ts'
import { viewsProblems } from './problems.ts'
import { saveView } from './save.ts'

export const viewsModule = defineModule({
  name: 'views',
  operations: [listViews, saveView, deleteView],
  problems: viewsProblems,
  migrations: join(import.meta.dirname, 'migrations'),
})
