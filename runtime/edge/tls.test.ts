import { createHash, X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { fingerprintOf } from '../base/certificate.ts'
import { ownTls, tlsFromFiles } from './tls.ts'

const nowMs = Date.UTC(2026, 10, 22)
const dayMs = 86_400_000
let path: string
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'gatehouse-tls-')), 'keys/exchange.pem')
})

it('the node’s own certificate is good for its names and no authority for others', async () => {
  const { cert, fingerprint } = await ownTls(path, ['localhost', '127.0.0.1', 'data.example.org'], nowMs)
  const certificate = new X509Certificate(cert)
  expect(certificate.checkHost('data.example.org')).toBe('data.example.org')
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(certificate.checkHost('elsewhere.example.org')).toBeUndefined()
  expect(certificate.ca).toBe(false)
  expect(fingerprint).toBe(certificate.fingerprint256)
  expect(fingerprint.replaceAll(':', '').toLowerCase()).toBe(createHash('sha256').update(certificate.raw).digest('hex'))
})

it('is kept for its owner alone and used again at the next start', async () => {
  const first = await ownTls(path, ['localhost'], nowMs)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const again = await ownTls(path, ['localhost'], nowMs + 700 * dayMs)
  expect(again.fingerprint).toBe(first.fingerprint)
  expect(new X509Certificate(again.cert).checkPrivateKey((await import('node:crypto')).createPrivateKey(again.key))).toBe(true)
})

it('is renewed when it ends within thirty days', async () => {
  const first = await ownTls(path, ['localhost'], nowMs)
  expect((await ownTls(path, ['localhost'], nowMs + 794 * dayMs)).fingerprint).toBe(first.fingerprint)
  const renewed = await ownTls(path, ['localhost'], nowMs + 796 * dayMs)
  expect(renewed.fingerprint).not.toBe(first.fingerprint)
  expect(await readFile(path, 'utf8')).toContain(renewed.cert.trim())
})

it('the operator’s files are taken as they are', async () => {
  const { cert, key } = await ownTls(path, ['localhost'], nowMs)
  await writeFile(`${path}.cert`, cert)
  await writeFile(`${path}.key`, key)
  expect(await tlsFromFiles({ certFile: `${path}.cert`, keyFile: `${path}.key` })).toEqual({ cert, key, fingerprint: fingerprintOf(cert) })
})
