import { type GatehouseClient, must } from '@gatehouse/sdk/client'
import type { paths } from '@gatehouse/sdk/generated/api'
import type { Command } from 'commander'
import { act, collect, wholeNumber } from './act.ts'
import { allPages } from './all-pages.ts'
import { type AsWhom, actAs, clientOf, keyFile } from './as-whom.ts'

const choices = { approve: 'approve', changes: 'changes_requested', reject: 'reject' } as const
const kindList = 'policy_publication, membership, …; those that this node has stand in "review rules"'

type Kind = paths['/v1/reviews']['post']['requestBody']['content']['application/json']['kind']
type Terms = Omit<paths['/v1/submissions']['post']['requestBody']['content']['application/json'], 'kind'>
type SubmissionKind = paths['/v1/submissions']['post']['requestBody']['content']['application/json']['kind']

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
      actAs(async ({ out, client }, { mine, all }: { mine?: boolean; all?: boolean }) => {
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
      actAs(async ({ out, client }, id: string) => {
        const found = await readReview(client, id)
        const nameOf = (user: string) => found.people.find((one) => one.id === user)?.name ?? user
        out.say(`${found.kind} ${found.object}: ${found.state}, round ${found.round}, until ${found.deadline}. Digest ${found.digest}.`)
        if (found.changed) out.say('The thing has changed since: votes wait until its author submits it again.')
        out.table(
          ['place', 'panel', 'voted', 'needed'],
          found.panels.map(({ kind, id: group, voted, quorum }, place) => [place, `${kind} ${found.panel_names[place] ?? group}`, voted, quorum]),
        )
        out.table(
          ['voter', 'vote', 'when'],
          found.votes.map(({ voter, choice, voted_at }) => [nameOf(voter), choice ?? 'hidden until all are in', voted_at]),
        )
        if (found.submission !== null) {
          out.say(`${found.submission.title} (${found.submission.reference})`)
          out.say(found.submission.reasons)
        }
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
      actAs(async ({ out, client }, kind: string, object: string) => {
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
    .requiredOption('--digest <hex>', 'of what you have looked at, as "review show" gives it, or its first 8 letters or more: the vote is of nothing else')
    .option('--panel <place>', 'the place of the panel, as "review show" lists them from 0, for whoever sits in several', wholeNumber)
    .option(...keyFile)
    .action(
      act(async (cli, id: string, word: string, { digest: seen, panel, ...options }: AsWhom & { digest: string; panel?: number }) => {
        if (!(word in choices)) throw new Error(`a vote is one of ${Object.keys(choices).join(', ')}`)
        const { out } = cli
        const client = await clientOf(cli, options)
        const digest = await wholeDigest(client, id, seen)
        const body = { choice: choices[word as keyof typeof choices], digest, ...(panel === undefined ? {} : { panel }) }
        const voted = must(await client.POST('/v1/reviews/{review}/vote', { ...at(id), body }))
        out.say(`Your vote is counted. ${stateWords(voted.state)}`)
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
        actAs(async ({ out, client }, id: string) => {
          const after = must(await send(client, id))
          out.say(stateWords(after.state))
          out.result(after)
        }),
      )
  }

  review
    .command('submit')
    .description('put a disclosure, a protocol or the course of a trial before those who judge it')
    .argument('<kind>', 'data_disclosure, ethics_board or monitoring_board')
    .requiredOption('--title <text>')
    .requiredOption('--reference <text>', 'what it is filed under elsewhere: a query plan, a protocol, a report')
    .requiredOption('--reasons <text>', 'what is asked for and why; name no person concerned')
    .option('--team <teams>', 'ids of teams that judge besides the panels of the rule, each as ID or ID=QUORUM, with commas', collect)
    .option('--days <n>', 'sooner than the rule of the kind; never later', wholeNumber)
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, kind: string, options: AsWhom & Submitted) => {
        const asked = must(await client.POST('/v1/submissions', { body: { kind: kind as SubmissionKind, ...termsOf(options) } }))
        out.say(`Review ${asked.id}, until ${asked.deadline}.`)
        out.result(asked)
      }),
    )

  review
    .command('comment')
    .description('say something about a review')
    .argument('<review>')
    .argument('<text>', 'name no person concerned')
    .option('--public', 'for the author too; else for reviewers alone')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, id: string, text: string, { public: open }: { public?: true }) => {
        const body = { visibility: open === true ? ('public' as const) : ('private' as const), text }
        const said = must(await client.POST('/v1/reviews/{review}/comments', { ...at(id), body }))
        out.say(
          open === true
            ? 'Said, for the author too. Until all first votes are in, you alone read it.'
            : 'Said, for reviewers. Until all first votes are in, you alone read it.',
        )
        out.result(said)
      }),
    )

  review
    .command('letter')
    .description('the decision letter of a review: what was decided, by which panels and why')
    .argument('<review>')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, id: string) => {
        const letter = must(await client.GET('/v1/reviews/{review}/letter', at(id)))
        const { submission } = letter
        out.say(
          `${letter.decision} on ${letter.decided_at}: ${letter.kind} ${submission === null ? letter.object : `“${submission.title}” (${submission.reference})`}`,
        )
        out.say(`Decided by ${letter.panels.map(({ kind, id: group, name }) => `${kind} ${name ?? group}`).join(', ')}, in round ${letter.round}.`)
        for (const text of letter.said) out.say(`- ${text}`)
        out.say(`The decision is about the content with the digest (SHA-256) ${letter.digest}.`)
        out.result(letter)
      }),
    )

  review
    .command('delegate')
    .description('hand your seat to a colleague until a moment; without a colleague, what is handed over')
    .argument('[colleague]', 'the id of the account')
    .option('--until <instant>', 'such as 2026-12-24T00:00:00Z; at most 90 days from now')
    .option('--end <delegation>', 'take a seat back')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, to: string | undefined, { until, end }: { until?: string; end?: string }) => {
        if (end !== undefined) {
          const ended = must(await client.DELETE('/v1/delegations/{delegation}', { params: { path: { delegation: end } } }))
          out.say('The seat is yours again.')
          out.result(ended)
        } else if (to === undefined) {
          const { data } = must(await client.GET('/v1/delegations'))
          out.table(
            ['delegation', 'from', 'to', 'until'],
            data.map((row) => [row.id, row.from.name, row.to.name, row.ends_at]),
          )
          out.result(data)
        } else {
          if (until === undefined) throw new Error('Say until when, such as --until 2026-12-24T00:00:00Z.')
          const handed = must(await client.POST('/v1/delegations', { body: { to, ends_at: until } }))
          out.say(`${handed.to.name} votes in your place until ${handed.ends_at}.`)
          out.result(handed)
        }
      }),
    )

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
      actAs(async ({ out, client }, kind: string, options: AsWhom & { panel: string[]; days: number; notDemanded?: boolean }) => {
        const panels = options.panel.map(panelOf)
        const body = { panels, deadline_days: options.days, demanded: options.notDemanded !== true }
        const answer = await client.PUT('/v1/review-rules/{kind}', { params: { path: { kind: kind as Kind } }, body })
        const outcome = must(answer)
        out.say(answer.response.status === 202 ? 'Asked for. Another person asks for the very same to set it.' : 'The rule is set.')
        out.result(outcome)
      }),
    )
}

interface Submitted {
  readonly title: string
  readonly reference: string
  readonly reasons: string
  readonly team?: string[]
  readonly days?: number
}

function termsOf({ title, reference, reasons, team = [], days }: Submitted): Terms {
  const teams = team.map((text) => {
    const [, id, quorum] = /^([^=]+)(?:=(\d+))?$/.exec(text) ?? []
    if (id === undefined) throw new Error(`a team reads ID or ID=QUORUM, not ${text}`)
    return { id, quorum: Number(quorum ?? 1) }
  })
  return { title, reference, reasons, teams, deadline_days: days ?? null }
}

/** A vote names the whole digest; whoever looked may type its beginning, and the page that was looked at must still be there. */
async function wholeDigest(client: GatehouseClient, id: string, seen: string): Promise<string> {
  if (!/^[0-9a-f]{8,63}$/.test(seen)) return seen
  const { digest } = await readReview(client, id)
  if (!digest.startsWith(seen)) throw new Error(`The review is of something else by now (${digest}). Look at it again with "review show ${id}".`)
  return digest
}

const stateSentences: Readonly<Record<string, string>> = {
  submitted: 'It waits for the reviewers.',
  partially_reviewed: 'Further votes are waited for.',
  reviewed: 'All first votes are in, and they differ: change yours, or conclude.',
  returned: 'It was returned to its author.',
  approved: 'It is approved, and what was asked for has happened.',
  rejected: 'It is rejected.',
  withdrawn: 'It is withdrawn.',
  expired: 'Its deadline has passed.',
}
const stateWords = (state: string): string => stateSentences[state] ?? `The review is ${state}.`

function panelOf(text: string) {
  const [, kind, id, quorum] = /^(role|team):([^=]+)=(\d+)$/.exec(text) ?? []
  if (kind === undefined || id === undefined) throw new Error(`a panel reads role:officer=2 or team:ID=1, not ${text}`)
  return { kind: kind as 'role' | 'team', id, quorum: Number(quorum) }
}
