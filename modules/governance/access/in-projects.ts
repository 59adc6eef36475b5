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
