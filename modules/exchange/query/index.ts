export type { QueryPlan } from '@gatehouse/query/plan/schema'
export { queryModule } from './module.ts'
export { downloadLife } from './results/downloads/states.ts'
export { runLife } from './runs/states.ts'
