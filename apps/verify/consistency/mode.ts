import { noteCharactersMax } from '../checkpoint.ts'
import type { Mode } from '../command/mode.ts'
import { proofCharactersMax } from '../proof/read.ts'
import { judge } from '../report.ts'
import { meetMemory } from './memory.ts'
import { verifyConsistency } from './verify.ts'

export const consistencyMode: Mode = {
  name: 'consistency',
  words: 'EARLIER LATER',
  summary: 'check that one checkpoint grew out of another, and nothing before it was changed',
  takes: [2, 2],
  options: { proof: { type: 'string' }, log: { type: 'string' } },
  help: `EARLIER and LATER are files with signed checkpoints of one log. What lies between them comes from a proof, or from
the tiles of the log itself.

  gatehouse-verify consistency may.checkpoint june.checkpoint --log https://node.example/logs/0198c1de-… --key keys.txt

  --proof FILE   hashes in base64, one a line, or what GET /v1/ledger/consistency answers
  --log DIR|URL  the log; only the few tiles that are needed are read, or all of it where a key was changed`,
  run: ({ positionals: [earlier = '', later = ''], values: { proof, log }, machine }) =>
    judge(async (run) => {
      const read = async (name: string) => ({ name, note: await machine.readText(name, noteCharactersMax) })
      const by =
        typeof proof === 'string'
          ? { proof: await machine.readText(proof, proofCharactersMax) }
          : typeof log === 'string'
            ? { log: machine.openLog(log) }
            : undefined
      const found = await verifyConsistency(run, {
        earlier: await read(earlier),
        later: await read(later),
        by,
        keys: await machine.keys(),
        policy: await machine.policy(),
        cryptography: machine.cryptography,
      })
      await meetMemory(run, found.earlier, earlier, machine.memory)
      await meetMemory(run, found.later, later, machine.memory)
    }),
}
