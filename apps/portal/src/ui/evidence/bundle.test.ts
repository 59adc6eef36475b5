import { verifyBundle } from '@gatehouse/verify/bundle/verify'
import { logKeys, writeLog } from '@gatehouse/verify/testing/write-log'
import { webCryptography } from '@gatehouse/verify/web-cryptography'
import { expect, it } from 'vitest'
import { bundleOf } from './bundle.ts'

const check = (bundle: object) => verifyBundle(JSON.stringify(bundle), logKeys.key, webCryptography())

it('gives one entry as a bundle that the verifier takes', async () => {
  const bundle = bundleOf(writeLog(9).inclusion(4), logKeys.origin, 'Somebody asked.', '2026-01-01T00:00:00.000Z')
  expect(await check(bundle)).toMatchObject({ verdict: 'good', story: [{ entry: 4, type: 'query.run' }] })
  expect(await check({ ...bundle, story: [{ text: 'x', entry: 5 }] })).toMatchObject({ verdict: 'bad' })
})
