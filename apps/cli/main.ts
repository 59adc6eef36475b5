/** The gatehouse command. */
import { GatehouseError } from '@gatehouse/sdk/client'
import { Command } from 'commander'

type Adding = () => Promise<(program: Command) => void>

// One file, two words.
const tenant: Adding = () => import('./commands/tenant.ts').then(({ addTenant }) => addTenant)
const backup: Adding = () => import('./commands/backup.ts').then(({ addBackup }) => addBackup)
const user: Adding = () => import('./commands/user.ts').then(({ addUser }) => addUser)
const project: Adding = () => import('./commands/project.ts').then(({ addProject }) => addProject)

/** What there is, in the order of the help. Only the word that was typed is loaded: some bring engines with them. */
const commands: Readonly<Record<string, Adding>> = {
  demo: () => import('./commands/demo.ts').then(({ addDemo }) => addDemo),
  log: () => import('./commands/log.ts').then(({ addLog }) => addLog),
  witness: () => import('./commands/witness.ts').then(({ addWitness }) => addWitness),
  anchor: () => import('./commands/anchor.ts').then(({ addAnchor }) => addAnchor),
  status: () => import('./commands/status.ts').then(({ addStatus }) => addStatus),
  import: () => import('./commands/import.ts').then(({ addImport }) => addImport),
  source: () => import('./commands/source.ts').then(({ addSource }) => addSource),
  partner: () => import('./commands/partner.ts').then(({ addPartner }) => addPartner),
  dataspace: () => import('./commands/dataspace.ts').then(({ addDataspace }) => addDataspace),
  beacon: () => import('./commands/beacon.ts').then(({ addBeacon }) => addBeacon),
  provider: () => import('./commands/provider.ts').then(({ addProvider }) => addProvider),
  'api-key': () => import('./commands/api-key.ts').then(({ addApiKey }) => addApiKey),
  application: () => import('./commands/application.ts').then(({ addApplication }) => addApplication),
  deployment: () => import('./commands/deployment.ts').then(({ addDeployment }) => addDeployment),
  policy: () => import('./commands/policy.ts').then(({ addPolicy }) => addPolicy),
  plan: () => import('./commands/plan.ts').then(({ addPlan }) => addPlan),
  run: () => import('./commands/run.ts').then(({ addRun }) => addRun),
  result: () => import('./commands/result.ts').then(({ addResult }) => addResult),
  review: () => import('./commands/review.ts').then(({ addReview }) => addReview),
  consent: () => import('./commands/consent.ts').then(({ addConsent }) => addConsent),
  'opt-out': () => import('./commands/opt-out.ts').then(({ addOptOut }) => addOptOut),
  offer: () => import('./commands/offer.ts').then(({ addOffer }) => addOffer),
  guardian: () => import('./commands/guardian.ts').then(({ addGuardian }) => addGuardian),
  request: () => import('./commands/request.ts').then(({ addRequest }) => addRequest),
  proof: () => import('./commands/proof.ts').then(({ addProof }) => addProof),
  authorize: () => import('./commands/authorize.ts').then(({ addAuthorize }) => addAuthorize),
  redeem: () => import('./commands/redeem.ts').then(({ addRedeem }) => addRedeem),
  evidence: () => import('./commands/evidence.ts').then(({ addEvidence }) => addEvidence),
  vault: () => import('./commands/vault.ts').then(({ addVault }) => addVault),
  document: () => import('./commands/document.ts').then(({ addDocument }) => addDocument),
  verify: () => import('./commands/verify.ts').then(({ addVerify }) => addVerify),
  logs: () => import('./commands/logs.ts').then(({ addLogs }) => addLogs),
  keys: () => import('./commands/keys.ts').then(({ addKeys }) => addKeys),
  subject: () => import('./commands/subject.ts').then(({ addSubject }) => addSubject),
  tenant,
  operator: tenant,
  boundary: () => import('./commands/boundary.ts').then(({ addBoundary }) => addBoundary),
  backup,
  restore: backup,
  user,
  users: user,
  project,
  product: project,
  access: () => import('./commands/access.ts').then(({ addAccess }) => addAccess),
  node: () => import('./commands/node.ts').then(({ addNode }) => addNode),
  mesh: () => import('./commands/mesh.ts').then(({ addMesh }) => addMesh),
  egress: () => import('./commands/egress.ts').then(({ addEgress }) => addEgress),
  profile: () => import('./commands/profile.ts').then(({ addProfile }) => addProfile),
  treat: () => import('./commands/treat.ts').then(({ addTreat }) => addTreat),
  check: () => import('./commands/check.ts').then(({ addCheck }) => addCheck),
  link: () => import('./commands/link.ts').then(({ addLink }) => addLink),
  dedupe: () => import('./commands/link.ts').then(({ addDedupe }) => addDedupe),
  evaluate: () => import('./commands/evaluate.ts').then(({ addEvaluate }) => addEvaluate),
  tokens: () => import('./commands/tokens.ts').then(({ addTokens }) => addTokens),
}

const program = new Command('gatehouse')
  .description('Keeps records about people, and lets out only what permission, policy, consent and privacy treatment allow.')
  .option('--json', 'one JSON object on standard output, for scripts')
  .option('--home <folder>', 'the folder of the node; GATEHOUSE_HOME or that of this checkout where it is absent')
  .helpCommand(false)
  .showHelpAfterError('(add --help for what there is)')
  .configureOutput({ outputError: (text, write) => write(text) })

const [typed = ''] = program.parseOptions(process.argv.slice(2)).operands
const wanted = Object.hasOwn(commands, typed) ? [commands[typed]] : Object.values(commands)
for (const add of await Promise.all([...new Set(wanted)].map((load) => load?.()))) add?.(program)

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
