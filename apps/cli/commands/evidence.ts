import type { Command } from 'commander'
import { writeEvidence } from '../files/write-evidence.ts'
import { act } from './act.ts'

export function addEvidence(program: Command): void {
  program
    .command('evidence')
    .description('write the evidence of a release as one file, and the keys to check it with')
    .argument('<release>', 'its id')
    .option('-o, --out <file>', 'the bundle; the keys go beside it as FILE.keys', 'evidence.json')
    .action(
      act(async ({ out, connect }, release: string, { out: file }: { out: string }) => {
        const written = await writeEvidence(await connect(), release, file, `${file}.keys`)
        out.say(`${written.bundle} holds ${written.entries} entries of the log. Check it anywhere, without this node:`)
        out.say(`  gatehouse verify ${written.bundle} --key ${written.keys}`)
        out.say('Give the keys by another way than the bundle: whoever could forge one could forge both.')
        out.result(written)
      }),
    )
}
