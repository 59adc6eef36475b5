import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { act, collect } from './act.ts'
import { allPages } from './all-pages.ts'
import { addHolder } from './project-holder.ts'

export function addProject(program: Command): void {
  const project = program.command('project').description('projects: who works with what, for which purpose, until when')

  project
    .command('list')
    .description('the projects of the institution')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const projects = await allPages((cursor) =>
          client.GET('/v1/projects', { params: { query: { ...(cursor === undefined ? {} : { cursor }), limit: 100 } } }),
        )
        out.table(
          ['project', 'title', 'state', 'purpose', 'begins', 'ends'],
          projects.map((row) => [row.id, row.title, row.state, row.purpose, row.starts_at, row.ends_at]),
        )
        out.result(projects)
      }),
    )

  project
    .command('propose')
    .description('propose a project')
    .argument('<title>')
    .requiredOption('--purpose <term>', 'a purpose by its name in the list of purposes')
    .requiredOption('--ends <time>', 'the end, RFC 3339 such as 2028-01-01T00:00:00Z')
    .option('--starts <time>', 'the beginning; now where it is absent')
    .option('--agreement <reference>', 'what was agreed; without it the project does not begin')
    .option('--sha256 <hex>', 'digest of the document that was agreed')
    .action(
      act(async ({ out, connect }, title: string, options: { purpose: string; ends: string; starts?: string; agreement?: string; sha256?: string }) => {
        const { client } = await connect()
        const { purpose, ends, starts = new Date().toISOString(), agreement, sha256 } = options
        const body = { title, purpose, starts_at: starts, ends_at: ends }
        const agreed = agreement === undefined ? {} : { agreement: { reference: agreement, ...(sha256 === undefined ? {} : { sha256 }) } }
        const made = must(await client.POST('/v1/projects', { body: { ...body, ...agreed } }))
        out.say(`Proposed: ${made.id}. "gatehouse project begin ${made.id}" lets it begin.`)
        out.result(made)
      }),
    )

  project
    .command('show')
    .description('a project with its members and sources')
    .argument('<project>')
    .action(
      act(async ({ out, connect }, id: string) => {
        const { client } = await connect()
        const found = must(await client.GET('/v1/projects/{project}', { params: { path: { project: id } } }))
        out.say(`${found.title}: ${found.state}, for ${found.purpose}, until ${found.ends_at}`)
        out.table(
          ['member', 'kind', 'who', 'role'],
          found.members.map((row) => [row.id, row.kind, row.holder, row.role]),
        )
        out.table(
          ['source', 'kind', 'reference'],
          found.sources.map((row) => [row.id, row.kind, row.reference]),
        )
        out.result(found)
      }),
    )

  for (const [step, words] of [
    ['begin', 'let a project begin'],
    ['suspend', 'suspend a project: nobody has a right in it'],
    ['resume', 'let a suspended project go on'],
    ['end', 'end a project for good'],
  ] as const) {
    project
      .command(step)
      .description(words)
      .argument('<project>')
      .action(
        act(async ({ out, connect }, id: string) => {
          const { client } = await connect()
          const of = { params: { path: { project: id } } }
          const moved = must(
            step === 'begin'
              ? await client.POST('/v1/projects/{project}/begin', of)
              : step === 'suspend'
                ? await client.POST('/v1/projects/{project}/suspend', of)
                : step === 'resume'
                  ? await client.POST('/v1/projects/{project}/resume', of)
                  : await client.POST('/v1/projects/{project}/end', of),
          )
          out.say(`${moved.title} is ${moved.state}.`)
          out.result(moved)
        }),
      )
  }

  project
    .command('add-member')
    .description('add somebody of the staff, or with --team a team')
    .argument('<project>')
    .argument('<id>', 'of the account or the team')
    .option('--team', 'the id is a team’s')
    .option('--role <role>', 'a role that holds in this project and nowhere else', 'project_member')
    .action(
      act(async ({ out, connect }, id: string, holder: string, { team, role }: { team?: true; role: string }) => {
        const { client } = await connect()
        const body = { kind: team === true ? ('team' as const) : ('user' as const), holder, role: role as 'project_member' }
        const added = must(await client.POST('/v1/projects/{project}/members', { params: { path: { project: id } }, body }))
        out.say(`Added as ${added.role}: ${added.id}.`)
        out.result(added)
      }),
    )

  project
    .command('remove-member')
    .description('remove a member; it takes effect within a second')
    .argument('<project>')
    .argument('<member>')
    .action(
      act(async ({ out, connect }, id: string, member: string) => {
        const { client } = await connect()
        const gone = must(await client.DELETE('/v1/projects/{project}/members/{member}', { params: { path: { project: id, member } } }))
        out.say('Removed.')
        out.result(gone)
      }),
    )

  addHolder(project)

  const product = program.command('product').description('products: parts of the institution for which roles can be given')
  product
    .command('list')
    .description('the products of the institution')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const { data } = must(await client.GET('/v1/products'))
        out.table(
          ['product', 'slug', 'name', 'purposes', 'ended'],
          data.map((row) => [row.id, row.slug, row.name, row.purposes.join(', '), row.ended_at ?? '']),
        )
        out.result(data)
      }),
    )
  product
    .command('add')
    .description('add a product')
    .argument('<slug>', 'its name in addresses; it never changes')
    .requiredOption('--name <name>')
    .requiredOption('--purpose <terms>', 'what its records may be used for; several with commas', collect)
    .action(
      act(async ({ out, connect }, slug: string, { name, purpose }: { name: string; purpose: string[] }) => {
        const { client } = await connect()
        const made = must(await client.POST('/v1/products', { body: { slug, name, purposes: purpose } }))
        out.say(`${made.name} is product ${made.id}.`)
        out.result(made)
      }),
    )
  product
    .command('end')
    .description('end a product for good')
    .argument('<product>', 'its id')
    .action(
      act(async ({ out, connect }, id: string) => {
        const { client } = await connect()
        const ended = must(await client.POST('/v1/products/{product}/end', { params: { path: { product: id } } }))
        out.say(`${ended.name} has ended.`)
        out.result(ended)
      }),
    )
}
