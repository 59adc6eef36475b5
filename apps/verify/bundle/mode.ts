import type { Mode } from '../command/mode.ts'
import { againstHelp, readAgainst } from '../log/against.ts'
import { judge } from '../report.ts'
import { bundleBytesMax } from './read.ts'
import { checkBundle } from './verify.ts'

export const bundleMode: Mode = {
  name: 'bundle',
  words: 'FILE',
  summary: 'check an evidence bundle: entries, proofs, blocks, documents and their story',
  takes: [1, 1],
  options: { log: { type: 'string' } },
  help: `FILE is an evidence bundle, one download for a release, a person or a project. The key file comes from the node's
operator by a way you trust, not along with the bundle.

  gatehouse-verify bundle evidence.json --key keys.txt

The word "bundle" may be left out.

${againstHelp}`,
  run: ({ positionals: [file = ''], values: { log }, machine }) =>
    judge(async (run) => {
      const text = await machine.readText(file, bundleBytesMax)
      const { keys, meet } = await readAgainst(run, machine, log)
      const { checkpoint, created } = await checkBundle(run, { text, keys, policy: await machine.policy(), cryptography: machine.cryptography })
      if (checkpoint !== undefined) await meet(checkpoint, '/log/checkpoint', created)
    }),
}
