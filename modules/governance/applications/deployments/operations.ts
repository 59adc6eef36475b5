/** The named list of whose tokens are believed here and for whom tokens are made. Whoever is not on it is neither. */
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { EgressError } from '@gatehouse/runtime/data/egress'
import type { Node } from '@gatehouse/runtime/door/node'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { deploymentChange, deploymentInput, deploymentSchema, limits } from '../schema.ts'
import { type DeploymentRow, deleteDeployment, deploymentRows, insertDeployment, updateDeployment } from '../store.ts'
import { expectedAudience } from '../tokens/believed.ts'

const shown = (node: Node, { tenant_id: tenant, ...row }: DeploymentRow) => ({ ...row, expects: expectedAudience(node, tenant) })

export const nameDeployment = operation({
  name: 'applications.name_deployment',
  summary: 'Name a deployment or an authorization server to trust',
  description:
    'With an issuer: its tokens are believed here, for the audience in `expects` and for applications that are registered with their id there. With an audience: applications may ask for tokens for it. Auth0 and Keycloak take the place of the node’s own tokens in this way.',
  input: deploymentInput,
  output: deploymentSchema,
  access: { action: 'create', on: () => ({ type: 'deployment' }) },
  audit: (_input, { id, issuer, audience }) => ({ object: { kind: 'deployment', id }, details: { believed: issuer !== null, addressed: audience !== null } }),
  stepUp: true,
  http: { method: 'POST', path: '/v1/deployments', status: 201 },
  example: { input: { name: 'Lakeside', issuer: 'https://lakeside.example.org', jwks_uri: 'https://lakeside.example.org/oauth/jwks' } },
  problems: [problems.issuer_refused, problems.deployment_taken],
  async run({ tx, tenant, now, node, newId }, { name, issuer = null, jwks_uri = null, audience = null }) {
    if (jwks_uri !== null) reachable(node, jwks_uri)
    const row: DeploymentRow = { tenant_id: tenant, id: newId<'deployment'>(), name, issuer, jwks_uri, audience, created_at: now }
    if (itself(node, row) || (await deploymentRows(tx, tenant)).length >= limits.deployments || !(await insertDeployment(tx, row)))
      return refuse(problems.deployment_taken)
    return shown(node, row)
  },
})

/** The node trusts its own tokens in another way. */
const itself = ({ addresses }: Node, { issuer, audience }: DeploymentRow): boolean =>
  [issuer, audience].some((one) => one !== null && new URL(one).origin === addresses.origin)

/** @throws Problem `issuer_refused` for whatever `egress` would not connect to */
function reachable(node: Node, uri: string): void {
  try {
    node.egress.check(uri)
  } catch (error) {
    if (error instanceof EgressError) throw new Problem(problems.issuer_refused, error.message)
    throw error
  }
}

export const changeDeployment = operation({
  name: 'applications.change_deployment',
  summary: 'Change what a trusted deployment is called, where its keys are, or for which audience tokens are made',
  description:
    'Its issuer stays: another issuer is another deployment, and nobody’s applications pass to it. With another `jwks_uri` the keys there count within a second, and those before no longer; tokens for an audience that was taken away or changed hold until their end.',
  input: deploymentChange,
  output: deploymentSchema,
  access: { action: 'update', on: () => ({ type: 'deployment' }) },
  audit: (_input, { id, issuer, audience }) => ({ object: { kind: 'deployment', id }, details: { believed: issuer !== null, addressed: audience !== null } }),
  stepUp: true,
  http: { method: 'PATCH', path: '/v1/deployments/:deployment' },
  example: { input: { deployment: '01980000-0000-7000-8000-000000000001', jwks_uri: 'https://lakeside.example.org/oauth/keys' } },
  problems: [doorProblems.not_found, problems.issuer_refused, problems.deployment_taken, problems.deployment_empty],
  async run({ tx, tenant, node }, { deployment, name, jwks_uri, audience }) {
    const row = (await deploymentRows(tx, tenant)).find(({ id }) => id === deployment)
    if (row === undefined) throw new Problem(doorProblems.not_found)
    const next: DeploymentRow = {
      ...row,
      name: name ?? row.name,
      jwks_uri: jwks_uri ?? row.jwks_uri,
      audience: audience === undefined ? row.audience : audience,
    }
    if ((next.issuer === null) !== (next.jwks_uri === null) || (next.issuer === null && next.audience === null)) return refuse(problems.deployment_empty)
    if (jwks_uri !== undefined) reachable(node, jwks_uri)
    if (itself(node, next) || !(await updateDeployment(tx, next))) return refuse(problems.deployment_taken)
    return shown(node, next)
  },
})

export const listDeployments = operation({
  name: 'applications.deployments',
  summary: 'List the deployments that are trusted',
  input: z.strictObject({}),
  output: z.strictObject({ deployments: z.array(deploymentSchema) }),
  access: { action: 'read', on: () => ({ type: 'deployment' }) },
  audit: { none: 'Addresses of other installations; nothing about a person.' },
  http: { method: 'GET', path: '/v1/deployments' },
  example: { input: {} },
  run: async ({ tx, tenant, node }) => ({ deployments: (await deploymentRows(tx, tenant)).map((row) => shown(node, row)) }),
})

export const dropDeployment = operation({
  name: 'applications.drop_deployment',
  summary: 'End the trust in a deployment',
  description: 'Applications that come in by it are retired first. From then on none of its tokens is believed, and none is made for it.',
  input: z.strictObject({ deployment: idSchema('deployment') }),
  output: z.strictObject({ deployment: idSchema('deployment') }),
  access: { action: 'delete', on: () => ({ type: 'deployment' }) },
  audit: (_input, { deployment }) => ({ object: { kind: 'deployment', id: deployment } }),
  stepUp: true,
  http: { method: 'DELETE', path: '/v1/deployments/:deployment' },
  example: { input: { deployment: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found, problems.deployment_in_use],
  async run({ tx, tenant }, { deployment }) {
    if (!(await deploymentRows(tx, tenant)).some(({ id }) => id === deployment)) throw new Problem(doorProblems.not_found)
    return (await deleteDeployment(tx, tenant, deployment)) ? { deployment } : refuse(problems.deployment_in_use)
  },
})
