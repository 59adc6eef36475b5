/** FITanon on libsodium: sealing, checking, same-identity proofs and a session of two authorities, with noble beside them. */
import { randomBytes } from 'node:crypto'
import { nobleGroup } from '@gatehouse/crypto/group/noble'
import { sodiumGroup } from '@gatehouse/crypto/group/sodium'
import { jointKey, newAuthority, publicHalf } from '@gatehouse/linkage/anon/authority'
import { isSealed, type Sealed, seal } from '@gatehouse/linkage/anon/ciphertext'
import { proveSameIdentity, verifySameIdentity } from '@gatehouse/linkage/anon/same-identity'
import { firstStep, lastStep, newPart, type Session, verifyFirstStep } from '@gatehouse/linkage/anon/session'
import type { FitToken } from '@gatehouse/linkage/token/fit-token'
import { type Measured, perSecond } from './measure.ts'

const rowCount = 400
const nobleCount = 20

export async function measureAnon(): Promise<Measured> {
  const group = await sodiumGroup()
  const noble = nobleGroup()
  const [first, second] = [newAuthority(group, 'registry', '1', randomBytes), newAuthority(group, 'university', '1', randomBytes)]
  const key = jointKey(
    group,
    [first, second].map((authority) => publicHalf(group, authority, randomBytes)),
  )
  const token = (index: number) => `fit1.bench.nhs-1.k1.${String(index % (rowCount / 2)).padStart(43, 'A')}` as FitToken
  const context = (index: number) => ({ project: 'bench', site: 'north', record: `r${index}` })
  const sealAll = (count: number, on = group) => Array.from({ length: count }, (_, index) => seal(on, key, context(index), token(index), randomBytes))

  let opened = sealAll(rowCount)
  const sealing = await perSecond(rowCount, () => {
    opened = sealAll(rowCount)
  })
  const sealingNoble = await perSecond(nobleCount, () => sealAll(nobleCount, noble))
  const rows: Sealed[] = opened.map(({ sealed }) => sealed)
  const checking = await perSecond(rowCount, () => rows.every((row) => isSealed(group, key, row)))

  const half = rowCount / 2
  const proofs = opened.slice(0, half).map((one, index) => proveSameIdentity(group, key, one, opened[index + half] as typeof one, randomBytes))
  const proving = await perSecond(half, () => {
    for (let index = 0; index < half; index++) proveSameIdentity(group, key, opened[index] as never, opened[index + half] as never, randomBytes)
  })
  const verifying = await perSecond(half, () =>
    proofs.every((proof, index) => verifySameIdentity(group, key, rows[index] as Sealed, rows[index + half] as Sealed, proof)),
  )

  const session: Session = { id: 's1', project: 'bench', key, rowsOf: { north: rowCount } }
  const [a, b] = [newPart(group, first, randomBytes), newPart(group, second, randomBytes)]
  const { blind, product } = a.secret
  const joinFirst = await perSecond(rowCount, () => {
    for (const { c1, c2 } of rows) {
      group.multiply(c1, blind)
      group.subtract(group.multiply(c2, blind), group.multiply(c1, product))
    }
  })
  const step = firstStep(group, session, first, a, rows, randomBytes)
  const wholeFirst = await perSecond(rowCount, () => firstStep(group, session, first, a, rows, randomBytes))
  const verifyFirst = await perSecond(rowCount, () => verifyFirstStep(group, session, first.publicShare, a, rows, step))
  const before = { input: rows, step, publicShare: first.publicShare, part: a }
  const wholeLast = await perSecond(rowCount, () => lastStep(group, session, second, b, before, randomBytes))

  return {
    rows: [
      { figure: 'seal with proof', 'per second and core': sealing },
      { figure: 'seal with proof, noble (reference)', 'per second and core': sealingNoble },
      { figure: 'check a sealed identity', 'per second and core': checking },
      { figure: 'prove the same identity', 'per second and core': proving },
      { figure: 'check the same identity', 'per second and core': verifying },
      { figure: 'join, without proof', 'per second and core': joinFirst },
      { figure: 'first authority, with batch proof', 'per second and core': wholeFirst },
      { figure: 'check of the first step', 'per second and core': verifyFirst },
      { figure: 'last authority, with check and proof', 'per second and core': wholeLast },
    ],
    checks: [
      { name: 'FITanon encrypt and prove', value: sealing, unit: '/s', bound: { min: 500 } },
      { name: 'FITanon verify', value: checking, unit: '/s', bound: { min: 1_500 } },
      { name: 'session join, per authority', value: joinFirst, unit: '/s', bound: { min: 1_000 } },
    ],
  }
}
