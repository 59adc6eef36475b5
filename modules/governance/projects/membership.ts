/** Members and sources before the holders of a project's data: each holder approves, and nobody is anything in the project before. */
import { refuse } from '@gatehouse/runtime/door/operation'
import type { Reviewed, ReviewKind } from '@gatehouse/runtime/door/review-kind'
import { termsDigest } from './change.ts'
import { projectsProblems } from './problems.ts'
import { admit } from './rights.ts'
import type { Member } from './schema.ts'
import { stateAt } from './states.ts'
import { askedFor, deleteMember, deleteSource, holderOf, holdersOfProject, markAdmitted, membersOf, projectById, sourcesOf } from './store.ts'

export const membership: ReviewKind = {
  name: 'membership',
  summary: 'Somebody joins a project, or a project works with something, when each data holder approves',
  asks: { action: 'update', resource: { type: 'project' } },
  // Only where a holder was taken away while somebody waited.
  panels: [{ kind: 'role', id: 'data_owner', quorum: 1 }],
  deadlineDays: 14,

  async present(tx, node, object): Promise<Reviewed | undefined> {
    const asked = await askedFor(tx, object)
    const project = asked && (await projectById(tx, asked.project_id, true))
    if (asked === undefined || project === undefined || project.state === 'ended') return undefined
    const { member, source } = asked
    // A further source is judged by those who let the project work with theirs, too.
    const own = source === undefined ? undefined : await holderOf(tx, source.kind, source.reference)
    const others = await holdersOfProject(tx, project.id, source === undefined ? 'all' : 'admitted')
    const teams = [...new Set([...others, ...(own === undefined ? [] : [own.team])])]
    const { title, description, purpose, agreement, starts_at, ends_at } = project
    const judged = {
      project: { id: project.id, title, description, purpose, agreement, starts_at, ends_at },
      ...(source === undefined ? {} : { source: { kind: source.kind, reference: source.reference }, members: (await membersOf(tx, project.id)).map(whoAs) }),
      ...(member === undefined
        ? {}
        : { member: whoAs(member), sources: (await sourcesOf(tx, project.id)).map(({ kind, reference }) => ({ kind, reference })) }),
    }
    return {
      digest: termsDigest({ node }, judged),
      makers: member?.kind === 'user' ? [member.holder] : [],
      scope: { kind: 'project', id: project.id },
      ...(teams.length === 0 ? {} : { panels: teams.map((id) => ({ kind: 'team' as const, id, quorum: 1 })) }),
    }
  },

  async approved(ctx, { id: review, object }) {
    const asked = await askedFor(ctx.tx, object)
    const project = asked && (await projectById(ctx.tx, asked.project_id, true))
    if (asked === undefined || project === undefined || stateAt(project, ctx.now) === 'ended') return refuse(projectsProblems.step_refused)
    const { member, source } = asked
    await markAdmitted(ctx.tx, member === undefined ? 'source' : 'member', project.id, object)
    if (member !== undefined && project.state === 'active') await admit(ctx, project, member)
    const what: Record<string, string> = member === undefined ? { source: source?.id ?? '' } : { member: member.id }
    await ctx.record(ctx.tx, 'projects.admitted', { object: { kind: 'project', id: project.id }, details: { ...what, review } }, [
      { type: 'projects.changed', subject: project.id, data: { project: project.id, state: project.state } },
    ])
    return undefined
  },

  async ended({ tx }, { object }) {
    const asked = await askedFor(tx, object)
    if (asked?.member !== undefined) await deleteMember(tx, asked.project_id, asked.member.id)
    if (asked?.source !== undefined) await deleteSource(tx, asked.project_id, asked.source.id)
  },
}

const whoAs = ({ holder, role }: Member) => ({ holder, role })
