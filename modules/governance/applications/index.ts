/** The face of applications. */
export { applicationsModule } from './module.ts'
export { authenticate, stillHold } from './tokens/authenticate.ts'
