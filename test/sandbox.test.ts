/** What an application in the sandbox is told: every operation whose answer is one value has a made-up one that its own schema takes. */

import { madeUp } from '@gatehouse/core/made-up'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { nodeTenant, systemPrincipal } from '@gatehouse/runtime/base/context'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { hasSandbox, sandboxAnswer } from '@gatehouse/runtime/door/sandbox'
import { expect, it } from 'vitest'
import { operations } from '../apps/server/modules.ts'
import { closedAreas } from '../modules/governance/applications/checked.ts'

const application = { id: '01980000-0000-7000-8000-000000000001', token: 't', untilMs: 0, sandbox: true } as const
/** What no application is let near has no answer for any. */
const open = ({ access, example }: AnyOperation) => 'public' in access || !closedAreas.has(access.on(example?.input ?? {}, systemPrincipal(nodeTenant)).type)
const offered = operations.filter((operation) => operation.http !== undefined && hasSandbox(operation) && open(operation))

it('is of the right shape, whichever operation is asked', () => {
  const lacking = offered.filter((operation) =>
    [1, 2, 3].some((seed) => {
      try {
        return !operation.output.safeParse(madeUp(operation.output, seed)).success
      } catch {
        return true
      }
    }),
  )
  expect(offered.length).toBeGreaterThan(150)
  expect(lacking.map(({ name }) => name)).toEqual([])
})

it('is the same for the same question, and another for another', () => {
  const [operation] = offered.filter(({ name }) => name === 'partners.list')
  if (operation === undefined) throw new Error('partners.list is gone')
  const ask = (input: object) => JSON.stringify(sandboxAnswer(operation, { application }, input, nodePrimitives))
  expect(ask({ limit: 1 })).toBe(ask({ limit: 1 }))
  expect(ask({ limit: 1 })).not.toBe(ask({ limit: 2 }))
})
