export type { Model } from '@gatehouse/linkage/model/schema'
export { linkageModule } from './module.ts'
