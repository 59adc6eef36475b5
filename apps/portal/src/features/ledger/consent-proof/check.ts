/** Reads proof files where they are, and has the independent verifier judge them. */
import { type ConsentFinding, checkConsentProof } from '@gatehouse/verify/consent/browser'
import { proofFileBytesMax } from '@gatehouse/verify/consent/verify'
import { CannotTell, judge, type Report } from '@gatehouse/verify/report'

export interface CheckedProof {
  readonly name: string
  readonly report: Report
  readonly finding?: ConsentFinding
}

export async function checkProofFiles(files: readonly File[], key: string): Promise<CheckedProof[]> {
  const checked: CheckedProof[] = []
  for (const file of files) checked.push({ name: file.name, ...(await checkOne(file, key)) })
  return checked
}

async function checkOne(file: File, key: string): Promise<Omit<CheckedProof, 'name'>> {
  if (file.size <= proofFileBytesMax) return checkConsentProof(await file.text(), key)
  const report = await judge(async () => {
    throw new CannotTell(`the file is larger than ${proofFileBytesMax} bytes, and no consent proof is`)
  })
  return { report }
}
