export { currentPartner, currentReceiverKeys } from './current.ts'
export { partnersModule } from './module.ts'
export { ownRecipients, type Partner, type PartnerStatus } from './schema.ts'
export { findPartner, partnerById, type ReceiverKey, receiverKeys } from './store.ts'
