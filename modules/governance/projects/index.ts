export { projectsModule } from './module.ts'
export { openProject } from './open.ts'
export type { HolderOf, Project, Source } from './schema.ts'
export { holderOf, membersOf, projectById, putHolder, sourcesOf } from './store.ts'
