import { Problem } from '@gatehouse/core/problem'
import { issueToken } from '@gatehouse/crypto/token'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { reachesNoFurther } from '../access/index.ts'
import { operatorId } from '../identity/index.ts'
import { findPartner } from '../partners/index.ts'
import { applicationFacts, applicationOf } from './application.ts'
import { check } from './checked.ts'
import { ownApplication, ownerOf } from './own.ts'
import { problems } from './problems.ts'
import { registerInput, withSecret } from './schema.ts'
import { applicationLife } from './states.ts'
import { type ApplicationRow, deploymentRows, insertApplication } from './store.ts'

export const register = operation({
  name: 'applications.register',
  summary: 'Register an application',
  description:
    'It begins in the sandbox: its tokens are told made-up data, and only its own developers can connect it. Its secret is shown once. Submit it to have it judged; once admitted it goes live.',
  input: registerInput,
  output: withSecret,
  access: { action: 'create', on: (_input, principal) => ownApplication({}, principal) },
  audit: (_input, { application }) => applicationFacts(application),
  secretOutput: true,
  stepUp: true,
  http: { method: 'POST', path: '/v1/applications', status: 201 },
  example: {
    input: {
      name: 'Budget helper',
      purpose: 'Shows you in one place who has received your data.',
      redirect_uris: ['https://helper.example.org/connected'],
      scopes: [{ area: 'own_disclosure', level: 'read' }],
    },
  },
  problems: [problems.redirect_refused, problems.area_refused, problems.owner_refused, problems.deployment_unknown, problems.deployment_taken],
  async run(ctx, input) {
    const { tx, tenant, now, principal, node } = ctx
    check(input)
    if (!reachesNoFurther(input.scopes, principal.scopes)) throw new Problem(problems.area_refused)
    const owner = await ownerNamed(ctx, input.partner)
    if (owner === undefined) return refuse(problems.owner_refused)
    const { elsewhere } = input
    if (elsewhere !== undefined && !(await deploymentRows(tx, tenant)).some(({ id, issuer }) => id === elsewhere.deployment && issuer !== null))
      return refuse(problems.deployment_unknown)
    const secret = input.confidential && elsewhere === undefined ? issueToken(node.keys.primitives, 'gha_') : undefined
    const row: ApplicationRow = {
      tenant_id: tenant,
      id: ctx.newId<'application'>(),
      name: input.name,
      purpose: input.purpose,
      ...owner,
      registered_by: principal.id,
      confidential: input.confidential,
      secret_hash: secret?.hash ?? null,
      redirect_uris: input.redirect_uris,
      scopes: input.scopes,
      claims: input.claims,
      acts_by_itself: input.acts_by_itself,
      proves_key: input.proves_key,
      deployment_id: elsewhere?.deployment ?? null,
      client_id: elsewhere?.client_id ?? null,
      state: applicationLife.initial,
      revision: 1,
      created_at: now,
      updated_at: now,
    }
    if (!(await insertApplication(tx, row))) return refuse(problems.deployment_taken)
    return { application: applicationOf(row), secret: secret?.token ?? null }
  },
})

/** A partner, or whoever registers it; an engineer's belong to the partner. */
async function ownerNamed(ctx: TransactionContext, named: string | undefined): Promise<Pick<ApplicationRow, 'owner_kind' | 'owner_id'> | undefined> {
  const { principal } = ctx
  const wanted = named ?? principal.partner
  // Whoever runs the machine is no account that anything could act for.
  if (wanted === undefined) return principal.kind === 'user' && principal.id !== operatorId ? { owner_kind: 'user', owner_id: principal.id } : undefined
  const partner = await findPartner(ctx.tx, wanted)
  if (partner?.status !== 'active') return undefined
  const others = partner.id !== ownerOf(principal) && !(await ctx.may('create', { type: 'application' }))
  return others ? undefined : { owner_kind: 'partner', owner_id: partner.id }
}
