import type { Mode } from '../command/mode.ts'
import { againstHelp, readAgainst } from '../log/against.ts'
import { judge } from '../report.ts'
import { receiptCharactersMax, verifyReceipt } from './verify.ts'

export const receiptMode: Mode = {
  name: 'receipt',
  words: 'RECEIPT',
  summary: 'check a consent receipt: it says what was agreed to, and the log vouches for that',
  takes: [1, 1],
  options: { log: { type: 'string' } },
  help: `RECEIPT is the JSON file that a person was given for a consent, in the field names of ISO/IEC TS 27560:2023.

  gatehouse-verify receipt receipt.json --key keys.txt

${againstHelp}`,
  run: ({ positionals: [file = ''], values: { log }, machine }) =>
    judge(async (run) => {
      const receipt = await machine.readText(file, receiptCharactersMax)
      const { keys, meet } = await readAgainst(run, machine, log)
      const found = await verifyReceipt(run, { receipt, keys, policy: await machine.policy(), cryptography: machine.cryptography })
      await meet(found, '/proof/log/checkpoint')
    }),
}
