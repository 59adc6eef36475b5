import { it } from 'vitest'
import { flipEverything } from './testing/flips.ts'

/** Ten thousand of them: `npm run soak -- verify`. */
const flips = 300

it(`each of ${flips} flipped bits of a log, a proof and a vault is told at its place`, () => flipEverything(flips))
