import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { change } from './change.ts'
import { decide } from './connections/decide.ts'
import { endWithPartner } from './connections/end-with-partner.ts'
import { disconnect, mine } from './connections/mine.ts'
import { question } from './connections/question.ts'
import { changeDeployment, dropDeployment, listDeployments, nameDeployment } from './deployments/operations.ts'
import { admit, giveBack, resume, retire, submit, suspend } from './life.ts'
import { list, read } from './list.ts'
import { problems } from './problems.ts'
import { keySet, metadata } from './protocol/describe.ts'
import { introspect } from './protocol/introspect.ts'
import { renewSigningKeys } from './protocol/renew-keys.ts'
import { revoke } from './protocol/revoke.ts'
import { token } from './protocol/token.ts'
import { register } from './register.ts'
import { renewSecret } from './renew-secret.ts'
import { applicationAdmission } from './review-kind.ts'
import { tidyLoop } from './tidy.ts'

export const applicationsModule = defineModule({
  name: 'applications',
  operations: [
    register,
    list,
    read,
    change,
    renewSecret,
    submit,
    admit,
    giveBack,
    suspend,
    resume,
    retire,
    question,
    decide,
    mine,
    disconnect,
    nameDeployment,
    changeDeployment,
    listDeployments,
    dropDeployment,
    metadata,
    keySet,
    token,
    introspect,
    revoke,
    renewSigningKeys,
  ],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  loops: [tidyLoop],
  subscriptions: [endWithPartner],
  reviewKinds: [applicationAdmission],
})
