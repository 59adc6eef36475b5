import type { Mode } from '../command/mode.ts'
import { rememberLog } from '../consistency/memory.ts'
import { judge } from '../report.ts'
import { verifyLog } from './verify.ts'

export const logMode: Mode = {
  name: 'log',
  words: 'DIR|URL',
  summary: 'recompute a whole log: every entry, every tile, the root, and what you were shown before',
  takes: [1, 1],
  options: { raw: { type: 'boolean' } },
  help: `Reads a log as C2SP tlog-tiles lays it out – checkpoint, tile/<L>/<N>, tile/entries/<N> – from a folder or over
HTTP. It computes the leaf of every entry and the tree above, and compares each hash with the tiles and the root
with the signed checkpoint. Where something differs it says which file, and which entry or hash in it.

Checkpoints of good logs are remembered: next time the log must begin with all that you were shown before.

  gatehouse-verify log https://node.example/logs/0198c1de-… --key keys.txt
  gatehouse-verify log ./export --key keys.txt --witness "$WITNESS_ONE" --witness "$WITNESS_TWO" --quorum 2

  --raw     the entries may be any bytes: for logs that are not Gatehouse's`,
  run: ({ positionals: [place = ''], values, machine }) =>
    judge(async (run) => {
      const { checkpoint } = await verifyLog(run, {
        source: machine.openLog(place),
        keys: await machine.keys(),
        policy: await machine.policy(),
        cryptography: machine.cryptography,
        seen: (name) => machine.memory.recall(name),
        raw: values.raw === true,
        progress: (done, total) => machine.progress(done, total, 'entries'),
      })
      await rememberLog(run, checkpoint, machine.memory)
    }),
}
