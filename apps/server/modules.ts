/** The one list of what this node is made of, lowest first: migrations run in this order. */

import { anchorsModule } from '@gatehouse/modules/anchors/index'
import { backupsModule } from '@gatehouse/modules/custody/backups/index'
import { catalogModule } from '@gatehouse/modules/custody/catalog/index'
import { documentsModule } from '@gatehouse/modules/custody/documents/index'
import { keyringModule } from '@gatehouse/modules/custody/keyring/index'
import { retentionModule } from '@gatehouse/modules/custody/retention/index'
import { vaultModule } from '@gatehouse/modules/custody/vault/index'
import { beaconModule } from '@gatehouse/modules/exchange/beacon/index'
import { coordinatorModule } from '@gatehouse/modules/exchange/coordinator/index'
import { credentialsModule } from '@gatehouse/modules/exchange/credentials/index'
import { dataspaceModule } from '@gatehouse/modules/exchange/dataspace/index'
import { federationModule } from '@gatehouse/modules/exchange/federation/index'
import { linkageModule } from '@gatehouse/modules/exchange/linkage/index'
import { notificationsModule } from '@gatehouse/modules/exchange/notifications/index'
import { proofsModule } from '@gatehouse/modules/exchange/proofs/index'
import { queryModule } from '@gatehouse/modules/exchange/query/index'
import { releaseModule } from '@gatehouse/modules/exchange/release/index'
import { webhooksModule } from '@gatehouse/modules/exchange/webhooks/index'
import { accessModule } from '@gatehouse/modules/governance/access/index'
import { applicationsModule } from '@gatehouse/modules/governance/applications/index'
import { approvalsModule } from '@gatehouse/modules/governance/approvals/index'
import { consentsModule } from '@gatehouse/modules/governance/consents/index'
import { identityModule } from '@gatehouse/modules/governance/identity/index'
import { partnersModule } from '@gatehouse/modules/governance/partners/index'
import { policiesModule } from '@gatehouse/modules/governance/policies/index'
import { projectsModule } from '@gatehouse/modules/governance/projects/index'
import { requestsModule } from '@gatehouse/modules/governance/requests/index'
import { tenancyModule } from '@gatehouse/modules/governance/tenancy/index'
import { viewsModule } from '@gatehouse/modules/governance/views/index'
import { monitoringModule } from '@gatehouse/modules/insight/monitoring/index'
import { reportsModule } from '@gatehouse/modules/insight/reports/index'
import { ledgerModule } from '@gatehouse/modules/ledger/index'
import { subjectsModule } from '@gatehouse/modules/subjects/index'
import type { Module } from '@gatehouse/runtime/door/module'

export const modules: readonly Module[] = [
  ledgerModule,
  anchorsModule,
  subjectsModule,
  tenancyModule,
  accessModule,
  partnersModule,
  identityModule,
  viewsModule,
  approvalsModule,
  applicationsModule,
  policiesModule,
  projectsModule,
  consentsModule,
  requestsModule,
  keyringModule,
  vaultModule,
  retentionModule,
  documentsModule,
  catalogModule,
  backupsModule,
  releaseModule,
  proofsModule,
  credentialsModule,
  coordinatorModule,
  federationModule,
  linkageModule,
  queryModule,
  beaconModule,
  dataspaceModule,
  webhooksModule,
  notificationsModule,
  reportsModule,
  monitoringModule,
]

export const operations = modules.flatMap((module) => module.operations)

/** What other nodes ask of a coordinator; these doors are open in a process of that role alone. */
export const forNodes = new Set<unknown>(coordinatorModule.operations.filter(({ access }) => 'public' in access))
