import { type GatehouseClient, must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { act, wholeNumber } from './act.ts'
import { allPages } from './all-pages.ts'
import { type AsWhom, clientOf, keyFile } from './as-whom.ts'

const choices = { approve: 'approve', changes: 'changes_requested', reject: 'reject' } as const
const kindList = 'policy_publication, membership, …; those that this node has stand in "review rules"'

type Kind = 'data_disclosure' | 'erasure' | 'ethics_board' | 'membership' | 'monitoring_board' | 'policy_publication'

const at = (review: string) => ({ params: { path: { review } } })
const readReview = async (client: GatehouseClient, id: string) => must(await client.GET('/v1/reviews/{review}', at(id)))

export function addReview(program: Command): void {
  const review = program.command('review').description('the review desk: what waits for judgement, and votes')

  review
    .command('list')
    .description('what waits for you, the nearest deadline first')
    .option('--mine', 'what you have asked for')
    .option('--all', 'everything that is open, for whoever may see it')
    .option(...keyFile)
    .action(
      act(async (cli, { mine, all, ...options }: AsWhom & { mine?: boolean; all?: boolean }) => {
        const { out } = cli
        const client = await clientOf(cli, options)
        const show = all === true ? 'all' : mine === true ? 'mine' : 'waiting'
        const found = await allPages((cursor) =>
          client.GET('/v1/reviews', { params: { query: { show, limit: 200, ...(cursor === undefined ? {} : { cursor }) } } }),
        )
        out.table(
          ['review', 'kind', 'thing', 'state', 'waits for you', 'deadline'],
          found.map((row) => [row.id, row.kind, row.object, row.state, row.waits_for ?? '', row.deadline]),
        )
        out.result(found)
      }),
    )

  review
    .command('show')
    .description('a review with its votes and comments, as far as you may see them')
    .argument('<review>')
    .option(...keyFile)
    .action(
      act(async (cli, id: string, options: AsWhom) => {
        const { out } = cli
        const client = await clientOf(cli, options)
        const found = await readReview(client, id)
        const nameOf = (user: string) => found.people.find((one) => one.id === user)?.name ?? user
        out.say(`${found.kind} ${found.object}: ${found.state}, round ${found.round}, until ${found.deadline}. Digest ${found.digest}.`)
        if (found.changed) out.say('The thing has changed since: votes wait until its author submits it again.')
        out.table(
          ['panel', 'voted', 'needed'],
          found.panels.map(({ kind, id: group, voted, quorum }, place) => [`${kind} ${found.panel_names[place] ?? group}`, String(voted), String(quorum)]),
        )
        out.table(
          ['voter', 'vote', 'when'],
          found.votes.map(({ voter, choice, voted_at }) => [nameOf(voter), choice ?? 'hidden until all are in', voted_at]),
        )
        for (const { author, visibility, text } of found.comments) out.say(`${nameOf(author)} (${visibility}): ${text}`)
        out.result(found)
      }),
    )

  review
    .command('ask')
    .description('ask for a review')
    .argument('<kind>', kindList)
    .argument('<thing>', 'its id')
    .option(...keyFile)
    .action(
      act(async (cli, kind: string, object: string, options: AsWhom) => {
        const { out } = cli
        const client = await clientOf(cli, options)
        const asked = must(await client.POST('/v1/reviews', { body: { kind: kind as Kind, object } }))
        out.say(`Review ${asked.id}, until ${asked.deadline}.`)
        out.result(asked)
      }),
    )

  review
    .command('vote')
    .description('vote on a review, or change your vote while you may')
    .argument('<review>')
    .argument('<choice>', Object.keys(choices).join(', '))
    .requiredOption('--digest <hex>', 'of what you have looked at, as "review show" gives it: the vote is of nothing else')
    .option(...keyFile)
    .action(
      act(async (cli, id: string, word: string, { digest, ...options }: AsWhom & { digest: string }) => {
        if (!(word in choices)) throw new Error(`a vote is one of ${Object.keys(choices).join(', ')}`)
        const { out } = cli
        const client = await clientOf(cli, options)
        const voted = must(await client.POST('/v1/reviews/{review}/vote', { ...at(id), body: { choice: choices[word as keyof typeof choices], digest } }))
        out.say(`The review is ${voted.state}.`)
        out.result(voted)
      }),
    )

  for (const [name, description, send] of [
    [
      'conclude',
      'end a review whose votes differ, by the strictest',
      (client: GatehouseClient, id: string) => client.POST('/v1/reviews/{review}/conclude', at(id)),
    ],
    ['resubmit', 'submit a thing again as it is now', (client: GatehouseClient, id: string) => client.POST('/v1/reviews/{review}/resubmit', at(id))],
    ['withdraw', 'take back a review that you have asked for', (client: GatehouseClient, id: string) => client.DELETE('/v1/reviews/{review}', at(id))],
  ] as const) {
    review
      .command(name)
      .description(description)
      .argument('<review>')
      .option(...keyFile)
      .action(
        act(async (cli, id: string, options: AsWhom) => {
          const { out } = cli
          const client = await clientOf(cli, options)
          const after = must(await send(client, id))
          out.say(`The review is ${after.state}.`)
          out.result(after)
        }),
      )
  }

  review
    .command('rules')
    .description('the kinds of reviews, who judges them, and whether there have to be any')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const { data } = must(await client.GET('/v1/review-rules'))
        out.table(
          ['kind', 'panels', 'days', 'demanded'],
          data.map((rule) => [
            rule.kind,
            rule.panels.map(({ kind, id, quorum }) => `${quorum} of ${kind} ${id}`).join(', '),
            String(rule.deadline_days),
            rule.demanded ? 'yes' : 'no',
          ]),
        )
        out.result(data)
      }),
    )

  review
    .command('rule')
    .description('set who judges a kind; two people ask for the same')
    .argument('<kind>', kindList)
    .requiredOption('--panel <panels...>', 'each as role:NAME=QUORUM or team:ID=QUORUM')
    .option('--days <n>', 'how long reviewers have', wholeNumber, 14)
    .option(...keyFile)
    .option('--not-demanded', 'without reviews it is as before')
    .action(
      act(async (cli, kind: string, options: AsWhom & { panel: string[]; days: number; notDemanded?: boolean }) => {
        const { out } = cli
        const client = await clientOf(cli, options)
        const panels = options.panel.map(panelOf)
        const body = { panels, deadline_days: options.days, demanded: options.notDemanded !== true }
        const answer = await client.PUT('/v1/review-rules/{kind}', { params: { path: { kind: kind as Kind } }, body })
        const outcome = must(answer)
        out.say(answer.response.status === 202 ? 'Asked for. Another person asks for the very same to set it.' : 'The rule is set.')
        out.result(outcome)
      }),
    )
}

function panelOf(text: string) {
  const [, kind, id, quorum] = /^(role|team):([^=]+)=(\d+)$/.exec(text) ?? []
  if (kind === undefined || id === undefined) throw new Error(`a panel reads role:officer=2 or team:ID=1, not ${text}`)
  return { kind: kind as 'role' | 'team', id, quorum: Number(quorum) }
}
