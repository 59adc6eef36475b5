/**
 * The process in which o1js computes: apart from the node, so that its memory and time are bounded and it can be ended at any moment.
 * It keeps nothing. When the node that started it goes, its channel closes and it goes too.
 */
import process from 'node:process'
import type { Asked, Told } from '@gatehouse/runtime/work/bounded-process'
import { consentProgram, leafOf, type Tags, treeOf } from './circuit.ts'
import { verificationKey } from './key.ts'
import { type Field, loadO1js, type O1js, O1jsMissing, type Program } from './o1js.ts'
import type { Stage, TaskName, Tasks } from './tasks.ts'

const [folder, leafTag = '0', nullifierTag = '0'] = process.argv.slice(2)
const tags: Tags = { leaf: BigInt(leafTag), nullifier: BigInt(nullifierTag) }

let loaded: Promise<{ o1js: O1js; program: Program }> | undefined
let compiled: Promise<string> | undefined

function load() {
  loaded ??= loadO1js(folder === undefined || folder === '' ? undefined : folder).then((o1js) => ({ o1js, program: consentProgram(o1js, tags) }))
  return loaded
}

async function compile(): Promise<string> {
  const { program } = await load()
  compiled ??= program.compile().then((result) => result.verificationKey.data)
  return compiled
}

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
const bytesOf = (field: Field): Uint8Array => Buffer.from(field.toBigInt().toString(16).padStart(64, '0'), 'hex')
const fieldsOf = ({ Field }: O1js, leaves: Uint8Array): Field[] =>
  Array.from({ length: leaves.length / 32 }, (_, at) => Field(numberOf(leaves.subarray(at * 32, at * 32 + 32))))

const acts: { [T in TaskName]: (input: Tasks[T]['input'], stage: (stage: Stage) => void) => Promise<Tasks[T]['output']> } = {
  async compile() {
    const { program } = await load()
    return { verificationKey: await compile(), rows: (await program.analyzeMethods()).prove.rows }
  },
  async leaves({ openings }) {
    const { o1js } = await load()
    const { Field } = o1js
    const parts = openings.map(({ secret, until, group }) =>
      bytesOf(leafOf(o1js, tags, { secret: Field(BigInt(secret)), group: Field(BigInt(group)), until: Field(BigInt(until)) })),
    )
    return { leaves: Buffer.concat(parts) }
  },
  async root({ leaves }) {
    const { o1js } = await load()
    return { root: treeOf(o1js, fieldsOf(o1js, leaves)).root.toBigInt().toString() }
  },
  async prove({ publicInput, secret, until, leaves, place }, stage) {
    const { o1js, program } = await load()
    const { Bool, Field, UInt64 } = o1js
    stage('compiling')
    if ((await compile()) !== verificationKey) throw new Error('o1js makes another key of the circuit than the one it is checked by')
    stage('proving')
    const path = treeOf(o1js, fieldsOf(o1js, leaves)).pathOf(place)
    const { proof } = await program.prove(
      publicInput.map((number) => Field(BigInt(number))),
      Field(BigInt(secret)),
      UInt64.from(BigInt(until)),
      path.map(({ neighbour }) => neighbour),
      path.map(({ right }) => Bool(right)),
    )
    return { nullifier: proof.publicOutput.toBigInt().toString(), proof: proof.toJSON().proof }
  },
  async verify({ publicInput, nullifier, proof }) {
    const { o1js, program } = await load()
    const json = { publicInput, publicOutput: [nullifier], maxProofsVerified: 0, proof }
    try {
      // Written anew it has to be the same: a proof has one spelling.
      const read = await o1js.ZkProgram.Proof(program).fromJSON(json)
      if (read.toJSON().proof !== proof) return { verdict: 'malformed' }
    } catch {
      return { verdict: 'malformed' }
    }
    return { verdict: (await o1js.verify(json, verificationKey).catch(() => false)) ? 'proven' : 'not_proven' }
  },
  async usage() {
    const { user, system } = process.cpuUsage()
    return { cpuMs: (user + system) / 1_000, peakMb: process.resourceUsage().maxRSS / 1_024 }
  },
}

const tell = (told: Told) => process.connected && process.send?.(told)

process.on('message', async ({ id, task, input }: Asked) => {
  try {
    const act = acts[task as TaskName] as (input: unknown, stage: (stage: Stage) => void) => Promise<unknown>
    tell({ id, output: await act(input, (stage) => tell({ id, news: stage })) })
  } catch (error) {
    // What o1js says may quote a number of the witness: only its kind goes out.
    tell(error instanceof O1jsMissing ? { id, fault: 'missing', message: error.message } : { id, fault: 'failed', message: `${task} failed` })
  }
})
process.on('disconnect', () => process.exit(0))
