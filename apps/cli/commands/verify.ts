import type { Command } from 'commander'
import { becomeVerifier } from '../node/verifier.ts'
import { act } from './act.ts'

export function addVerify(program: Command): void {
  const command = program
    .command('verify')
    .description('run the independent verifier: a log, a proof, a vault, a bundle, a certificate; 0 good, 1 bad, 2 cannot tell')
    .usage('MODE … --key FILE')
    .argument('[words...]', 'what gatehouse-verify takes; "gatehouse verify --help" lists it')
    .allowUnknownOption()
    .helpOption(false)
  command.action(
    act(async ({ out }) => {
      process.exitCode = await becomeVerifier([...command.args, ...(out.json ? ['--json'] : [])])
    }),
  )
}
