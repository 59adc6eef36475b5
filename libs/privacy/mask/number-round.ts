import { z } from 'zod'
import { blank, type Mask } from './mask.ts'

const steps = [0.01, 0.1, 1, 5, 10, 50, 100, 500, 1000, 5000, 10_000, 50_000, 100_000, 1_000_000] as const
const schema = z.strictObject({ mask: z.literal('number_round'), to: z.literal(steps) })

export const numberRound: Mask<z.infer<typeof schema>> = {
  kind: 'number_round',
  title: 'The number to the nearest step',
  schema,
  appliesTo: ({ to }) => (to < 1 ? ['number'] : ['integer', 'number']),
  declares: () => ({ ...blank, keepsFormat: true, keepsOrder: true }),
  apply(value, { to }) {
    if (typeof value !== 'number' || !Number.isFinite(value)) return { fault: 'the value is no number' }
    // Below one, dividing by the whole number 1/step keeps the decimals exact: 0.1 × 3 would be 0.30000000000000004.
    const rounded = to < 1 ? Math.round(value * Math.round(1 / to)) / Math.round(1 / to) : Math.round(value / to) * to
    return Number.isFinite(rounded) ? { value: rounded === 0 ? 0 : rounded } : { fault: 'the value is too large to round' }
  },
}
