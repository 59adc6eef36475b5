/** Ten thousand single bits flipped anywhere in a log, its tiles, its proofs and a chain of the vault: each is told at its place. */
import { flipEverything } from '@gatehouse/verify/testing/flips'
import { it } from 'vitest'

const flips = 10_000

it(`the verifier finds each of ${flips} flipped bits at its place`, () => flipEverything(flips), 1_800_000)
