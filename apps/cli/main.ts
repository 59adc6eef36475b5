/** The gatehouse command. */
import { GatehouseError } from '@gatehouse/sdk/client'
import { Command } from 'commander'
import { addAccess } from './commands/access.ts'
import { addAnchor } from './commands/anchor.ts'
import { addApiKey } from './commands/api-key.ts'
import { addApplication } from './commands/application.ts'
import { addAuthorize } from './commands/authorize.ts'
import { addBackup } from './commands/backup.ts'
import { addBeacon } from './commands/beacon.ts'
import { addBoundary } from './commands/boundary.ts'
import { addCheck } from './commands/check.ts'
import { addConsent } from './commands/consent.ts'
import { addDataspace } from './commands/dataspace.ts'
import { addDemo } from './commands/demo.ts'
import { addDeployment } from './commands/deployment.ts'
import { addDocument } from './commands/document.ts'
import { addEgress } from './commands/egress.ts'
import { addEvaluate } from './commands/evaluate.ts'
import { addEvidence } from './commands/evidence.ts'
import { addGuardian } from './commands/guardian.ts'
import { addImport } from './commands/import.ts'
import { addKeys } from './commands/keys.ts'
import { addDedupe, addLink } from './commands/link.ts'
import { addLog } from './commands/log.ts'
import { addLogs } from './commands/logs.ts'
import { addMesh } from './commands/mesh.ts'
import { addNode } from './commands/node.ts'
import { addOffer } from './commands/offer.ts'
import { addOptOut } from './commands/opt-out.ts'
import { addPartner } from './commands/partner.ts'
import { addPlan } from './commands/plan.ts'
import { addPolicy } from './commands/policy.ts'
import { addProfile } from './commands/profile.ts'
import { addProject } from './commands/project.ts'
import { addProof } from './commands/proof.ts'
import { addProvider } from './commands/provider.ts'
import { addRedeem } from './commands/redeem.ts'
import { addRequest } from './commands/request.ts'
import { addResult } from './commands/result.ts'
import { addReview } from './commands/review.ts'
import { addRun } from './commands/run.ts'
import { addSource } from './commands/source.ts'
import { addStatus } from './commands/status.ts'
import { addSubject } from './commands/subject.ts'
import { addTenant } from './commands/tenant.ts'
import { addTokens } from './commands/tokens.ts'
import { addTreat } from './commands/treat.ts'
import { addUser } from './commands/user.ts'
import { addVault } from './commands/vault.ts'
import { addVerify } from './commands/verify.ts'
import { addWitness } from './commands/witness.ts'

const program = new Command('gatehouse')
  .description('Keeps records about people, and lets out only what permission, policy, consent and privacy treatment allow.')
  .option('--json', 'one JSON object on standard output, for scripts')
  .option('--home <folder>', 'the folder of the node; GATEHOUSE_HOME or that of this checkout where it is absent')
  .helpCommand(false)
  .showHelpAfterError('(add --help for what there is)')
  .configureOutput({ outputError: (text, write) => write(text) })

for (const add of [
  addDemo,
  addLog,
  addWitness,
  addAnchor,
  addStatus,
  addImport,
  addSource,
  addPartner,
  addDataspace,
  addBeacon,
  addProvider,
  addApiKey,
  addApplication,
  addDeployment,
  addPolicy,
  addPlan,
  addRun,
  addResult,
  addReview,
  addConsent,
  addOptOut,
  addOffer,
  addGuardian,
  addRequest,
  addProof,
  addAuthorize,
  addRedeem,
  addEvidence,
  addVault,
  addDocument,
  addVerify,
  addLogs,
  addKeys,
  addSubject,
  addTenant,
  addBoundary,
  addBackup,
  addUser,
  addProject,
  addAccess,
  addNode,
  addMesh,
  addEgress,
  addProfile,
  addTreat,
  addCheck,
  addLink,
  addDedupe,
  addEvaluate,
  addTokens,
]) {
  add(program)
}

// A reader that goes away, such as `gatehouse logs | head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

try {
  await program.parseAsync()
} catch (error) {
  const problem = error instanceof GatehouseError ? error.problem : undefined
  console.error(problem === undefined ? (error as Error).message : `Refused: ${(error as Error).message}`)
  if (problem?.mend !== undefined) console.error(problem.mend)
  if (program.opts<{ json?: boolean }>().json === true && problem !== undefined) console.log(JSON.stringify({ error: problem }, null, 2))
  process.exitCode = 1
}
