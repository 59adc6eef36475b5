import type { Command } from 'commander'
import { type EvidenceAbout, writeEvidence } from '../files/write-evidence.ts'
import { act } from './act.ts'

interface Options {
  readonly out: string
  readonly person?: string
  readonly partner?: string
  readonly purpose?: string
  readonly policy?: string
  readonly since?: string
  readonly until?: string
}

export function addEvidence(program: Command): void {
  program
    .command('evidence')
    .description('write the evidence of a release, a person or a project as one sealed file, and the keys to check it with')
    .argument('[release]', 'the id of a release')
    .option('--person <subject>', 'all that the log says about one person, by the id the node knows it by')
    .option('--partner <id>', 'what this partner was given')
    .option('--purpose <purpose>', 'what was given for this purpose')
    .option('--policy <id>', 'what rested on this policy')
    .option('--since <time>', 'with the three before: from this moment on')
    .option('--until <time>', 'with the three before: up to this moment')
    .option('-o, --out <file>', 'the bundle; the keys go beside it as FILE.keys', 'evidence.json')
    .action(
      act(async ({ out, connect }, release: string | undefined, { out: file, ...options }: Options) => {
        const written = await writeEvidence(await connect(), aboutOf(release, options), file, `${file}.keys`)
        out.say(`${written.bundle} holds ${written.entries} entries of the log. Check it anywhere, without this node:`)
        if (written.left_out > 0) out.say(`${written.left_out} older entries were left out: one bundle holds only so many. Narrow it with --since and --until.`)
        out.say(`  gatehouse-verify bundle ${written.bundle} --key ${written.keys}`)
        out.say('Give the keys by another way than the bundle: whoever could forge one could forge both.')
        out.result(written)
      }),
    )
}

function aboutOf(release: string | undefined, { person, ...selection }: Omit<Options, 'out'>): EvidenceAbout {
  const named = [release, person, Object.keys(selection).length > 0 ? 'a project' : undefined].filter((given) => given !== undefined)
  if (named.length !== 1) throw new Error('Name one thing: a release, a --person, or a project by --partner, --purpose or --policy.')
  if (release !== undefined) return { kind: 'release', release }
  return person === undefined ? { kind: 'project', ...selection } : { kind: 'person', subject: person }
}
