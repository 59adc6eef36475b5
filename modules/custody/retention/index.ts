export { retentionModule } from './module.ts'
export { type Reapplied, reapplyErasures } from './reapply.ts'
export { requestErasure } from './request.ts'
export { erasureLife } from './states.ts'
