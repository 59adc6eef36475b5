export type { ConsentDocument } from './document.ts'
export { consentsModule } from './module.ts'
export { type ConsentInForce, consentDocument, consentsById, consentsInForce, type StandingConsent, standingConsents } from './store.ts'
