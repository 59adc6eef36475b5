import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { readBudget, setBudget } from './budget/settings.ts'
import { requestRelease } from './disclosure/request-release.ts'
import { disclosureReview } from './disclosure/review-kind.ts'
import { exportCatalogue } from './discover/export-dcat.ts'
import { exportProvenance } from './discover/export-prov.ts'
import { exportLineage } from './discover/lineage.ts'
import { readEntry } from './discover/read-entry.ts'
import { searchCatalogue } from './discover/search.ts'
import { queryEraser } from './erase.ts'
import { queryWrappedKeys } from './keys.ts'
import { askCatalogue, nodeCatalogues } from './parts/catalogue/ask.ts'
import { answerCatalogue, hearCatalogue } from './parts/catalogue/messages.ts'
import { hearRefusal, hearResult, hearState } from './parts/hear.ts'
import { hearSession } from './parts/session/hear.ts'
import { cancelPart, takePart } from './parts/take.ts'
import { tidyParts } from './parts/tidy.ts'
import { conductComparison } from './parts/unit/conduct.ts'
import { hearEncodingsRefused, hearGroups } from './parts/unit/hear.ts'
import { unitQueue } from './parts/unit/ready.ts'
import { takeComparison, takeEncodings } from './parts/unit/take.ts'
import { addVersion } from './plans/add-version.ts'
import { countPlan } from './plans/count.ts'
import { createPlan } from './plans/create.ts'
import { comparePlans } from './plans/diff.ts'
import { dryRunPlan } from './plans/dry-run.ts'
import { planLanguage } from './plans/language.ts'
import { plans } from './plans/list.ts'
import { readPlan, readVersion } from './plans/read.ts'
import { requestApproval } from './plans/request-approval.ts'
import { planReview } from './plans/review-kind.ts'
import { validatePlan } from './plans/validate.ts'
import { problems } from './problems.ts'
import { askReidentification, searchQueue } from './reidentification/ask.ts'
import { forgetAnswers } from './reidentification/forget.ts'
import { reidentifications } from './reidentification/list.ts'
import { openReidentification } from './reidentification/open.ts'
import { searchPeople } from './reidentification/search.ts'
import { makeSource } from './results/as-source/make.ts'
import { readCell } from './results/cells.ts'
import { exportCrate } from './results/crate/export.ts'
import { closeAbandonedDownloads } from './results/downloads/abandoned.ts'
import { createDownload } from './results/downloads/create.ts'
import { redeemDownload } from './results/downloads/redeem.ts'
import { endExpiredResults } from './results/expiry.ts'
import { results } from './results/list.ts'
import { feedCount, feedMetadata, feedRows, feedService } from './results/odata/feed.ts'
import { closeFeedHours } from './results/odata/hours.ts'
import { readResult } from './results/read.ts'
import { readRows } from './results/rows.ts'
import { cancelRun } from './runs/cancel.ts'
import { compareRuns } from './runs/compare.ts'
import { conductRun } from './runs/conduct.ts'
import { handOutRuns } from './runs/hand-out.ts'
import { runs } from './runs/list.ts'
import { runQueue } from './runs/queue.ts'
import { readRun } from './runs/read.ts'
import { startRun } from './runs/start.ts'
import { sweepQueue, sweepScratch } from './runs/sweep.ts'
import { beginDue, scheduleQueue } from './schedules/begin-due.ts'
import { createSchedule } from './schedules/create.ts'
import { removeSchedule } from './schedules/delete.ts'
import { schedules } from './schedules/list.ts'

export const queryModule = defineModule({
  name: 'query',
  operations: [
    searchCatalogue,
    readEntry,
    askCatalogue,
    nodeCatalogues,
    exportCatalogue,
    exportLineage,
    exportProvenance,
    planLanguage,
    createPlan,
    plans,
    readPlan,
    addVersion,
    readVersion,
    comparePlans,
    validatePlan,
    countPlan,
    dryRunPlan,
    requestApproval,
    startRun,
    runs,
    readRun,
    cancelRun,
    compareRuns,
    conductRun,
    conductComparison,
    sweepScratch,
    results,
    readResult,
    readRows,
    requestRelease,
    readCell,
    exportCrate,
    askReidentification,
    openReidentification,
    reidentifications,
    makeSource,
    createDownload,
    redeemDownload,
    feedService,
    feedMetadata,
    feedRows,
    feedCount,
    readBudget,
    setBudget,
    createSchedule,
    schedules,
    removeSchedule,
    beginDue,
  ],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  reviewKinds: [planReview, disclosureReview],
  messageKinds: [
    takePart,
    cancelPart,
    hearState,
    hearResult,
    hearRefusal,
    hearSession,
    answerCatalogue,
    hearCatalogue,
    takeComparison,
    takeEncodings,
    hearGroups,
    hearEncodingsRefused,
  ],
  wrappedKeys: queryWrappedKeys,
  loops: [handOutRuns, tidyParts, closeAbandonedDownloads, closeFeedHours, endExpiredResults, forgetAnswers],
  jobs: [
    { queue: searchQueue, operation: searchPeople, options: { retries: 2, retryDelaySeconds: 30, expireSeconds: 3_600 } },
    { queue: runQueue, operation: conductRun, options: { retries: 2, retryDelaySeconds: 15, expireSeconds: 21_600, parallel: 2 } },
    { queue: unitQueue, operation: conductComparison, options: { retries: 2, retryDelaySeconds: 15, expireSeconds: 3_600 } },
    { queue: scheduleQueue, operation: beginDue, options: { retries: 2, retryDelaySeconds: 30, expireSeconds: 300, cron: '* * * * *' } },
    { queue: sweepQueue, operation: sweepScratch, options: { retries: 2, retryDelaySeconds: 600, expireSeconds: 21_600, cron: '37 2 * * *' } },
  ],
  erasers: [queryEraser],
})
