/** What the public page asks: the report on a proof file, and what it says where it holds. Nothing leaves the page. */

import { noWitnesses } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import { readKeys } from '../keys.ts'
import { judge, type Report } from '../report.ts'
import { webCryptography } from '../web-cryptography.ts'
import { type ConsentFinding, verifyConsent } from './verify.ts'

export type { ConsentFinding } from './verify.ts'

export async function checkConsentProof(text: string, key: string, cryptography?: Cryptography): Promise<{ report: Report; finding?: ConsentFinding }> {
  let finding: ConsentFinding | undefined
  const report = await judge(async (run) => {
    const primitives = cryptography ?? webCryptography()
    finding = await verifyConsent(run, { text, keys: await readKeys(key, primitives), policy: noWitnesses, cryptography: primitives })
  })
  return finding === undefined ? { report } : { report, finding }
}
