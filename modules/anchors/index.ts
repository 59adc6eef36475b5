export { anchorsModule } from './module.ts'
export { anchorLife } from './states.ts'
