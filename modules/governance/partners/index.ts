export { currentPartner, currentReceiverKeys } from './current.ts'
export { partnersModule } from './module.ts'
export type { Partner, PartnerStatus } from './schema.ts'
export { findPartner, partnerById, type ReceiverKey, receiverKeys } from './store.ts'
