/** The rows of roles that are held in a project, by membership, and nowhere else. */

export const inProjects = [
  {
    name: 'project_lead',
    summary: 'Leads a project: its members, sources and terms, and its end. Held in that project and nowhere else.',
    borneBy: ['staff', 'system'],
    rights: [
      { on: 'project', may: ['read', 'update'] },
      { on: 'record_type', may: ['read'] },
      { on: 'policy', may: ['read'] },
      { on: 'purpose', may: ['read'] },
      { on: 'submission', may: ['create'] },
      { on: 'catalogue', may: ['read'] },
      { on: 'query_plan', may: ['create', 'read', 'update', 'delete', 'publish'] },
      { on: 'query_run', may: ['create', 'read', 'delete'] },
      { on: 'query_result', may: ['read', 'delete', 'export'] },
      { on: 'linkage', may: ['create', 'read', 'update'] },
    ],
  },
  {
    name: 'project_analyst',
    summary: 'Works in a project: makes query plans, runs them and takes results away. Held in that project and nowhere else.',
    borneBy: ['staff', 'system'],
    rights: [
      { on: 'project', may: ['read'] },
      { on: 'purpose', may: ['read'] },
      { on: 'submission', may: ['create'] },
      { on: 'catalogue', may: ['read'] },
      { on: 'query_plan', may: ['create', 'read', 'update', 'publish'] },
      { on: 'query_run', may: ['create', 'read', 'delete'] },
      { on: 'query_result', may: ['read', 'export'] },
      { on: 'linkage', may: ['create', 'read'] },
    ],
  },
  {
    name: 'project_member',
    summary: 'What every member of a project has in it, whatever else they hold there: to see the project. Held in that project and nowhere else.',
    borneBy: ['staff', 'system'],
    rights: [
      { on: 'project', may: ['read'] },
      { on: 'purpose', may: ['read'] },
    ],
  },
] as const
