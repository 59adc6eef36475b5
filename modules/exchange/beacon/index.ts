export { beaconModule } from './module.ts'
