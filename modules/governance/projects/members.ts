import { idSchema } from '@gatehouse/core/schema'
import { operation, Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { accessProblems, hasFor, refuseMoreThanOwn, rightsOfRole, rolesInProjects } from '../access/index.ts'
import { requestReview } from '../approvals/index.ts'
import { isStaff, teamById } from '../identity/index.ts'
import { announce, changeable } from './change.ts'
import { projectsProblems } from './problems.ts'
import { admit, dismiss } from './rights.ts'
import { exampleId, inProject, limits, type Member, memberSchema, type Project, projectInput } from './schema.ts'
import { deleteMember, holdersOfProject, insertMember, membersOf } from './store.ts'

const { kind, holder, role } = memberSchema.shape

export const addMember = operation({
  name: 'projects.add_member',
  summary: 'Add somebody of the staff, or a team, to a project',
  description:
    'With a role that holds in this project and nowhere else, while the project is active. Nobody gives a role with a right that they do not have there themselves, but that whoever may begin the project appoints others, and not themselves, to its own roles. Where what the project works with has holders, each of them approves the person first: the membership is `asked` and a review is open (`membership`).',
  input: projectInput.extend({ kind, holder, role }),
  output: memberSchema,
  access: { action: 'update', on: inProject },
  audit: ({ project }, { id, kind, holder, role }) => ({ object: { kind: 'project', id: project }, details: { member: id, kind, holder, role } }),
  stepUp: true,
  http: { method: 'POST', path: '/v1/projects/:project/members', status: 201 },
  example: { input: { project: exampleId, kind: 'user', holder: '01980000-0000-7000-8000-0000000000aa', role: 'researcher' } },
  problems: [
    doorProblems.not_found,
    projectsProblems.step_refused,
    projectsProblems.member_unknown,
    projectsProblems.member_there,
    projectsProblems.project_full,
    accessProblems.more_than_own,
    accessProblems.role_fixed,
    projectsProblems.people_alone,
  ],
  async run(ctx, { project: id, ...asked }) {
    const project = await changeable(ctx, id)
    if (project instanceof Refusal) return project
    const there = asked.kind === 'user' ? await isStaff(ctx.tx, ctx.tenant, asked.holder) : await teamById(ctx.tx, ctx.tenant, asked.holder as never)
    if (!there) return refuse(projectsProblems.member_unknown)
    const rights = await rightsOfRole(ctx, asked.role, { kind: 'project', id })
    if (rights instanceof Refusal) return rights
    const refused = (await appoints(ctx, project, asked)) ? undefined : await refuseMoreThanOwn(ctx, rights)
    if (refused !== undefined) return refused
    if ((await membersOf(ctx.tx, id)).length >= limits.membersPerProject) return refuse(projectsProblems.project_full)
    const held = (await holdersOfProject(ctx.tx, id)).length > 0
    if (held && asked.kind === 'team') return refuse(projectsProblems.people_alone)
    const state = held ? ('asked' as const) : ('admitted' as const)
    const member: Member = { id: ctx.newId<'member'>(), ...asked, state, added_by: ctx.principal.id, added_at: ctx.now }
    if (!(await insertMember(ctx.tx, id, member))) return refuse(projectsProblems.member_there)
    if (held) {
      const review = await requestReview(ctx, 'membership', member.id)
      if (review instanceof Refusal) {
        // A refusal commits: what nobody is asked about must not stay.
        await deleteMember(ctx.tx, id, member.id)
        return review
      }
    } else if (project.state === 'active') await admit(ctx, project, member)
    announce(ctx, project)
    return member
  },
})

/**
 * Who decides whether a project begins appoints others to its own roles, and nobody appoints themselves: the work of a project is no right of
 * whoever runs the institution. A team may be one's own, so it is not appointed.
 */
async function appoints(ctx: TransactionContext, project: Project, { kind, holder, role }: Pick<Member, 'kind' | 'holder' | 'role'>): Promise<boolean> {
  const another = ctx.principal.kind === 'user' && kind === 'user' && holder !== ctx.principal.id
  return another && (rolesInProjects as readonly string[]).includes(role) && (await hasFor(ctx, ctx.principal, 'publish', inProject({ project: project.id })))
}

export const removeMember = operation({
  name: 'projects.remove_member',
  summary: 'Remove a member from a project',
  description: 'It takes effect on every process within a second: requests, running jobs and open streams alike.',
  input: projectInput.extend({ member: idSchema('member') }),
  output: memberSchema,
  access: { action: 'update', on: inProject },
  audit: ({ project }, { id, kind, holder, role }) => ({ object: { kind: 'project', id: project }, details: { member: id, kind, holder, role } }),
  http: { method: 'DELETE', path: '/v1/projects/:project/members/:member' },
  example: { input: { project: exampleId, member: '0198c1de-7b3a-7c4d-8e5f-000000000002' } },
  problems: [doorProblems.not_found, projectsProblems.step_refused],
  async run(ctx, { project: id, member: memberId }) {
    const project = await changeable(ctx, id)
    if (project instanceof Refusal) return project
    const member = await deleteMember(ctx.tx, id, memberId)
    if (member === undefined) return refuse(doorProblems.not_found)
    await dismiss(ctx, project, member)
    announce(ctx, project)
    return member
  },
})
