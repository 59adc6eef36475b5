export { credentialsModule } from './module.ts'
export { offerLife } from './states.ts'
