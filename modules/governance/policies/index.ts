export { currentPolicies, type PolicyInForce, policyDocument } from './current.ts'
export { partnerMaskKey } from './mask-keys.ts'
export { policiesModule } from './module.ts'
export { purposeTree } from './purpose-tree.ts'
