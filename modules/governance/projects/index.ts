export { projectsModule } from './module.ts'
export { type OpenProject, openProject } from './open.ts'
export type { HolderOf, Project, Source } from './schema.ts'
export { holderOf, membersOf, projectById, putHolder, sourcesOf } from './store.ts'
