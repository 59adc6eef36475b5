import type { Mode } from '../command/mode.ts'
import { againstHelp, readAgainst } from '../log/against.ts'
import { judge } from '../report.ts'
import { certificateCharactersMax, verifyErasure } from './verify.ts'

export const erasureMode: Mode = {
  name: 'erasure',
  words: 'CERTIFICATE',
  summary: 'check a certificate of erasure: a person’s or an institution’s keys were destroyed, and the log says so',
  takes: [1, 1],
  options: { log: { type: 'string' } },
  help: `CERTIFICATE is the JSON file that the node made when the erasure was complete. It names nobody: a commitment, times and
counts. The key of the log comes from a source you trust; the certificate's own key is vouched for by the log.

  gatehouse-verify erasure erasure.json --key keys.txt

${againstHelp}`,
  run: ({ positionals: [file = ''], values: { log }, machine }) =>
    judge(async (run) => {
      const certificate = await machine.readText(file, certificateCharactersMax)
      const { keys, meet } = await readAgainst(run, machine, log)
      const found = await verifyErasure(run, { certificate, keys, policy: await machine.policy(), cryptography: machine.cryptography })
      await meet(found, '/log/checkpoint')
    }),
}
