/** The face of the coordinator: what a node has to know to speak to one. */
export { dropParts, keepPart, partOf } from './mailbox/attachments.ts'
export { exchangeFor } from './mailbox/exchange.ts'
export { coordinatorModule } from './module.ts'
export {
  type Card,
  cardTextSchema,
  fingerprintOf,
  follows,
  mailboxSchema,
  nodeNameSchema,
  protocolVersions,
  type ReadCard,
  readCard,
  signCard,
} from './protocol/card.ts'
export {
  cardsPath,
  type ExchangeAnswer,
  type ExchangeBody,
  exchangeAnswer,
  exchangePath,
  type Health,
  type LeftMessage,
  leavePath,
  mailboxLimits,
  registerPath,
  releasesPath,
  type TakenMessage,
  takePath,
  type WaitingMessage,
} from './protocol/exchange.ts'
export { digestOf, signRequest } from './protocol/request.ts'
export { admittedCards } from './registry/cards.ts'
export { registerCard } from './registry/register.ts'
export { isNewer, manifestLimits, manifestText, verifiedManifest } from './updates/manifest.ts'
export { offeredReleases } from './updates/updates.ts'
