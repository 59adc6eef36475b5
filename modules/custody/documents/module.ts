import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { createDocument } from './create.ts'
import { deleteDocument } from './delete.ts'
import { downloadVersion } from './download.ts'
import { documentsEraser } from './erase.ts'
import { listDocuments } from './list.ts'
import { problems } from './problems.ts'
import { readDocument } from './read.ts'
import { scanVersion } from './scan.ts'
import { sweepOrphans } from './sweep.ts'
import { uploadVersion } from './upload.ts'
import { appendToUpload } from './uploads/append.ts'
import { beginUpload } from './uploads/begin.ts'
import { cancelUpload } from './uploads/cancel.ts'
import { finishUpload } from './uploads/finish.ts'
import { readUpload } from './uploads/read.ts'

export const documentsModule = defineModule({
  name: 'documents',
  operations: [
    createDocument,
    listDocuments,
    readDocument,
    uploadVersion,
    downloadVersion,
    scanVersion,
    deleteDocument,
    beginUpload,
    readUpload,
    appendToUpload,
    finishUpload,
    cancelUpload,
    sweepOrphans,
  ],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  jobs: [
    // A scanner that is away comes back: the file waits in quarantine meanwhile.
    { queue: 'documents-scan', operation: scanVersion, options: { retries: 20, retryDelaySeconds: 15, expireSeconds: 3_600 } },
    { queue: 'documents-sweep', operation: sweepOrphans, options: { retries: 2, retryDelaySeconds: 600, expireSeconds: 21_600, cron: '41 2 * * *' } },
  ],
  erasers: [documentsEraser],
  personal: ['documents.document.title', 'documents.document.wrapped', 'documents.version.digest'],
})
