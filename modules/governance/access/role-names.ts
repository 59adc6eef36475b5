/** The names of the roles that ship with the product. */

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
  'project_analyst',
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
export const rolesInProjects = ['project_lead', 'project_analyst', 'project_member'] as const satisfies readonly RoleName[]
