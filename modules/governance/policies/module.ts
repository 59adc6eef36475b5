import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { addPurpose } from './add-purpose.ts'
import { compareVersions } from './compare.ts'
import { createPolicy } from './create.ts'
import { draftVersion } from './draft.ts'
import { explainDocument } from './explain.ts'
import { fillTemplate } from './fill-template.ts'
import { listPolicies } from './list.ts'
import { listPurposes } from './list-purposes.ts'
import { listTemplates } from './list-templates.ts'
import { listVocabulary } from './list-vocabulary.ts'
import { previewPolicy } from './preview.ts'
import { policiesProblems } from './problems.ts'
import { publishVersion } from './publish.ts'
import { readPolicy } from './read.ts'
import { readVersion } from './read-version.ts'
import { retirePolicy } from './retire.ts'
import { policyPublication } from './review-kind.ts'

export const policiesModule = defineModule({
  name: 'policies',
  operations: [
    createPolicy,
    draftVersion,
    listPolicies,
    readPolicy,
    readVersion,
    publishVersion,
    retirePolicy,
    compareVersions,
    explainDocument,
    previewPolicy,
    listTemplates,
    fillTemplate,
    listVocabulary,
    listPurposes,
    addPurpose,
  ],
  problems: policiesProblems,
  reviewKinds: [policyPublication],
  migrations: join(import.meta.dirname, 'migrations'),
})
