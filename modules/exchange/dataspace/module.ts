import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { setDeciding } from './catalogue/decides.ts'
import { readDataset, readProfile, readVersions, requestCatalogue } from './catalogue/listeners.ts'
import { listAgreements } from './negotiations/agreements.ts'
import { listNegotiations } from './negotiations/list.ts'
import { negotiationListeners, offerNegotiation, readNegotiationAs, requestNegotiation } from './negotiations/listeners.ts'
import { negotiate } from './negotiations/negotiate.ts'
import { readNegotiation } from './negotiations/read.ts'
import { negotiationReview } from './negotiations/review-kind.ts'
import { stepNegotiation } from './negotiations/step.ts'
import { changeParticipant } from './participants/change.ts'
import { listParticipants } from './participants/list.ts'
import { registerParticipant } from './participants/register.ts'
import { readRemoteCatalogue } from './participants/remote-catalogue.ts'
import { removeParticipant } from './participants/remove.ts'
import { problems } from './problems.ts'
import { proceed, proceedSoon } from './processes/proceed.ts'
import { recheckOnChange, watch } from './processes/watch.ts'
import { proceedOptions, proceedQueue } from './schema.ts'
import { askTransfer } from './transfers/ask.ts'
import { fetchData } from './transfers/fetch.ts'
import { listTransfers } from './transfers/list.ts'
import { readTransferAs, requestTransfer, transferListeners } from './transfers/listeners.ts'
import { pullData } from './transfers/pull.ts'
import { readTransfer } from './transfers/read.ts'
import { stepTransfer } from './transfers/step.ts'

export const dataspaceModule = defineModule({
  name: 'dataspace',
  operations: [
    registerParticipant,
    listParticipants,
    changeParticipant,
    removeParticipant,
    readRemoteCatalogue,
    setDeciding,
    negotiate,
    listNegotiations,
    readNegotiation,
    stepNegotiation,
    listAgreements,
    askTransfer,
    listTransfers,
    readTransfer,
    stepTransfer,
    fetchData,
    readVersions,
    readProfile,
    requestCatalogue,
    readDataset,
    requestNegotiation,
    offerNegotiation,
    readNegotiationAs,
    ...negotiationListeners,
    requestTransfer,
    readTransferAs,
    ...transferListeners,
    pullData,
    proceed,
    proceedSoon,
  ],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  jobs: [{ queue: proceedQueue, operation: proceed, options: proceedOptions }],
  loops: [watch],
  subscriptions: [recheckOnChange],
  reviewKinds: [negotiationReview],
})
