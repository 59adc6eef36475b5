/** Set intersection of two parties: what an item costs each side, with sets of one size. */
import { randomBytes } from 'node:crypto'
import { sodiumGroup } from '@gatehouse/crypto/group/sodium'
import type { PsiAgreement } from '@gatehouse/linkage/psi/agreement'
import { type Asking, answer, ask } from '@gatehouse/linkage/psi/intersect'
import { type Measured, perSecond } from './measure.ts'

const items = 500
const agreement: PsiAgreement = { mode: 'intersection', session: 'bench', askedMax: items, heldMax: items }

export async function measurePsi(): Promise<Measured> {
  const group = await sodiumGroup()
  const set = () => Array.from({ length: items }, () => randomBytes(32))
  const [asked, held] = [set(), set()]
  const asking: Asking[] = []
  const asks = await perSecond(items, () => asking.push(ask(group, agreement, asked, randomBytes)))
  const [{ request } = { request: new Uint8Array() }] = asking
  let reply = new Uint8Array()
  const answers = await perSecond(items, () => {
    reply = Uint8Array.from(answer(group, agreement, held, request, randomBytes))
  })
  const finishes = await perSecond(items, () => asking.pop()?.finish(reply))
  return {
    rows: [
      { figure: 'PSI, items asked', 'per second and core': asks },
      { figure: 'PSI, items answered and held', 'per second and core': answers },
      { figure: 'PSI, items finished', 'per second and core': finishes },
    ],
    checks: [],
  }
}
