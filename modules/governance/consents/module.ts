import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { consentsEraser } from './erase.ts'
import { giveConsent } from './give.ts'
import { importConsents } from './import.ts'
import { myConsents } from './mine.ts'
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
  ],
  problems: consentsProblems,
  migrations: join(import.meta.dirname, 'migrations'),
  erasers: [consentsEraser],
  personal: ['consents.consent.document', 'consents.consent.withdrawal_reason'],
})
