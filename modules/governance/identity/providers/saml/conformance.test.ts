/** Reference responses, if present: 26 of a published suite, each with what the service provider demands. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AnswerError } from '../protocol.ts'
import { verified } from './verify.ts'

const folder = join(import.meta.dirname, '../../../../../../shared/data/standards/saml')
const present = existsSync(folder)
const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const rows = present
  ? read('outcomes.tsv')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'))
  : []
const partOf = (response: boolean, assertion: boolean) => (response ? (assertion ? 'both' : 'response') : assertion ? 'assertion' : 'either')
const outcomeOf = (text: string, response: boolean, assertion: boolean) =>
  verified(Buffer.from(text).toString('base64'), { certificates: [read('cert.pem')], signed: partOf(response, assertion) }).then(
    () => 'accept',
    (error: unknown) => (error instanceof AnswerError ? `refuse: ${error.code}` : Promise.reject(error)),
  )
const bySha1 = (text: string) => /xmldsig#(rsa-)?sha1/.test(text)
const refused = rows.filter(([file = '', , , outcome]) => outcome === 'accept' && bySha1(read(file)))

describe.skipIf(!present)(
  `reference responses${present ? `: ${rows.length} rows, of which ${refused.length} to accept are refused here by name, signed by SHA-1` : ' are not present'}`,
  () => {
    it.each(rows)('%s, response %s, assertion %s: %s', async (file = '', response = '', assertion = '', outcome = '') => {
      const text = read(file)
      const found = await outcomeOf(text, response === 'yes', assertion === 'yes')
      if (bySha1(text)) expect(found).toBe('refuse: algorithm')
      else expect(found.split(':')[0]).toBe(outcome)
    })
  },
)
