import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { listBlocks } from './blocks.ts'
import { describe } from './describe.ts'
import { vaultEraser } from './erase.ts'
import { exportVault } from './export.ts'
import { importRecords } from './imports/import.ts'
import { listImports } from './imports/list.ts'
import { planImport } from './imports/plan.ts'
import { propose } from './imports/propose.ts'
import { importStatus } from './imports/status.ts'
import { stopImport } from './imports/stop.ts'
import { listRecordTypes } from './list-record-types.ts'
import { overview } from './overview.ts'
import { problems } from './problems.ts'
import { verifyQueue } from './schema.ts'
import { beginVerification } from './verifications/begin.ts'
import { listVerifications } from './verifications/list.ts'
import { verify } from './verifications/verify.ts'
import { verifying } from './verifications/verifying.ts'
import { dataKeys } from './wrapped-keys.ts'

export const vaultModule = defineModule({
  name: 'vault',
  operations: [
    planImport,
    importRecords,
    importStatus,
    listImports,
    stopImport,
    propose,
    listRecordTypes,
    describe,
    listBlocks,
    verify,
    beginVerification,
    verifying,
    exportVault,
    listVerifications,
    overview,
  ],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  erasers: [vaultEraser],
  jobs: [{ queue: verifyQueue, operation: verify, options: { retries: 2, retryDelaySeconds: 600, expireSeconds: 21_600, cron: '17 3 * * *' } }],
  wrappedKeys: [dataKeys],
  personal: ['vault.block.encrypted_data', 'vault.block.row_digest', 'vault.subject_key.wrapped'],
})
