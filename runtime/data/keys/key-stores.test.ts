/** One contract over all places of the root key. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEgress } from '../egress.ts'
import { folderEpochs } from './epochs.ts'
import { fileKeyStore } from './file-key-store.ts'
import { pkcs11KeyStore } from './pkcs11-key-store.ts'
import { keyStoreContract } from './testing/key-store-contract.ts'
import { transitKeyStore } from './transit-key-store.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-key-stores-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const fileStore = () => fileKeyStore(join(directory, 'file/root.key'), nodePrimitives, { create: true })

describe('the root key in a file', () => keyStoreContract(fileStore))

const library = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so', '/usr/lib64/softhsm/libsofthsm.so'].find(existsSync)

describe.skipIf(library === undefined)(`the root key in a hardware module (SoftHSM${library === undefined ? ': not installed, not verified' : ''})`, () => {
  const input = { library: library ?? '', token: 'gatehouse', key: 'root', pin: '13579', create: true }
  beforeAll(async () => {
    const conf = join(directory, 'softhsm.conf')
    await mkdir(join(directory, 'tokens'))
    await writeFile(conf, `directories.tokendir = ${join(directory, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`)
    process.env.SOFTHSM2_CONF = conf
    execFileSync('softhsm2-util', ['--init-token', '--free', '--label', 'gatehouse', '--so-pin', '24680', '--pin', input.pin])
  })

  it('is not made anew where the database was sealed with one', async () => {
    await expect(pkcs11KeyStore({ ...input, key: 'another', create: false }, nodePrimitives)).rejects.toThrow('holds no key named another')
  })
  it.each([
    [{ library: '/nowhere/lib.so' }, 'cannot be loaded'],
    [{ token: 'nobody' }, 'no token of the hardware module is named nobody'],
  ])('says what is not there: %j', async (change, words) => {
    await expect(pkcs11KeyStore({ ...input, ...change }, nodePrimitives)).rejects.toThrow(words)
  })

  keyStoreContract(() => pkcs11KeyStore(input, nodePrimitives))

  it('takes over from the file, and what it wraps the file opens no more', async () => {
    const folders: [string, string] = [join(directory, 'epochs'), join(directory, 'epochs-elsewhere')]
    const [file, hsm] = [await fileStore(), await pkcs11KeyStore(input, nodePrimitives)]
    const before = folderEpochs(folders, file, nodePrimitives, Date.now)
    const { key } = await before.newest()
    await before.beginAfter(1)
    expect(await before.moveTo(hsm)).toBe(2)
    await expect(folderEpochs(folders, file, nodePrimitives, Date.now).key(1)).rejects.toThrow('the root key does not open the key of epoch 1')
    for (const folder of folders) expect(Buffer.from((await folderEpochs([folder], hsm, nodePrimitives, Date.now).key(1)).key).equals(key), folder).toBe(true)
  })
})

const { GATEHOUSE_TEST_VAULT_ADDR: address, GATEHOUSE_TEST_VAULT_TOKEN: token } = process.env
const vaultGiven = address !== undefined && token !== undefined

describe.skipIf(!vaultGiven)(`the root key in a key service${vaultGiven ? '' : ' (GATEHOUSE_TEST_VAULT_ADDR is not set: not verified)'}`, () => {
  const egress = openEgress({ allow: [new URL(address ?? 'http://localhost').hostname] })
  afterAll(() => egress.close())
  beforeAll(async () => {
    const headers = { 'x-vault-token': token ?? '', 'content-type': 'application/json' }
    await fetch(`${address}/v1/sys/mounts/gatehouse-transit`, { method: 'POST', headers, body: '{"type":"transit"}' })
    await fetch(`${address}/v1/gatehouse-transit/keys/root`, { method: 'POST', headers, body: '{"type":"aes256-gcm96"}' })
  })
  keyStoreContract(async () => transitKeyStore(egress, { address: address ?? '', mount: 'gatehouse-transit', key: 'root', token: token ?? '' }))
})
