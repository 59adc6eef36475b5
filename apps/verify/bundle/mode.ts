import type { Mode } from '../command/mode.ts'
import { bundleBytesMax } from './read.ts'
import { verifyBundle } from './verify.ts'

export const bundleMode: Mode = {
  name: 'bundle',
  words: 'FILE',
  summary: 'check an evidence bundle: entries, proofs, blocks, documents and their story',
  takes: [1, 1],
  help: `FILE is an evidence bundle, one download for a release, a person or a project. The key file comes from the node's
operator by a way you trust, not along with the bundle.

  gatehouse-verify bundle evidence.json --key keys.txt

The word "bundle" may be left out.`,
  run: async ({ positionals: [file = ''], machine }) =>
    verifyBundle(await machine.readText(file, bundleBytesMax), await machine.keyText(), machine.cryptography, await machine.policy()),
}
