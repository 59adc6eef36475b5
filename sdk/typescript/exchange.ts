/** Redeems a one-time token on the exchange socket. Node only: browsers redeem at `POST /v1/redeem`. */
import { createHash } from 'node:crypto'
import { connect } from 'node:tls'
import { GatehouseError, type ProblemDocument } from './client.ts'

export interface ExchangeOptions {
  readonly host: string
  readonly port: number
  readonly token: string
  /** The SHA-256 fingerprint of the node's certificate, as it prints it. Without it the certificate must chain to a known authority. */
  readonly fingerprint?: string
  /** The receiver's key, once one is registered. */
  readonly certificate?: string
  readonly privateKey?: string
  readonly timeoutMs?: number
}

export interface Exchanged {
  /** What was released: ids, purpose, masks. */
  readonly header: Readonly<Record<string, unknown>> & { readonly bytes: number }
  readonly data: string
}

const answerBytesMax = 64 * 1024 * 1024

/** @throws GatehouseError when the exchange refuses; Error when the certificate is not the pinned one or the answer is cut */
export function redeemOnSocket(options: ExchangeOptions): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const pinned = options.fingerprint?.replaceAll(':', '').toLowerCase()
    const socket = connect({
      host: options.host,
      port: options.port,
      minVersion: 'TLSv1.3',
      rejectUnauthorized: pinned === undefined,
      ...(options.certificate === undefined ? {} : { cert: options.certificate }),
      ...(options.privateKey === undefined ? {} : { key: options.privateKey }),
    })
    const chunks: Buffer[] = []
    let size = 0
    socket.setTimeout(options.timeoutMs ?? 30_000, () => socket.destroy(new Error('the exchange did not answer in time')))
    socket.once('secureConnect', () => {
      const found = createHash('sha256').update(socket.getPeerCertificate().raw).digest('hex')
      // The token is not shown to a stranger: it is sent only once the certificate is the one expected.
      if (pinned !== undefined && found !== pinned) {
        socket.destroy(new Error('the exchange shows another certificate than the pinned one; nothing was sent'))
      } else {
        socket.write(`${options.token}\n`)
      }
    })
    socket.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > answerBytesMax) socket.destroy(new Error('the answer is larger than this client takes'))
      else chunks.push(chunk)
    })
    socket.once('error', reject)
    socket.once('end', () => {
      socket.end()
      try {
        resolve(readAnswer(Buffer.concat(chunks)))
      } catch (error) {
        reject(error)
      }
    })
  })
}

function readAnswer(answer: Buffer): Exchanged {
  const end = answer.indexOf(0x0a)
  const line = answer.subarray(0, Math.max(end, 0)).toString('utf8')
  const match = /^GATEHOUSE\/1 (\d{3}) (\{.*\})$/.exec(line)
  if (match === null) throw new Error('the answer does not begin with a GATEHOUSE/1 line')
  const header = JSON.parse(match[2] as string) as Record<string, unknown>
  if (match[1] !== '200') throw new GatehouseError(header as unknown as ProblemDocument)
  const data = answer.subarray(end + 1)
  if (data.length !== header.bytes) throw new Error(`the answer was cut: ${data.length} of ${String(header.bytes)} bytes arrived`)
  return { header: header as Exchanged['header'], data: data.toString('utf8') }
}
