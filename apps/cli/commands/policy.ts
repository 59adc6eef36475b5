import { writeFile } from 'node:fs/promises'
import { type GatehouseClient, must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { readText } from '../files/read-text.ts'
import type { Output } from '../terminal/output.ts'
import { act, wholeNumber } from './act.ts'
import { allPages } from './all-pages.ts'

interface Explained {
  readonly rule: string
  readonly kind: string
  readonly sentences: readonly string[]
}

export function addPolicy(program: Command): void {
  const policy = program.command('policy').description('rules: who may be given what, for which purpose, in which form')

  policy
    .command('list')
    .description('list the policies')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const policies = await allPages((cursor) =>
          client.GET('/v1/policies', { params: { query: { ...(cursor === undefined ? {} : { cursor }), limit: 100 } } }),
        )
        out.table(
          ['uid', 'title', 'for', 'state', 'in force', 'newest'],
          policies.map((row) => [row.uid, row.title, row.assignee, row.state, row.active_version, row.newest_version]),
        )
        out.result(policies)
      }),
    )

  policy
    .command('show')
    .description('show a policy in sentences (--json: as a document)')
    .argument('<policy>', 'its uid or id')
    .argument('[version]', 'the one in force where it is absent', wholeNumber)
    .action(
      act(async ({ out, connect }, id: string, version: number | undefined) => {
        const { client } = await connect()
        const found =
          version === undefined
            ? must(await client.GET('/v1/policies/{policy}', { params: { path: { policy: id } } })).shown
            : must(await client.GET('/v1/policies/{policy}/versions/{version}', { params: { path: { policy: id, version } } }))
        out.say(`${out.style.bold(found.uid)} version ${found.version} (${found.state})`)
        sayRules(out, found.explained)
        out.result(found)
      }),
    )

  policy
    .command('templates')
    .description('list the templates')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const { data } = must(await client.GET('/v1/policy-templates'))
        out.table(
          ['template', 'purpose', 'what for'],
          data.map((row) => [row.template, row.purpose, row.description]),
        )
        out.result(data)
      }),
    )

  policy
    .command('new')
    .description('make a policy document from a template; nothing is saved in the node')
    .requiredOption('--template <name>')
    .requiredOption('--partner <reference>', 'a partner, or * for every partner')
    .requiredOption('--record-type <slug>')
    .option('--uid <slug>', 'the policy’s name; made from partner and template where it is absent')
    .option('--out <file>', 'write the document there')
    .action(
      act(async ({ out, connect }, options: { template: string; partner: string; recordType: string; uid?: string; out?: string }) => {
        const { client } = await connect()
        const uid = options.uid ?? `${options.partner === '*' ? 'all' : options.partner}-${options.template.replaceAll('_', '-')}`
        const made = await fromTemplate(client, { ...options, uid })
        const text = JSON.stringify(made.document, null, 2)
        if (options.out === undefined) {
          if (!out.json) console.log(text)
        } else {
          await writeFile(options.out, `${text}\n`)
          out.say(`${options.out} is written. Read and change it, then: gatehouse policy draft ${options.out}`)
          sayRules(out, made.explained)
        }
        out.result(made)
      }),
    )

  policy
    .command('draft')
    .description('save a document as a new policy, or as the next version of the one it names')
    .argument('<file>')
    .action(
      act(async ({ out, connect }, file: string) => {
        const { client } = await connect()
        const document = await readJson(file)
        const known = await client.GET('/v1/policies/{policy}', { params: { path: { policy: String(document.uid) } } })
        const saved =
          known.response.status === 404
            ? must(await client.POST('/v1/policies', { body: { document } }))
            : must(await client.POST('/v1/policies/{policy}/versions', { params: { path: { policy: must(known).id } }, body: { document } }))
        out.say(`Saved as a draft: ${saved.uid} version ${saved.version}. Nothing is permitted by it before two people publish it.`)
        sayRules(out, saved.explained)
        out.result(saved)
      }),
    )

  policy
    .command('preview')
    .description('see what a document would give of sample records; nothing is kept')
    .argument('<file>')
    .requiredOption('--sample <file>', 'a JSON array of records')
    .option('--purpose <term>', 'the purpose asked for; the first one of the document where it is absent')
    .action(
      act(async ({ out, connect }, file: string, options: { sample: string; purpose?: string }) => {
        const { client } = await connect()
        const document = await readJson(file)
        const [permission] = (document.permission ?? []) as { action: 'release'; purpose: string[] }[]
        const purpose = options.purpose ?? permission?.purpose[0]
        if (purpose === undefined) throw new Error('The document permits nothing, so there is no purpose to preview. Name one with --purpose.')
        const action = permission?.action ?? 'release'
        const sample = (await readJson(options.sample)) as unknown as Record<string, string | number | boolean | null>[]
        const shown = must(await client.POST('/v1/policies/preview', { body: { document, purpose, action, sample } }))
        out.say(shown.explained.join('\n'))
        for (const record of shown.records) sayRecord(out, record)
        out.result(shown)
      }),
    )

  policy
    .command('publish')
    .description('ask for a version to come into force; a second person must ask for the same')
    .argument('<policy>', 'its uid or id')
    .argument('<version>', 'the number of the version', wholeNumber)
    .action(
      act(async ({ out, connect }, id: string, version: number) => {
        const { client } = await connect()
        const answer = await client.POST('/v1/policies/{policy}/versions/{version}/publish', { params: { path: { policy: id, version } } })
        const outcome = must(answer) as unknown as { status?: string; have?: number; need?: number; uid?: string }
        out.say(
          answer.response.status === 202
            ? `Asked for: ${outcome.have} of ${outcome.need} people have. Another person publishes the same version to put it in force.`
            : `${outcome.uid} version ${version} is in force.`,
        )
        out.result(outcome)
      }),
    )

  policy
    .command('retire')
    .description('end a policy for good; it takes effect at once')
    .argument('<policy>', 'its uid or id')
    .action(
      act(async ({ out, connect }, id: string) => {
        const { client } = await connect()
        const retired = must(await client.POST('/v1/policies/{policy}/retire', { params: { path: { policy: id } } }))
        out.say(`${retired.uid} is retired: nothing is permitted by it any more.`)
        out.result(retired)
      }),
    )

  policy
    .command('compare')
    .description('what changed between two versions')
    .argument('<policy>', 'its uid or id')
    .argument('<from>', 'a version', wholeNumber)
    .argument('<to>', 'another one', wholeNumber)
    .action(
      act(async ({ out, connect }, id: string, from: number, to: number) => {
        const { client } = await connect()
        const compared = must(await client.GET('/v1/policies/{policy}/compare', { params: { path: { policy: id }, query: { from, to } } }))
        out.table(
          ['gives', 'rule', 'change'],
          compared.changes.map((change) => [change.effect === 'either' ? 'see' : change.effect, change.rule, change.sentence]),
        )
        out.result(compared)
      }),
    )
}

/** A template filled for the newest version of a record type. */
export async function fromTemplate(client: GatehouseClient, choice: { template: string; partner: string; recordType: string; uid: string }) {
  const { data } = must(await client.GET('/v1/vault/record-types'))
  const type = data.findLast(({ record_type }) => record_type === choice.recordType)
  if (type === undefined) {
    const known = [...new Set(data.map(({ record_type }) => record_type))].join(', ')
    throw new Error(`There is no record type "${choice.recordType}". ${known === '' ? 'Import something first.' : `There are: ${known}.`}`)
  }
  const fields = type.fields.map(({ name, type, sensitivity }) => ({ name, type, sensitivity }))
  return must(
    await client.POST('/v1/policy-templates/{template}', {
      params: { path: { template: choice.template } },
      body: { uid: choice.uid, partner: choice.partner, record_type: choice.recordType, fields },
    }),
  )
}

export function sayRules(out: Output, rules: readonly Explained[], indent = ''): void {
  for (const { rule, kind, sentences } of rules) {
    out.say(`${indent}${out.style.bold(kind === 'permission' ? `May: ${rule}` : `May not: ${rule}`)}`)
    for (const sentence of sentences) out.say(`${indent}  ${sentence}`)
  }
}

interface ShownField {
  readonly field: string
  readonly before: unknown
  readonly after?: unknown
  readonly mask?: string
  readonly dropped?: { readonly text: string }
  readonly note?: string
}

export function sayRecord(out: Output, record: readonly ShownField[], indent = ''): void {
  out.table(
    ['field', 'held', 'given', 'how'],
    record.map(({ field, before, after, mask, dropped, note }) => [field, before, after, note ?? dropped?.text ?? mask?.replaceAll('_', ' ')]),
    indent,
  )
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  const text = await readText(path)
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch (cause) {
    throw new Error(`${path} is no JSON: ${(cause as Error).message}.`, { cause })
  }
}
