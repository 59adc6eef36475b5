import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { confirmMyConsent } from './confirm-mine.ts'
import { disconnectMe, myConnections } from './connections.ts'
import { consentsEraser } from './erase.ts'
import { giveConsent } from './give.ts'
import { readSettings, updateSettings } from './guardians/age-rule.ts'
import { agreeForWard, giveForWard } from './guardians/give.ts'
import { liftForWard, optOutForWard, wardOptOuts } from './guardians/opt-outs.ts'
import { recordGuardian } from './guardians/record.ts'
import { revokeGuardian } from './guardians/revoke.ts'
import { listGuardians } from './guardians/search.ts'
import { myWards, wardConsents } from './guardians/wards.ts'
import { withdrawForWard } from './guardians/withdraw.ts'
import { importConsents } from './import.ts'
import { myConsents } from './mine.ts'
import { createOffer } from './offers/create.ts'
import { offers } from './offers/list.ts'
import { giveMyConsent, myOffers } from './offers/mine.ts'
import { retireOffer } from './offers/retire.ts'
import { bindPurpose, exemptions, exemptPurpose } from './opt-outs/exempt.ts'
import { importOptOuts } from './opt-outs/import.ts'
import { liftMyOptOut, myOptOuts, setMyOptOut } from './opt-outs/mine.ts'
import { liftPersonsOptOut, recordOptOut, searchOptOuts } from './opt-outs/staff.ts'
import { consentsOverview } from './overview.ts'
import { consentsProblems } from './problems.ts'
import { readReceipt } from './receipt.ts'
import { readMyReceipt } from './receipt-mine.ts'
import { searchConsents } from './search.ts'
import { consentHistory } from './versions.ts'
import { myConsentHistory } from './versions-mine.ts'
import { withdrawConsent } from './withdraw.ts'
import { withdrawMyConsent } from './withdraw-mine.ts'

export const consentsModule = defineModule({
  name: 'consents',
  operations: [
    giveConsent,
    searchConsents,
    consentsOverview,
    withdrawConsent,
    consentHistory,
    readReceipt,
    importConsents,
    myConsents,
    withdrawMyConsent,
    myConsentHistory,
    readMyReceipt,
    confirmMyConsent,
    myConnections,
    disconnectMe,
    createOffer,
    offers,
    retireOffer,
    myOffers,
    giveMyConsent,
    recordGuardian,
    listGuardians,
    revokeGuardian,
    myWards,
    wardConsents,
    giveForWard,
    agreeForWard,
    withdrawForWard,
    wardOptOuts,
    optOutForWard,
    liftForWard,
    recordOptOut,
    searchOptOuts,
    liftPersonsOptOut,
    importOptOuts,
    myOptOuts,
    setMyOptOut,
    liftMyOptOut,
    exemptions,
    exemptPurpose,
    bindPurpose,
    readSettings,
    updateSettings,
  ],
  problems: consentsProblems,
  migrations: join(import.meta.dirname, 'migrations'),
  erasers: [consentsEraser],
  personal: [
    'consents.consent.document',
    'consents.consent.withdrawal_reason',
    'consents.consent.ward_born',
    'consents.guardianship.born',
    'consents.guardianship.label',
    'consents.guardianship.evidence_reference',
    'consents.guardianship.revocation_reason',
  ],
})
