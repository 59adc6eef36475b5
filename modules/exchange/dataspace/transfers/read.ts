import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { agreedPurposes } from '../negotiations/keep-to.ts'
import { agreementById, findProcess } from '../processes/store.ts'
import { courseOf, named, transferOf } from '../processes/view.ts'
import { examples, transferDetail } from '../schema.ts'

export const readTransfer = operation({
  name: 'dataspace.read_transfer',
  summary: 'Read a transfer with its course',
  input: z.strictObject({ transfer: idSchema('transfer') }),
  output: transferDetail,
  access: { action: 'read', on: () => ({ type: 'transfer' }) },
  audit: { none: 'it tells messages between institutions, and no record' },
  http: { method: 'GET', path: '/v1/dataspace/transfers/:transfer' },
  example: { input: { transfer: examples.transfer } },
  problems: [doorProblems.not_found],
  async run({ tx }, { transfer }) {
    const process = await findProcess(tx, transfer, 'transfer')
    if (process === undefined) return refuse(doorProblems.not_found)
    const [view] = await named(tx, [process], transferOf)
    const agreement = process.agreement_id === null ? undefined : await agreementById(tx, process.agreement_id)
    return { ...(view as NonNullable<typeof view>), ...(await courseOf(tx, process)), purposes: agreement === undefined ? [] : agreedPurposes(agreement) }
  },
})
