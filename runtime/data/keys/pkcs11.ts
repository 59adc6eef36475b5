/**
 * The dozen functions of PKCS #11 (OASIS, version 2.40) that a key which wraps other keys needs, called in the module's own shared library.
 * Numbers are those of the standard's header; structures are laid out as on 64-bit Unix, where CK_ULONG has eight bytes.
 */
import { KeyStoreError } from './key-store.ts'

const ckr = {
  ok: 0,
  alreadyInitialized: 0x191,
  alreadyLoggedIn: 0x100,
  encryptedDataInvalid: 0x40,
  encryptedDataLength: 0x41,
  generalError: 5,
  functionFailed: 6,
  pinIncorrect: 0xa0,
  pinLocked: 0xa4,
}
const cka = { class: 0, token: 1, private: 2, label: 3, keyType: 0x100, sensitive: 0x103, encrypt: 0x104, decrypt: 0x105, valueLen: 0x161, extractable: 0x162 }
const ckm = { aesKeyGen: 0x1080, aesGcm: 0x1087 }
const [secretKey, aes, userType, readWriteSession] = [4, 0x1f, 1, 6]
const tagLength = 16
const slotsMax = 64

export interface Token {
  /** AES-256-GCM under a key that never leaves the token. */
  seal(nonce: Uint8Array, plaintext: Uint8Array, associatedData: Uint8Array): Uint8Array
  open(nonce: Uint8Array, sealed: Uint8Array, associatedData: Uint8Array): Uint8Array | undefined
  close(): void
}

export interface TokenInput {
  /** The module's shared library. */
  readonly library: string
  readonly token: string
  readonly key: string
  readonly pin: string
  /** Makes the key where the token has none of that label. */
  readonly create: boolean
}

type Call = (...values: unknown[]) => number

/** @throws KeyStoreError naming the library, token or key that is not there, or the code that the module answered */
export async function openToken(input: TokenInput): Promise<Token> {
  const call = await load(input.library)
  check('C_Initialize', call.initialize(null), [ckr.alreadyInitialized])
  const slot = slotOf(call, input.token)
  const handle = [0]
  check('C_OpenSession', call.openSession(slot, readWriteSession, null, null, handle))
  const session = handle[0] ?? 0
  const pin = Buffer.from(input.pin, 'utf8')
  const signedIn = call.login(session, userType, pin, pin.length)
  if (signedIn === ckr.pinIncorrect) throw new KeyStoreError(`the token ${input.token} does not accept the PIN; mind that it locks after a few tries`)
  if (signedIn === ckr.pinLocked) throw new KeyStoreError(`the token ${input.token} is locked after wrong PINs; its security officer can unlock it`)
  check('C_Login', signedIn, [ckr.alreadyLoggedIn])
  const key = findKey(call, session, input.key) ?? (input.create ? makeKey(call, session, input.key) : undefined)
  if (key === undefined)
    throw new KeyStoreError(
      `the token ${input.token} holds no key named ${input.key}, but this database was sealed with one. Without it nothing in the database can be read.`,
    )

  const mechanism = (nonce: Uint8Array, associatedData: Uint8Array) => ({
    mechanism: ckm.aesGcm,
    pParameter: {
      pIv: nonce,
      ulIvLen: nonce.length,
      ulIvBits: nonce.length * 8,
      pAAD: associatedData,
      ulAADLen: associatedData.length,
      ulTagBits: tagLength * 8,
    },
    ulParameterLen: call.gcmSize,
  })
  return {
    seal(nonce, plaintext, associatedData) {
      check('C_EncryptInit', call.encryptInit(session, mechanism(nonce, associatedData), key))
      const sealed = Buffer.alloc(plaintext.length + tagLength)
      check('C_Encrypt', call.encrypt(session, plaintext, plaintext.length, sealed, [sealed.length]))
      return new Uint8Array(sealed)
    },
    open(nonce, sealed, associatedData) {
      check('C_DecryptInit', call.decryptInit(session, mechanism(nonce, associatedData), key))
      const plaintext = Buffer.alloc(sealed.length)
      const length = [plaintext.length]
      const answer = call.decrypt(session, sealed, sealed.length, plaintext, length)
      // Modules answer a wrong tag in different ways; only a session or a device that is gone is no verdict on the bytes.
      if ([ckr.encryptedDataInvalid, ckr.encryptedDataLength, ckr.generalError, ckr.functionFailed].includes(answer)) return undefined
      check('C_Decrypt', answer)
      return new Uint8Array(plaintext.subarray(0, length[0]))
    },
    close() {
      call.closeSession(session)
    },
  }
}

async function load(library: string) {
  const koffi = await import('koffi').then(
    ({ default: found }) => found,
    () => {
      throw new KeyStoreError('a root key in a hardware module needs the package koffi, which is not installed. Add it: npm install koffi@3.3.4')
    },
  )
  let lib: ReturnType<typeof koffi.load>
  try {
    lib = koffi.load(library)
  } catch {
    throw new KeyStoreError(`the PKCS #11 library ${library} cannot be loaded; is the path right, and is it made for this machine?`)
  }
  const attribute = koffi.struct({ type: 'ulong', pValue: 'uint8_t *', ulValueLen: 'ulong' })
  const gcm = koffi.struct({ pIv: 'uint8_t *', ulIvLen: 'ulong', ulIvBits: 'ulong', pAAD: 'uint8_t *', ulAADLen: 'ulong', ulTagBits: 'ulong' })
  const gcmMechanism = koffi.struct({ mechanism: 'ulong', pParameter: koffi.pointer(gcm), ulParameterLen: 'ulong' })
  const plainMechanism = koffi.struct({ mechanism: 'ulong', pParameter: 'void *', ulParameterLen: 'ulong' })
  const out = koffi.out(koffi.pointer('ulong'))
  const inOut = koffi.inout(koffi.pointer('ulong'))
  const bytes = 'uint8_t *'
  const session = 'ulong'
  const named = (name: string, ...types: unknown[]) => lib.func(name, 'ulong', types as never[]) as unknown as Call
  return {
    gcmSize: koffi.sizeof(gcm),
    initialize: named('C_Initialize', 'void *'),
    slotList: named('C_GetSlotList', 'uint8_t', out, inOut),
    tokenInfo: named('C_GetTokenInfo', 'ulong', bytes),
    openSession: named('C_OpenSession', 'ulong', 'ulong', 'void *', 'void *', out),
    closeSession: named('C_CloseSession', session),
    login: named('C_Login', session, 'ulong', bytes, 'ulong'),
    findInit: named('C_FindObjectsInit', session, koffi.pointer(attribute), 'ulong'),
    find: named('C_FindObjects', session, out, 'ulong', out),
    findFinal: named('C_FindObjectsFinal', session),
    generateKey: named('C_GenerateKey', session, koffi.pointer(plainMechanism), koffi.pointer(attribute), 'ulong', out),
    encryptInit: named('C_EncryptInit', session, koffi.pointer(gcmMechanism), 'ulong'),
    encrypt: named('C_Encrypt', session, bytes, 'ulong', bytes, inOut),
    decryptInit: named('C_DecryptInit', session, koffi.pointer(gcmMechanism), 'ulong'),
    decrypt: named('C_Decrypt', session, bytes, 'ulong', bytes, inOut),
  }
}

type Module = Awaited<ReturnType<typeof load>>

function check(name: string, answer: number, fine: readonly number[] = []): void {
  if (answer !== ckr.ok && !fine.includes(answer)) throw new KeyStoreError(`the hardware module answered ${name} with 0x${answer.toString(16)}`)
}

/** Labels are 32 bytes, padded with spaces (section 3.3). */
const labelLength = 32
const tokenInfoLength = 512

function slotOf(call: Module, label: string): number {
  const slots = new BigUint64Array(slotsMax)
  const count = [slotsMax]
  check('C_GetSlotList', call.slotList(1, slots, count))
  const found = [...slots.subarray(0, count[0])].map(Number).filter((slot) => {
    const info = Buffer.alloc(tokenInfoLength)
    return call.tokenInfo(slot, info) === ckr.ok && info.subarray(0, labelLength).toString('utf8').trimEnd() === label
  })
  if (found.length !== 1) throw new KeyStoreError(`${found.length === 0 ? 'no token' : 'more than one token'} of the hardware module is named ${label}`)
  return found[0] ?? 0
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

const yes = Buffer.from([1])
const no = Buffer.from([0])
const attributes = (list: readonly (readonly [number, Buffer])[]) => list.map(([type, value]) => ({ type, pValue: value, ulValueLen: value.length }))

function findKey(call: Module, session: number, label: string): number | undefined {
  const wanted = attributes([
    [cka.class, number(secretKey)],
    [cka.label, Buffer.from(label, 'utf8')],
  ])
  check('C_FindObjectsInit', call.findInit(session, wanted, wanted.length))
  const handles = new BigUint64Array(2)
  const count = [0]
  const answer = call.find(session, handles, 2, count)
  call.findFinal(session)
  check('C_FindObjects', answer)
  if ((count[0] ?? 0) > 1) throw new KeyStoreError(`the token holds more than one key named ${label}: which of them is the root key cannot be told`)
  return count[0] === 1 ? Number(handles[0]) : undefined
}

function makeKey(call: Module, session: number, label: string): number {
  const wanted = attributes([
    [cka.class, number(secretKey)],
    [cka.keyType, number(aes)],
    [cka.valueLen, number(32)],
    [cka.label, Buffer.from(label, 'utf8')],
    [cka.token, yes],
    [cka.private, yes],
    [cka.sensitive, yes],
    [cka.extractable, no],
    [cka.encrypt, yes],
    [cka.decrypt, yes],
  ])
  const handle = [0]
  check('C_GenerateKey', call.generateKey(session, { mechanism: ckm.aesKeyGen, pParameter: null, ulParameterLen: 0 }, wanted, wanted.length, handle))
  return handle[0] ?? 0
}
