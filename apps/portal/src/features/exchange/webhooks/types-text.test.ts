import { expect, it } from 'vitest'
import { typesOf } from './types-text.ts'

it.each([
  ['', 'all'],
  [' \n', 'all'],
  ['release.redeemed', ['release.redeemed']],
  ['release.redeemed, release.delivered\nrelease.redeemed', ['release.redeemed', 'release.delivered']],
])('reads %j as %j', (text, types) => {
  expect(typesOf(text)).toEqual(types)
})
