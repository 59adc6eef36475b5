import type { Mode } from '../command/mode.ts'
import { rememberLog } from '../consistency/memory.ts'
import { baseName, type TrustedKey } from '../keys.ts'
import { verifyLog } from '../log/verify.ts'
import { CannotTell, judge } from '../report.ts'
import { type LoggedHead, loggedHeads } from './chain.ts'
import { verifyVault } from './verify.ts'

/** One block: the sealed record is the most of it. */
const lineBytesMax = 16 * 1024 * 1024

export const vaultMode: Mode = {
  name: 'vault',
  words: 'FILE|DIR',
  summary: 'check an export of sealed blocks against the log: nothing changed, dropped, swapped, added or cut off',
  takes: [1, 1],
  options: { log: { type: 'string' }, origin: { type: 'string' } },
  help: `FILE is what GET /v1/vault/export answers: a first line with a checkpoint, then one sealed block a line. Of a folder all
*.ndjson files are read in the order of their names. Nothing is opened: the blocks of an erased person are reported as
"intact, unreadable", and the log has to tell of at least as many erased people.

  gatehouse-verify vault vault.ndjson --log https://node.example/logs/0198c1de-… --key keys.txt

  --log DIR|URL   the tenant's log, which states how every chain ends and follows changed keys; take it after the export
  --origin NAME   the log's name, where no log is given`,
  run: ({ positionals: [place = ''], values: { log, origin }, machine }) =>
    judge(async (run) => {
      const policy = await machine.policy()
      let keys: readonly TrustedKey[] = await machine.keys()
      const heads: LoggedHead[] = []
      const erased = new Set<string>()
      let name = typeof origin === 'string' ? origin : undefined
      if (typeof log === 'string') {
        const found = await verifyLog(run, {
          source: machine.openLog(log),
          keys,
          policy,
          cryptography: machine.cryptography,
          seen: (named) => machine.memory.recall(named),
          visit: (entry) => {
            heads.push(...loggedHeads([entry]))
            if (entry.type === 'retention.erased') erased.add(entry.object?.id ?? String(entry.index))
          },
          progress: (done, total) => machine.progress(done, total, 'entries of the log'),
        })
        await rememberLog(run, found.checkpoint, machine.memory)
        name = found.checkpoint.origin
        keys = found.keys
      }
      name ??= keys.find((key) => !key.witness && !key.name.endsWith('/vault') && keys.some((other) => other.name === `${baseName(key.name)}/vault`))?.name
      if (name === undefined) throw new CannotTell('say whose vault it is: --log DIR|URL or --origin NAME')
      await verifyVault(run, {
        lines: machine.readLines(place, lineBytesMax),
        heads: typeof log === 'string' ? heads : undefined,
        erased: typeof log === 'string' ? erased.size : undefined,
        origin: name,
        keys,
        policy,
        cryptography: machine.cryptography,
        progress: (blocks) => machine.progress(blocks, blocks, 'blocks'),
      })
    }),
}
