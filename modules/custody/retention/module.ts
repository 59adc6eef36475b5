import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { approveErasure } from './approve-erasure.ts'
import { archive } from './archive.ts'
import { erasuresLoop } from './carry-out.ts'
import { retentionEraser } from './erase.ts'
import { cancelInstitution } from './institution/cancel.ts'
import { institutionsLoop } from './institution/carry-out.ts'
import { eraseInstitution } from './institution/erase.ts'
import { listInstitutions } from './institution/list.ts'
import { institutionCertificate } from './institution/read-certificate.ts'
import { liftHold } from './lift-hold.ts'
import { listErasures } from './list-erasures.ts'
import { listHolds } from './list-holds.ts'
import { placeHold } from './place-hold.ts'
import { retentionProblems } from './problems.ts'
import { readCertificate } from './read-certificate.ts'
import { readErasure } from './read-erasure.ts'
import { requestErasure } from './request-erasure.ts'
import { restore } from './restore.ts'
import { erasureReview } from './review-kind.ts'
import { listRules } from './rules/list.ts'
import { previewRules } from './rules/preview.ts'
import { removeRule } from './rules/remove.ts'
import { setRule } from './rules/set.ts'
import { sweepByRules, sweepQueue } from './rules/sweep.ts'
import { standing } from './standing.ts'
import { withdrawErasure } from './withdraw-erasure.ts'

export const retentionModule = defineModule({
  name: 'retention',
  operations: [
    archive,
    restore,
    standing,
    placeHold,
    liftHold,
    listHolds,
    requestErasure,
    approveErasure,
    withdrawErasure,
    listErasures,
    readErasure,
    readCertificate,
    eraseInstitution,
    cancelInstitution,
    listInstitutions,
    institutionCertificate,
    setRule,
    removeRule,
    listRules,
    previewRules,
    sweepByRules,
  ],
  problems: retentionProblems,
  migrations: join(import.meta.dirname, 'migrations'),
  jobs: [{ queue: sweepQueue, operation: sweepByRules, options: { retries: 2, retryDelaySeconds: 600, expireSeconds: 21_600, cron: '7 2 * * *' } }],
  loops: [erasuresLoop, institutionsLoop],
  reviewKinds: [erasureReview],
  erasers: [retentionEraser],
  personal: ['retention.erasure.reference', 'retention.hold.matter'],
})
