export type { ConsentDocument } from './document.ts'
export { consentsModule } from './module.ts'
export { consentDocument, consentsInForce } from './store.ts'
