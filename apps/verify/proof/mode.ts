import type { Mode } from '../command/mode.ts'
import { againstHelp, readAgainst } from '../log/against.ts'
import { judge } from '../report.ts'
import { proofCharactersMax } from './read.ts'
import { verifyProof } from './verify.ts'

const entryBytesMax = 65_535

export const proofMode: Mode = {
  name: 'proof',
  words: 'FILE.tlog-proof ENTRY',
  summary: 'check that an entry stands in a log, from a proof file alone',
  takes: [2, 2],
  options: { raw: { type: 'boolean' }, log: { type: 'string' } },
  help: `FILE is a C2SP tlog-proof: the index, the hashes up to the root, and the signed checkpoint. ENTRY is a file with
the exact bytes of the entry (RFC 8785 text, no line feed at its end).

  gatehouse-verify proof 0198c1de.tlog-proof 0198c1de.json --key keys.txt

${againstHelp}
  --raw          the entry may be any bytes: for logs that are not Gatehouse's`,
  run: ({ positionals: [proof = '', entry = ''], values, machine }) =>
    judge(async (run) => {
      const { keys, meet } = await readAgainst(run, machine, values.log)
      const checkpoint = await verifyProof(run, {
        proof: await machine.readText(proof, proofCharactersMax),
        entry: await machine.readBytes(entry, entryBytesMax),
        keys,
        policy: await machine.policy(),
        cryptography: machine.cryptography,
        raw: values.raw === true,
      })
      await meet(checkpoint, 'proof checkpoint')
    }),
}
