export { requestsModule } from './module.ts'
export { restrictedAmong } from './store.ts'
