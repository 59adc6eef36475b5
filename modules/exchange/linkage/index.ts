export { linksOf } from './jobs/links-file.ts'
export { everyKeyOf, readingKeysOf, tokenKeyOf } from './keys/token-space.ts'
export { linkageModule } from './module.ts'
export { type DoubtfulPair, decisionsOf, pairKey, type ReviewOrigin, recordDoubtfulLinks, rowKeyOf } from './reviews/record.ts'
