import type { Command } from 'commander'
import { runVerifier } from '../node/verifier.ts'
import { act } from './act.ts'

export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('check an evidence bundle, on files alone; ends with 0 good, 1 bad, 2 cannot tell')
    .argument('<bundle>')
    // Status 1 means "bad" here, so a mistyped command must not end with it.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .requiredOption('--key <file>', 'the key file, from a source you trust')
    .action(
      act(async ({ out }, bundle: string, { key }: { key: string }) => {
        const { exitCode, output } = await runVerifier(bundle, key, out.json)
        process.stdout.write(output)
        process.exitCode = exitCode
      }),
    )
}
