/**
 * What is handed to several workers, in memory that all of them see: each array is copied once, and a message then carries no
 * more than its address.
 */
export function shareable<T>(plain: T): T {
  return share(plain) as T
}

function share(plain: unknown): unknown {
  if (ArrayBuffer.isView(plain)) return shareArray(plain)
  if (Array.isArray(plain)) return plain.map(share)
  if (typeof plain !== 'object' || plain === null) return plain
  return Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, share(value)]))
}

function shareArray(view: ArrayBufferView): ArrayBufferView {
  const memory = new SharedArrayBuffer(view.byteLength)
  new Uint8Array(memory).set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
  if (view instanceof Int32Array) return new Int32Array(memory)
  if (view instanceof Float64Array) return new Float64Array(memory)
  if (view instanceof Uint16Array) return new Uint16Array(memory)
  throw new TypeError('only Int32Array, Float64Array and Uint16Array are shared')
}
