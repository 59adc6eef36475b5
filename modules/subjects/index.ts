export { commitmentDomain } from './commitment.ts'
export { subjectsModule } from './module.ts'
export { isUserId, outsideIdKey } from './outside-id.ts'
export {
  archivedAmong,
  commitmentKey,
  eraseSubject,
  findPerson,
  findSubject,
  moveSubject,
  ownSubject,
  personById,
  registerSubjects,
  subjectById,
} from './register.ts'

export { type Subject, type SubjectStatus, subjectsPerBatchMax, userIdSchema } from './schema.ts'
export { hashesOf } from './store.ts'
