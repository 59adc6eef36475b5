export { proofsModule } from './module.ts'
