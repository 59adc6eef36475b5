/** The face of identity. */
export { authenticate } from './authenticate.ts'
export {
  accountOfPerson,
  actingUser,
  addressOf,
  type Colleague,
  colleagues,
  groupName,
  staffMember,
  staffNames,
  staffWhoMay,
  staffWithRole,
  teamNames,
} from './colleagues.ts'
export { countFailure, writeFailures } from './failures.ts'
export { firstRunToken } from './first-run.ts'
export { identityModule } from './module.ts'
export { operatorId } from './operator.ts'
export { pageOf } from './page.ts'
export { issueProcessCredential } from './process-credential.ts'
export { provenKey } from './proven-key.ts'
export { stillHold } from './still-hold.ts'
export { isStaff } from './store.ts'
export { teamById, teamsOf } from './teams/store.ts'
