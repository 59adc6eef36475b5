export type { QueryPlan } from '@gatehouse/query/plan/schema'
export { queryModule } from './module.ts'
export { runLife } from './runs/states.ts'
