export { proofRequestLife } from './large/states.ts'
export { proofsModule } from './module.ts'
