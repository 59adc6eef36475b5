/**
 * Who may do what, as one table. Whatever does not stand here is denied; there are no negative rows, so reading a role's rows
 * is enough to know it. The committed matrix of roles and operations is made from this table, so a change is a visible diff.
 */
import type { Action } from '@gatehouse/runtime/door/operation'
import { inProjects } from './in-projects.ts'
import type { ResourceType } from './resource-types.ts'
import { theNode } from './the-node.ts'
import { wayIn } from './way-in.ts'

export interface Right {
  readonly on: ResourceType
  readonly may: readonly Action[]
  /** Only where the thing belongs to the principal's partner, to the person, or to the user. */
  readonly own?: true
}

/**
 * Who somebody is to the institution. It comes from the account and not from its roles: staff, an engineer of a partner, a
 * person whose records are kept, a partner's program, or the node.
 */
export type Bearer = 'staff' | 'engineer' | 'person' | 'partner' | 'system'

export interface Role {
  readonly name: RoleName
  readonly summary: string
  /** Who may bear the role; on anybody else it counts for nothing. */
  readonly borneBy: readonly Bearer[]
  readonly rights: readonly Right[]
}

export const roleNames = [
  'administrator',
  'officer',
  'auditor',
  'data_owner',
  'data_custodian',
  'researcher',
  'clinician_delegate',
  'application_developer',
  'project_lead',
  'project_member',
  'operator',
  'partner',
  'engineer',
  'person',
  'system',
  'user',
  'entering',
  'enrolling',
] as const
export type RoleName = (typeof roleNames)[number]

/** Roles that staff is given; the others come with the account or the kind of principal. */
export const staffRoles = [
  'administrator',
  'officer',
  'auditor',
  'data_owner',
  'data_custodian',
  'researcher',
  'clinician_delegate',
  'application_developer',
] as const satisfies readonly RoleName[]

/** Roles that are held in a project and nowhere else; they come with membership. */
export const rolesInProjects = ['project_lead', 'project_member'] as const satisfies readonly RoleName[]

const everything: readonly Action[] = ['create', 'read', 'update', 'delete', 'publish']
const keeping: readonly Action[] = ['create', 'read', 'update', 'delete']
const looking: readonly Action[] = ['read']

const anyStaff: readonly Bearer[] = ['staff', 'system']

export const roles: readonly Role[] = [
  {
    name: 'administrator',
    summary: 'Runs the node: people, keys, connections and settings. Sees no record and nothing released about a person.',
    borneBy: anyStaff,
    rights: [
      { on: 'tenant', may: ['read', 'update'] },
      { on: 'product', may: keeping },
      { on: 'project', may: everything },
      { on: 'data_holder', may: keeping },
      { on: 'health', may: looking },
      { on: 'backup', may: looking },
      { on: 'role', may: keeping },
      { on: 'emergency', may: ['read', 'delete'] },
      { on: 'user', may: keeping },
      { on: 'team', may: keeping },
      { on: 'identity_provider', may: keeping },
      { on: 'application', may: everything },
      { on: 'deployment', may: keeping },
      { on: 'factor', may: ['delete'] },
      { on: 'engineer_account', may: ['create', 'read'] },
      { on: 'session', may: ['read', 'delete'] },
      { on: 'api_key', may: keeping },
      { on: 'partner', may: keeping },
      { on: 'partner_key', may: keeping },
      { on: 'webhook', may: keeping },
      { on: 'approval', may: ['read', 'delete'] },
      { on: 'review', may: looking },
      { on: 'review_rule', may: ['read', 'update'] },
      { on: 'submission', may: ['create'] },
      { on: 'import', may: keeping },
      { on: 'record_type', may: everything },
      { on: 'vault', may: ['use'] },
      { on: 'key', may: ['read', 'update'] },
      { on: 'secret', may: keeping },
      { on: 'policy', may: looking },
      { on: 'purpose', may: looking },
      { on: 'release', may: looking },
      { on: 'pattern', may: ['read', 'update'] },
      { on: 'ledger', may: ['read', 'update'] },
      { on: 'ledger_entry', may: looking },
      { on: 'proof', may: looking },
      { on: 'credential_type', may: looking },
      { on: 'credential', may: looking },
      { on: 'anchor', may: everything },
      { on: 'alert', may: ['read', 'update'] },
      { on: 'alert_rule', may: [...keeping, 'use'] },
    ],
  },
  {
    name: 'officer',
    summary: 'Answers for data protection: policies, purposes, consents, partners, imports, and reads of records with a stated reason.',
    borneBy: anyStaff,
    rights: [
      { on: 'tenant', may: looking },
      { on: 'product', may: keeping },
      { on: 'project', may: everything },
      { on: 'data_holder', may: keeping },
      { on: 'role', may: keeping },
      { on: 'emergency', may: ['read', 'update', 'delete'] },
      { on: 'policy', may: [...everything, 'use'] },
      { on: 'purpose', may: everything },
      { on: 'consent', may: keeping },
      { on: 'rights_request', may: ['read', 'update'] },
      { on: 'person', may: ['read', 'update'] },
      { on: 'person_account', may: ['create', 'delete'] },
      { on: 'erasure', may: ['create', 'read', 'publish', 'delete'] },
      { on: 'hold', may: ['create', 'read', 'delete'] },
      { on: 'retention_rule', may: ['read', 'update'] },
      { on: 'engineer_account', may: ['create', 'read'] },
      { on: 'application', may: ['read', 'publish'] },
      { on: 'partner', may: keeping },
      { on: 'partner_key', may: keeping },
      { on: 'import', may: keeping },
      { on: 'record_type', may: looking },
      { on: 'record', may: looking },
      { on: 'document', may: [...keeping, 'export'] },
      { on: 'staff_read', may: ['create', 'read'] },
      { on: 'release', may: ['read', 'delete'] },
      { on: 'approval', may: ['read', 'delete'] },
      { on: 'review', may: looking },
      { on: 'review_rule', may: ['read', 'update'] },
      { on: 'submission', may: ['create'] },
      { on: 'evidence', may: ['read', 'export'] },
      { on: 'proof', may: ['create', 'read', 'publish', 'use'] },
      { on: 'credential_type', may: ['create', 'read', 'delete'] },
      { on: 'credential', may: ['create', 'read', 'update'] },
      { on: 'presentation', may: ['create', 'read'] },
      { on: 'anchor', may: looking },
      { on: 'pattern', may: looking },
      { on: 'disclosure', may: ['read', 'export'] },
      { on: 'ledger', may: looking },
      { on: 'ledger_entry', may: looking },
      { on: 'webhook', may: looking },
      { on: 'vault', may: ['use'] },
      { on: 'alert', may: ['read', 'update'] },
      { on: 'alert_rule', may: [...keeping, 'use'] },
    ],
  },
  {
    name: 'auditor',
    summary: 'Reads what was decided and done, verifies it, and takes evidence away. Changes nothing and opens no record.',
    borneBy: anyStaff,
    rights: [
      ...(
        [
          'alert',
          'alert_rule',
          'emergency',
          'health',
          'tenant',
          'product',
          'project',
          'data_holder',
          'role',
          'user',
          'identity_provider',
          'application',
          'deployment',
          'engineer_account',
          'session',
          'api_key',
          'partner',
          'partner_key',
          'webhook',
          'approval',
          'review',
          'review_rule',
          'erasure',
          'hold',
          'retention_rule',
          'policy',
          'purpose',
          'consent',
          'rights_request',
          'import',
          'record_type',
          'release',
        ] as const
      ).map((on): Right => ({ on, may: looking })),
      { on: 'pattern', may: looking },
      { on: 'disclosure', may: ['read', 'export'] },
      { on: 'ledger', may: ['read', 'export'] },
      { on: 'ledger_entry', may: ['read', 'export'] },
      { on: 'evidence', may: ['read', 'export'] },
      { on: 'proof', may: ['read', 'use'] },
      { on: 'credential_type', may: looking },
      { on: 'credential', may: looking },
      { on: 'anchor', may: looking },
      { on: 'vault', may: ['use'] },
      { on: 'key', may: looking },
      { on: 'secret', may: looking },
    ],
  },
  {
    name: 'data_owner',
    summary: 'Answers for what a set of data may be used for: record types, policies and what left under them. Opens no record.',
    borneBy: anyStaff,
    rights: [
      { on: 'product', may: looking },
      { on: 'project', may: looking },
      { on: 'data_holder', may: looking },
      { on: 'record_type', may: everything },
      { on: 'import', may: looking },
      { on: 'policy', may: everything },
      { on: 'purpose', may: looking },
      { on: 'partner', may: looking },
      { on: 'approval', may: ['read', 'delete'] },
      { on: 'review', may: looking },
      { on: 'review_rule', may: looking },
      { on: 'submission', may: ['create'] },
      { on: 'release', may: looking },
      { on: 'disclosure', may: looking },
      { on: 'pattern', may: looking },
      { on: 'ledger_entry', may: looking },
      { on: 'emergency', may: ['create', 'read', 'delete'], own: true },
    ],
  },
  {
    name: 'data_custodian',
    summary: 'Keeps the data: brings it in, describes it, verifies the vault. Decides nothing and opens no record.',
    borneBy: anyStaff,
    rights: [
      { on: 'import', may: keeping },
      { on: 'record_type', may: keeping },
      { on: 'vault', may: ['use'] },
      { on: 'health', may: looking },
      { on: 'policy', may: looking },
      { on: 'purpose', may: looking },
      { on: 'ledger', may: looking },
      { on: 'ledger_entry', may: looking },
      { on: 'emergency', may: ['create', 'read', 'delete'], own: true },
    ],
  },
  {
    name: 'researcher',
    summary: 'Looks for data that a study could use: what is kept and under which rules, never whose it is.',
    borneBy: anyStaff,
    rights: [
      { on: 'record_type', may: looking },
      { on: 'policy', may: looking },
      { on: 'purpose', may: looking },
      { on: 'submission', may: ['create'] },
    ],
  },
  {
    name: 'clinician_delegate',
    summary: 'Reads records in a clinician’s place, for a purpose and under the policy for staff; may take a right in an emergency.',
    borneBy: anyStaff,
    rights: [
      { on: 'staff_read', may: looking },
      { on: 'record_type', may: looking },
      { on: 'consent', may: looking },
      { on: 'purpose', may: looking },
      { on: 'emergency', may: ['create', 'read', 'delete'], own: true },
    ],
  },
  {
    name: 'application_developer',
    summary: 'Builds applications on the interface: sees shapes, purposes and webhooks, and no data.',
    borneBy: anyStaff,
    rights: [
      { on: 'record_type', may: looking },
      { on: 'purpose', may: looking },
      { on: 'webhook', may: looking },
      { on: 'health', may: looking },
      { on: 'application', may: keeping, own: true },
    ],
  },
  ...inProjects,
  {
    name: 'operator',
    summary:
      'Runs the machine: adds institutions, erases them on their own request together with another operator, and reads the node’s own log. It comes with the node’s own credential; operators appoint others among the people of the node’s own institution, and no institution gives it.',
    borneBy: ['staff'],
    rights: [
      { on: 'institution', may: ['create', 'read', 'update', 'delete'] },
      { on: 'operator', may: ['create', 'delete'] },
      { on: 'backup', may: ['create', 'read'] },
      { on: 'node_log', may: looking },
      { on: 'node_key', may: ['update'] },
    ],
  },
  {
    name: 'partner',
    summary: 'Asks for releases in its own name and sees what concerns itself.',
    borneBy: ['partner'],
    rights: [
      { on: 'release', may: ['create', 'read', 'delete'], own: true },
      { on: 'partner', may: looking, own: true },
      { on: 'pattern', may: looking, own: true },
      { on: 'ledger_entry', may: looking, own: true },
      { on: 'webhook', may: keeping, own: true },
      { on: 'proof', may: ['use'] },
      { on: 'purpose', may: looking },
    ],
  },
  {
    name: 'engineer',
    summary: 'Connects a partner’s systems: its keys and webhooks, its own calls with what they were answered.',
    borneBy: ['engineer'],
    rights: [
      { on: 'release', may: looking, own: true },
      { on: 'partner', may: looking, own: true },
      { on: 'partner_key', may: looking, own: true },
      { on: 'pattern', may: looking, own: true },
      { on: 'ledger_entry', may: looking, own: true },
      { on: 'webhook', may: keeping, own: true },
      { on: 'api_key', may: keeping, own: true },
      { on: 'application', may: keeping, own: true },
      { on: 'purpose', may: looking },
    ],
  },
  {
    name: 'person',
    summary: 'The person concerned: what left about oneself and why, one’s own consents, and those of whom one is the guardian of.',
    borneBy: ['person'],
    rights: [
      { on: 'own_disclosure', may: ['read', 'export'], own: true },
      { on: 'own_request', may: ['create', 'read'], own: true },
      { on: 'own_connection', may: ['create', 'read', 'delete'], own: true },
      { on: 'own_consent', may: ['create', 'read', 'update', 'use'], own: true },
      { on: 'notification', may: ['read', 'update'], own: true },
      { on: 'own_credential', may: ['create', 'read', 'update'], own: true },
      { on: 'session', may: ['read', 'delete'], own: true },
      { on: 'factor', may: ['create', 'read', 'delete', 'use'], own: true },
    ],
  },
  theNode,
  {
    name: 'user',
    summary: 'Everybody of the staff and of partners who is signed in, with or without another role: the own account.',
    borneBy: ['staff', 'engineer'],
    rights: [
      { on: 'user', may: ['read', 'update'], own: true },
      { on: 'session', may: ['read', 'delete'], own: true },
      { on: 'api_key', may: ['read', 'delete'], own: true },
      { on: 'role', may: looking, own: true },
      { on: 'product', may: looking, own: true },
      { on: 'project', may: looking, own: true },
      { on: 'view', may: ['create', 'read', 'delete'], own: true },
      { on: 'review', may: keeping, own: true },
      { on: 'own_connection', may: ['create', 'read', 'delete'], own: true },
      { on: 'notification', may: ['read', 'update'], own: true },
      { on: 'factor', may: ['create', 'read', 'delete', 'use'], own: true },
    ],
  },
  ...wayIn,
]
