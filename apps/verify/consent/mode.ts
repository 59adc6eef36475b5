import type { Mode } from '../command/mode.ts'
import { circuitVerifier } from '../command/o1js.ts'
import { againstHelp, readAgainst } from '../log/against.ts'
import { judge } from '../report.ts'
import { proofFileBytesMax, verifyConsent } from './verify.ts'

export const consentMode: Mode = {
  name: 'consent',
  words: 'FILE',
  summary: 'check a proof that some consent permits, whoever gave it',
  takes: [1, 1],
  options: { request: { type: 'string' }, verifier: { type: 'string' }, fresh: { type: 'boolean' }, log: { type: 'string' } },
  help: `FILE is a consent proof, as GET /v1/proofs/:proof gives it. The log's signature, the published set and the proof are
checked; the nullifier is printed: a verifier that decides by proofs keeps it, and takes none twice.

  gatehouse-verify consent proof.json --key keys.txt --verifier harbour-bank --request 9f86d081…

  --request HEX     the SHA-256 of the request that the proof must be for
  --verifier NAME   who the proof must be for
  --fresh           it must have been made within the last ten minutes
${againstHelp}

A proof over a large set (gh-kimchi-v1) is checked to the end only where o1js 2.15.0 is installed; GATEHOUSE_O1JS names its folder.`,
  run: ({ positionals: [file = ''], values: { request, verifier, fresh, log }, machine }) =>
    judge(async (run) => {
      const { keys, meet } = await readAgainst(run, machine, log)
      const { checkpoint } = await verifyConsent(run, {
        text: await machine.readText(file, proofFileBytesMax),
        keys,
        policy: await machine.policy(),
        cryptography: machine.cryptography,
        circuit: await circuitVerifier(),
        requestHash: typeof request === 'string' ? request : undefined,
        verifier: typeof verifier === 'string' ? verifier : undefined,
        now: fresh === true ? new Date().toISOString() : undefined,
      })
      await meet(checkpoint, '/checkpoint')
    }),
}
