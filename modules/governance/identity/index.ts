/** The face of identity. */
export { authenticate } from './authenticate.ts'
export { keyInBasic } from './basic-key.ts'
export {
  accountOfPerson,
  actingUser,
  askingMember,
  type Colleague,
  colleagues,
  groupName,
  letterTo,
  staffMember,
  staffNames,
  staffWhoMay,
  staffWithRole,
  teamNames,
} from './colleagues.ts'
export { countFailure, writeFailures } from './failures.ts'
export { firstRunToken } from './first-run.ts'
export { type Language, languageFor, languageSchema } from './letters/letters.ts'
export { identityModule } from './module.ts'
export { operatorId } from './operator.ts'
export { addOutsider, setOutsider } from './outsider.ts'
export { pageOf } from './page.ts'
export { issueProcessCredential } from './process-credential.ts'
export { provenKey } from './proven-key.ts'
export { staffOfIssuer } from './providers/store.ts'
export { stillHold } from './still-hold.ts'
export { isStaff, keepLanguage } from './store.ts'
export { teamById, teamsOf } from './teams/store.ts'
