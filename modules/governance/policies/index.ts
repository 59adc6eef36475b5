export { currentPolicies, isActive, type PolicyInForce, policyDocument } from './current.ts'
export { policiesModule } from './module.ts'
export { purposeTree } from './purpose-tree.ts'
