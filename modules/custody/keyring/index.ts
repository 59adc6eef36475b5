export { keyringModule } from './module.ts'
