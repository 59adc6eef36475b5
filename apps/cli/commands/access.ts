import { must } from '@gatehouse/sdk/client'
import { type Command, InvalidArgumentError } from 'commander'
import { act } from './act.ts'

type Action = 'create' | 'read' | 'update' | 'delete' | 'publish' | 'export' | 'use'
const actions: readonly string[] = ['create', 'read', 'update', 'delete', 'publish', 'export', 'use']

interface Verdict {
  readonly answer: string
  readonly path: readonly { readonly object: string; readonly relation: string; readonly subject: string; readonly condition: string | null }[]
  readonly needs: readonly string[]
}

export function addAccess(program: Command): void {
  const access = program.command('access').description('who may do what, and why')

  access
    .command('who')
    .description('who of the staff may do something, and by which relationships')
    .argument('<action>', actions.join(', '), actionFrom)
    .argument('<area>', 'the kind of thing, such as policy or record_type')
    .option('--scope <scope>', 'within one product or project: project/<id>')
    .action(
      act(async ({ out, connect }, action: Action, area: string, { scope }: { scope?: string }) => {
        const { client } = await connect()
        const answer = must(
          await client.GET('/v1/access/who', { params: { query: { area: area as never, action, ...(scope === undefined ? {} : { scope }) } } }),
        )
        out.table(
          ['user', 'answer', 'because'],
          answer.data.map((row) => [row.user, row.answer, because(row)]),
        )
        if (answer.more) out.say('There are more people than are named here.')
        out.result(answer)
      }),
    )

  access
    .command('what')
    .description('what somebody of the staff may do, and by which relationships')
    .argument('<user>', 'the id of the user; `gatehouse users --json` tells it')
    .option('--scope <scope>', 'within one product or project: project/<id>')
    .action(
      act(async ({ out, connect }, user: string, { scope }: { scope?: string }) => {
        const { client } = await connect()
        const answer = must(await client.GET('/v1/access/what', { params: { query: { user, ...(scope === undefined ? {} : { scope }) } } }))
        out.table(
          ['area', 'action', 'answer', 'because'],
          answer.data.map((row) => [row.area, row.action, row.answer, because(row)]),
        )
        out.result(answer)
      }),
    )

  for (const [name, description] of [
    ['check', 'whether somebody of the staff may do something: yes, no or conditional'],
    ['explain', 'the same with the path that grants, one relationship a line'],
  ] as const) {
    access
      .command(name)
      .description(description)
      .argument('<user>', 'the id of the user')
      .argument('<action>', actions.join(', '), actionFrom)
      .argument('<area>', 'the kind of thing, such as policy or record_type')
      .option('--facts <json>', 'what a condition may ask, such as {"sensitivity":2,"category":"labs"}', factsFrom)
      .action(
        act(async ({ out, connect }, user: string, action: Action, area: string, { facts }: { facts?: object }) => {
          const { client } = await connect()
          const answer = must(await client.POST('/v1/access/check', { body: { user, action, area: area as never, ...(facts === undefined ? {} : { facts }) } }))
          out.say(answer.answer)
          if (name === 'explain') {
            for (const step of answer.path)
              out.say(`  ${step.object}#${step.relation}@${step.subject}${step.condition === null ? '' : `  if ${step.condition}`}`)
            if (answer.needs.length > 0) out.say(`  asks for: ${answer.needs.join(', ')}`)
          }
          out.result(answer)
          if (answer.answer !== 'yes') process.exitCode = 1
        }),
      )
  }
}

function actionFrom(text: string): Action {
  if (!actions.includes(text)) throw new InvalidArgumentError(`It is to be one of ${actions.join(', ')}.`)
  return text as Action
}

function factsFrom(text: string): object {
  try {
    const facts: unknown = JSON.parse(text)
    if (typeof facts === 'object' && facts !== null && !Array.isArray(facts)) return facts
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('It is to be a JSON object.')
}

/** The path from the thing to the person, in one line. */
function because({ answer, path, needs }: Verdict): string {
  return answer === 'conditional' ? `asks for ${needs.join(', ')}` : path.map(({ subject }) => subject.replace(/#.*$/, '')).join(' > ')
}
