export type { ConsentDocument } from './document.ts'
export { consentsModule } from './module.ts'
export { type ConsentInForce, consentDocument, consentsInForce } from './store.ts'
