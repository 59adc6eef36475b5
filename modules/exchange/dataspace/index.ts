export { dataspaceModule } from './module.ts'
export { negotiationLife, transferLife } from './states.ts'
