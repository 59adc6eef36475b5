import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { readBudget, setBudget } from './budget/settings.ts'
import { exportCatalogue } from './discover/export-dcat.ts'
import { exportLineage } from './discover/lineage.ts'
import { readEntry } from './discover/read-entry.ts'
import { searchCatalogue } from './discover/search.ts'
import { queryWrappedKeys } from './keys.ts'
import { addVersion } from './plans/add-version.ts'
import { createPlan } from './plans/create.ts'
import { planLanguage } from './plans/language.ts'
import { plans } from './plans/list.ts'
import { readPlan, readVersion } from './plans/read.ts'
import { requestApproval } from './plans/request-approval.ts'
import { planReview } from './plans/review-kind.ts'
import { validatePlan } from './plans/validate.ts'
import { problems } from './problems.ts'
import { closeAbandonedDownloads } from './results/downloads/abandoned.ts'
import { createDownload } from './results/downloads/create.ts'
import { redeemDownload } from './results/downloads/redeem.ts'
import { results } from './results/list.ts'
import { feedCount, feedMetadata, feedRows, feedService } from './results/odata/feed.ts'
import { closeFeedHours } from './results/odata/hours.ts'
import { readResult } from './results/read.ts'
import { readRows } from './results/rows.ts'
import { cancelRun } from './runs/cancel.ts'
import { runs } from './runs/list.ts'
import { readRun } from './runs/read.ts'
import { startRun } from './runs/start.ts'

export const queryModule = defineModule({
  name: 'query',
  operations: [
    searchCatalogue,
    readEntry,
    exportCatalogue,
    exportLineage,
    planLanguage,
    createPlan,
    plans,
    readPlan,
    addVersion,
    readVersion,
    validatePlan,
    requestApproval,
    startRun,
    runs,
    readRun,
    cancelRun,
    results,
    readResult,
    readRows,
    createDownload,
    redeemDownload,
    feedService,
    feedMetadata,
    feedRows,
    feedCount,
    readBudget,
    setBudget,
  ],
  problems,
  loops: [closeAbandonedDownloads, closeFeedHours],
  migrations: join(import.meta.dirname, 'migrations'),
  reviewKinds: [planReview],
  wrappedKeys: queryWrappedKeys,
})
