#!/usr/bin/env node
/** The command: `gatehouse-verify BUNDLE --key FILE [--json]`. Ends with 0 for good, 1 for bad, 2 for cannot tell. */
import { createPublicKey, hash, verify } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { bundleBytesMax } from './bundle.ts'
import type { Cryptography } from './cryptography.ts'
import { utf8Text } from './encoding.ts'
import { type Report, type Verdict, verifyBundle } from './verify.ts'

const usage = 'usage: gatehouse-verify BUNDLE --key FILE [--json]'
const exitCodes: Record<Verdict, number> = { good: 0, bad: 1, cannot_tell: 2 }
const keyFileBytesMax = 1024 * 1024

const nodeCryptography: Cryptography = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  verifyEd25519(publicKey, message, signature) {
    const x = Buffer.from(publicKey).toString('base64url')
    return verify(null, message, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signature)
  },
}

function readText(path: string, bytesMax: number): string {
  const { size } = statSync(path)
  if (size > bytesMax) throw new Error(`${path} has ${size} bytes; at most ${bytesMax} are read`)
  const text = utf8Text(readFileSync(path))
  if (text === undefined) throw new Error(`${path} is not UTF-8 text`)
  return text
}

function cannotTell(text: string): Report {
  return { verdict: 'cannot_tell', checks: [{ verdict: 'cannot_tell', place: '', text }], story: [] }
}

/** What comes from the bundle is shown without control characters, so that it cannot repaint the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}]/gu, ' ')
}

function print({ verdict, checks, story }: Report): string {
  const words: Record<Verdict, string> = { good: 'good', bad: 'BAD', cannot_tell: 'cannot tell' }
  const lines = checks.map((check) => `${words[check.verdict].padEnd(12)}${check.place === '' ? '' : `${check.place}: `}${check.text}`)
  if (verdict === 'good' && story.length > 0) {
    lines.push('', 'The story (time and act are proven; the words after the dash are the exporter’s):')
    for (const line of story)
      lines.push(`  ${line.at}  entry ${line.entry}  ${line.type}${line.decision === undefined ? '' : `, ${line.decision}`} – ${line.text}`)
  }
  return [...lines, '', `Verdict: ${words[verdict]}`].map(printable).join('\n')
}

async function main(): Promise<void> {
  let json = false
  let report: Report
  try {
    const { values, positionals } = parseArgs({ options: { key: { type: 'string' }, json: { type: 'boolean' } }, allowPositionals: true })
    json = values.json === true
    const [bundlePath] = positionals
    if (bundlePath === undefined || positionals.length > 1 || values.key === undefined) throw new Error(usage)
    report = await verifyBundle(readText(bundlePath, bundleBytesMax), readText(values.key, keyFileBytesMax), nodeCryptography)
  } catch (error) {
    report = cannotTell(error instanceof Error ? error.message : String(error))
  }
  console.log(json ? JSON.stringify(report, null, 2) : print(report))
  process.exitCode = exitCodes[report.verdict]
}

await main()
