export { approve } from './approve.ts'
export { approvalsModule } from './module.ts'
