import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { languages, placeholders, proofOf, requestText } from './request-text.ts'

const facts = { origin: 'https://node.example', partner: 'northwind-bank', purpose: 'dpv:ServiceProvision', proof: 'token' } as const

describe('the working request', () => {
  it('asks for the proof that the partner has registered', () => {
    expect(proofOf([])).toBe('token')
    expect(proofOf(['jwk'])).toBe('dpop')
    expect(proofOf(['jwk', 'certificate'])).toBe('certificate')
  })

  it.each(languages)('in %s names the partner, the purpose and this node, and holds no key', (language) => {
    for (const proof of ['token', 'certificate', 'dpop'] as const) {
      const text = requestText(language, { ...facts, proof })
      for (const part of [facts.origin, facts.partner, facts.purpose, placeholders.key, placeholders.person, '/v1/authorize']) expect(text).toContain(part)
    }
    expect(requestText(language, { ...facts, proof: 'dpop' })).toContain('dpop+jwt')
    expect(requestText(language, { ...facts, proof: 'certificate' })).toContain('receiver.crt')
  })

  it('is a script that a shell reads, whatever stands in the purpose', () => {
    const purpose = `it's "quoted"; touch /tmp/never $(id)`
    const text = requestText('curl', { ...facts, purpose })
    // The shell's own reading of the words, with a function in the place of curl.
    const told = execFileSync('sh', ['-c', `curl() { for word in "$@"; do printf '<%s>\\n' "$word"; done; }\n${text}`], { encoding: 'utf8' })
    expect(told).toContain(`<${JSON.stringify({ partner_id: facts.partner, purpose, user_id: placeholders.person })}>`)
    expect(told).toContain('<authorization: Bearer ghk_your-api-key>')
  })

  it('takes token and exchange out of the answer', () => {
    const answer = '{"status":"approved","token":"gh1_abc","exchange_host":"exchange.example","exchange_port":9999,"expires_in":300}'
    const text = requestText('curl', { ...facts, proof: 'certificate' }).replace('sh examples/redeem.sh', "printf '<%s>\\n'")
    const told = execFileSync('sh', ['-c', `GATEHOUSE_FINGERPRINT=AB:CD\ncurl() { printf '%s' '${answer}'; }\n${text}`], { encoding: 'utf8' })
    expect(told).toContain('<exchange.example>\n<9999>\n<gh1_abc>\n<AB:CD>\n<receiver.crt>\n<receiver.key>')
  })
})
