import type { Mode } from '../command/mode.ts'
import { againstHelp, readAgainst } from '../log/against.ts'
import { judge } from '../report.ts'
import { checkCrate, crateBytesMax } from './verify.ts'

export const crateMode: Mode = {
  name: 'crate',
  words: 'FILE.zip',
  summary: 'check a Five Safes RO-Crate of a result: the bag, its seal, its evidence and what it describes',
  takes: [1, 1],
  options: { log: { type: 'string' } },
  help: `FILE.zip is the evidence of one result as a node gives it out: a BagIt bag with the plan, the entries of the ledger
with their proofs, and a description in RO-Crate.

  gatehouse-verify crate result-evidence.zip --key keys.txt

${againstHelp}`,
  run: ({ positionals: [file = ''], values: { log }, machine }) =>
    judge(async (run) => {
      const zip = await machine.readBytes(file, crateBytesMax)
      const { keys, meet } = await readAgainst(run, machine, log)
      const { checkpoint, created } = await checkCrate(run, { zip, keys, policy: await machine.policy(), cryptography: machine.cryptography })
      if (checkpoint !== undefined) await meet(checkpoint, 'data/evidence.json', created)
    }),
}
