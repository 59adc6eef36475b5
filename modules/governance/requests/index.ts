export { requestsModule } from './module.ts'
export { everybodyRestricted, restrictedAmong } from './store.ts'
