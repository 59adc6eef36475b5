/** Proofs that some consent permits, without saying whose. */
import { writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { type GatehouseClient, must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { becomeVerifier } from '../node/verifier.ts'
import { openStep } from '../terminal/progress.ts'
import { act } from './act.ts'
import { allPages } from './all-pages.ts'

interface Wanted {
  readonly for: string
  readonly purpose: string
  readonly class: string
  readonly request: string
  readonly verifier?: string
  readonly large?: true
  readonly out?: string
}

interface Claim {
  readonly user_id: string
  readonly grantee: string
  readonly purpose: string
  readonly data_class: string
  readonly request_hash: string
  readonly verifier: string
}

export function addProof(program: Command): void {
  const proof = program.command('proof').description('proofs that some consent permits, without saying whose')

  proof
    .command('list')
    .description('what was proven, newest first')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const proofs = await allPages(
          (cursor) => client.GET('/v1/proofs', { params: { query: { limit: 100, ...(cursor === undefined ? {} : { cursor }) } } }),
          100,
        )
        if (proofs.length === 0) out.say('Nothing has been proven yet: gatehouse proof make USER --for PARTNER --purpose TERM --class SLUG --request HEX')
        else
          out.table(
            ['proof', 'system', 'for', 'scope', 'verifier', 'time', 'in a batch'],
            proofs.map((row) => [row.id, row.system, row.grantee, row.scope, row.verifier, row.time, row.batched ? 'yes' : 'waits']),
          )
        out.result(proofs)
      }),
    )

  proof
    .command('make')
    .description('prove that a person’s consent permits; the file names nobody, and verifies offline')
    .argument('<user>', 'the id by which the institution knows the person')
    .requiredOption('--for <reference>', 'the partner, as the consent names it, or *')
    .requiredOption('--purpose <term>', 'as the consent names it')
    .requiredOption('--class <slug>', 'the class of data, as the consent names it, or *')
    .requiredOption('--request <hex>', 'SHA-256 of the request that the proof is for')
    .option('--verifier <name>', 'who the proof is for; the partner where it is absent')
    .option('--large', 'hide among all such consents and not among at most 1,024; needs o1js and takes a minute')
    .option('--out <file>', 'where to write it; standard output where it is absent')
    .action(
      act(async ({ out, connect }, user: string, wanted: Wanted) => {
        const { client } = await connect()
        const body = {
          user_id: user,
          grantee: wanted.for,
          purpose: wanted.purpose,
          data_class: wanted.class,
          request_hash: wanted.request,
          verifier: wanted.verifier ?? wanted.for,
        }
        const document = wanted.large === true ? await makeLarge(client, body, !out.json) : must(await client.POST('/v1/proofs', { body })).document
        if (wanted.out === undefined) {
          console.log(JSON.stringify(document, null, 2))
          return
        }
        await writeFile(wanted.out, `${JSON.stringify(document)}\n`)
        out.say(
          `Written to ${wanted.out}. Check it with: gatehouse proof verify ${wanted.out} --key KEYS --request ${wanted.request} ("gatehouse log keys" prints the keys)`,
        )
        out.result({ file: wanted.out, system: document.system })
      }),
    )

  const verify = proof
    .command('verify')
    .description('check a proof file with the independent verifier; 0 good, 1 bad, 2 cannot tell')
    .usage('FILE --key FILE …')
    .argument('[words...]', 'what "gatehouse-verify consent" takes; "gatehouse verify consent --help" lists it')
    .allowUnknownOption()
    .helpOption(false)
  verify.action(
    act(async ({ out }) => {
      process.exitCode = await becomeVerifier(['consent', ...verify.args, ...(out.json ? ['--json'] : [])])
    }),
  )
}

/** As the portal says it (`words.en.json` of consent proofs), with what to do. */
const why = {
  not_in_set: 'the person has no such consent in force for long enough.',
  set_too_small: 'fewer than 32 such consents are in force; among so few a proof would tell too much.',
  set_too_large: 'more than 200,000 such consents are in force.',
  consent_ended: 'the consent ended while the proof was made.',
  checkpoint_late: 'the log gave no checkpoint in time. Ask once more when "gatehouse log" shows that it keeps up.',
  not_proven: 'o1js made no proof that holds. The node’s own log says more.',
  memory: 'it needed more than 2 GB of memory and was ended.',
  too_slow: 'one step took longer than a quarter of an hour and was ended. Ask once more when the machine is less busy.',
  ended: 'its process was ended from outside. Ask once more.',
  missing: 'the package o1js is not there any more. docs/how-to/prove-large-sets.md says how it is added.',
  failed: 'something went wrong. The node’s own log says more.',
} as const

const doing = {
  gathering: 'gathering the consents',
  tree: 'computing the tree over them',
  compiling: 'compiling the circuit',
  proving: 'computing the proof',
} as const

/** Follows the job; a command that is broken off cancels it. */
async function makeLarge(client: GatehouseClient, body: Claim, show: boolean) {
  const { id } = must(await client.POST('/v1/proofs/requests', { body }))
  const path = { params: { path: { request: id } } }
  const step = openStep(show)
  const cancel = () => void client.DELETE('/v1/proofs/requests/{request}', path).finally(() => process.exit(130))
  process.once('SIGINT', cancel)
  try {
    while (true) {
      const request = must(await client.GET('/v1/proofs/requests/{request}', path))
      if (request.proof !== null) return must(await client.GET('/v1/proofs/{proof}', { params: { path: { proof: request.proof } } }))
      if (request.state === 'cancelled') throw new Error('The proof was not made: it was cancelled.')
      if (request.state === 'failed') throw new Error(`The proof was not made: ${why[request.reason ?? 'failed']}`)
      step.tell(request.stage === null ? 'waits for the job' : doing[request.stage])
      await wait(1_000)
    }
  } finally {
    process.off('SIGINT', cancel)
    step.end()
  }
}
