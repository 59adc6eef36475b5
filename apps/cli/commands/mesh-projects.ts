/** Projects in which several nodes work together, and the people of others in them. */
import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { act, collect } from './act.ts'

export function addMeshProjects(mesh: Command): void {
  const projects = mesh.command('projects').description('projects with other institutions, and the people who act in them')

  projects
    .command('list', { isDefault: true })
    .description('invitations, joined projects, and people who wait to be approved')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const found = must(await client.GET('/v1/mesh/projects'))
        out.table(
          ['peer', 'its project', 'title', 'state', 'joined with'],
          found.joined.map((row) => [row.peer, row.foreign_project, row.title, row.state, row.project ?? '']),
        )
        out.table(
          ['own project', 'peer', 'state'],
          found.invited.map((row) => [row.project, row.peer, row.state]),
        )
        out.table(
          ['person', 'peer', 'its project', 'state', 'account here'],
          found.persons.map((row) => [row.id, row.peer, row.foreign_project, row.state, row.user ?? '']),
        )
        out.result(found)
      }),
    )

  projects
    .command('invite')
    .description('invite peers to a project of this institution')
    .argument('<project>')
    .requiredOption('--peer <name>', 'may be given several times', collect)
    .action(
      act(async ({ out, connect }, project: string, { peer }: { peer: string[] }) => {
        const { client } = await connect()
        const invited = must(await client.POST('/v1/mesh/projects', { body: { project, peers: peer } }))
        out.say(`Invited: ${invited.invited.join(', ')}. Their administrators join with a project of their own.`)
        out.result(invited)
      }),
    )

  projects
    .command('join')
    .description('join a project of a peer with a project of this institution')
    .argument('<peer>')
    .argument('<its-project>')
    .requiredOption('--project <id>', 'the project here in which its messages act')
    .action(
      act(async ({ out, connect }, peer: string, foreign_project: string, { project }: { project: string }) => {
        const { client } = await connect()
        const joined = must(
          await client.POST('/v1/mesh/projects/{peer}/{foreign_project}/join', { params: { path: { peer, foreign_project } }, body: { project } }),
        )
        out.say(`Joined "${joined.title}" of ${joined.peer}.`)
        out.result(joined)
      }),
    )

  projects
    .command('leave')
    .description('leave a project of a peer: its messages do nothing there any more')
    .argument('<peer>')
    .argument('<its-project>')
    .action(
      act(async ({ out, connect }, peer: string, foreign_project: string) => {
        const { client } = await connect()
        const left = must(await client.POST('/v1/mesh/projects/{peer}/{foreign_project}/leave', { params: { path: { peer, foreign_project } } }))
        out.say(`Left "${left.title}" of ${left.peer}.`)
        out.result(left)
      }),
    )

  projects
    .command('propose')
    .description('propose a member of a project to the peers that joined it')
    .argument('<project>')
    .argument('<user>')
    .requiredOption('--peer <name>', 'may be given several times', collect)
    .action(
      act(async ({ out, connect }, project: string, user: string, { peer }: { peer: string[] }) => {
        const { client } = await connect()
        const proposed = must(await client.POST('/v1/mesh/projects/{project}/persons', { params: { path: { project } }, body: { user, peers: peer } }))
        out.say(`Proposed to ${proposed.proposed.join(', ')}.`)
        out.result(proposed)
      }),
    )

  projects
    .command('approve')
    .description('approve a person of a peer: they get an account here without a way to sign in')
    .argument('<person>')
    .action(
      act(async ({ out, connect }, person: string) => {
        const { client } = await connect()
        const approved = must(await client.POST('/v1/mesh/persons/{person}/approve', { params: { path: { person } } }))
        out.say(`Approved. Make the account ${approved.user} a member of the project, as others are made.`)
        out.result(approved)
      }),
    )

  projects
    .command('revoke')
    .description('revoke a person of a peer: nothing is done on their behalf any more')
    .argument('<person>')
    .action(
      act(async ({ out, connect }, person: string) => {
        const { client } = await connect()
        out.result(must(await client.POST('/v1/mesh/persons/{person}/revoke', { params: { path: { person } } })))
        out.say('Revoked.')
      }),
    )
}
