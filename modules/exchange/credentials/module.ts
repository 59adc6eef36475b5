import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { authorizationServer, didJson, issuerMetadata, typeMetadata } from './metadata.ts'
import { fetchCredential } from './offering/fetch.ts'
import { nonce } from './offering/nonce.ts'
import { offer, offerMine } from './offering/offer.ts'
import { token } from './offering/token.ts'
import { listCredentials, listMine } from './persons/list.ts'
import { answer } from './presenting/answer.ts'
import { askForPresentation } from './presenting/ask.ts'
import { listPresentations, readPresentation } from './presenting/list.ts'
import { requestObject } from './presenting/request-object.ts'
import { problems } from './problems.ts'
import { changeStatus, revokeMine } from './status/change.ts'
import { statusList } from './status/list.ts'
import { forgetPerson } from './store.ts'
import { tidyLoop } from './tidy.ts'
import { defineType } from './types/define.ts'
import { listTypes } from './types/list.ts'
import { retireType } from './types/retire.ts'

export const credentialsModule = defineModule({
  name: 'credentials',
  operations: [
    defineType,
    listTypes,
    retireType,
    offer,
    offerMine,
    token,
    nonce,
    fetchCredential,
    listCredentials,
    listMine,
    changeStatus,
    revokeMine,
    statusList,
    didJson,
    issuerMetadata,
    authorizationServer,
    typeMetadata,
    askForPresentation,
    requestObject,
    answer,
    listPresentations,
    readPresentation,
  ],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  loops: [tidyLoop],
  personal: ['credentials.presentation.shown'],
  erasers: [
    {
      name: 'credentials',
      tables: ['credentials.credential', 'credentials.offer'],
      keeps: { 'credentials.presentation': 'claims that a wallet showed, of a person who is not known here; they are blanked after a day' },
      eraseSubject: async (tx, _node, { subject }) => {
        const { credentials, offers } = await forgetPerson(tx, subject)
        return { 'credentials.credential': credentials, 'credentials.offer': offers }
      },
    },
  ],
})
