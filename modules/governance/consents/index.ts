export type { ConsentDocument } from './document.ts'
export { wardOf } from './guardians/ward.ts'
export { consentsModule } from './module.ts'
export { type ConsentInForce, consentDocument, consentsById, consentsInForce, type StandingConsent, standingConsents } from './store.ts'
