export { everyKeyOf, readingKeysOf, tokenKeyOf } from './keys/token-space.ts'
export { linkageModule } from './module.ts'
