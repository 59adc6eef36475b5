/**
 * ClamAV's daemon, by the INSTREAM command of its protocol: `zINSTREAM\0`, then pieces as length u32 ‖ bytes, then a length of zero.
 * It speaks in the clear, so it is only spoken to on this machine.
 */
import { once } from 'node:events'
import type { Egress, LocalPlace } from '../egress.ts'
import { ScanError, type Scanner } from './scanner.ts'

/** clamd gives up after its own limits; this one is for a daemon that hangs. */
const silenceMs = 120_000
const answerMax = 4_096

type Socket = ReturnType<Egress['local']>

export function clamdScanner(egress: Pick<Egress, 'local'>, place: LocalPlace): Scanner {
  return {
    kind: 'clamd',
    async scan(body) {
      const socket = egress.local(place)
      try {
        return verdictOf(await converse(socket, body))
      } catch (error) {
        if (error instanceof ScanError) throw error
        const { code } = error as { code?: string }
        if (code === undefined) throw error
        throw new ScanError(`clamd could not be reached (${code})`)
      } finally {
        socket.destroy()
      }
    },
  }
}

async function converse(socket: Socket, body: AsyncIterable<Uint8Array>): Promise<string> {
  socket.setTimeout(silenceMs, () => socket.destroy(new ScanError(`clamd was silent for ${silenceMs} ms`)))
  const answered = answerOf(socket)
  // It is awaited below, and may fail before that.
  answered.catch(() => {})
  const gone = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'connect')
  const write = async (bytes: Uint8Array) => {
    // clamd answers and closes early where it has seen enough.
    if (socket.writable && !socket.write(bytes)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), gone])
  }
  await write(Buffer.from('zINSTREAM\0'))
  for await (const bytes of body) {
    if (!socket.writable) break
    if (bytes.length === 0) continue
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    await write(length)
    await write(bytes)
  }
  await write(Buffer.alloc(4))
  return answered
}

function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (piece: string) => {
      text += piece
      if (text.includes('\0')) resolve(text.slice(0, text.indexOf('\0')))
      else if (text.length > answerMax) reject(new ScanError('clamd gave an answer without end'))
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new ScanError('clamd closed the connection without a verdict')))
  })
}

/** Only the two answers of the protocol count; anything else is no verdict. */
function verdictOf(answer: string): { verdict: 'clean' } | { verdict: 'infected'; signature: string } {
  if (answer === 'stream: OK') return { verdict: 'clean' }
  const found = /^stream: ([\x21-\x7e]{1,120}) FOUND$/.exec(answer)?.[1]
  if (found !== undefined) return { verdict: 'infected', signature: found }
  throw new ScanError(/size limit exceeded/i.test(answer) ? 'the file is larger than clamd takes (StreamMaxLength)' : 'clamd gave no verdict')
}
