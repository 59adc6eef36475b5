/**
 * Many redemptions at the same moment: every connection of a wave is open before the first byte of any request goes out. All go
 * in one wave where the system lets a process hold so many connections, in several where it does not.
 */
import { execFileSync } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { NodeProcess } from './node.ts'
import { redeem } from './scenario.ts'

/** The status codes that came back. A request that a busy node put off with 503 is sent again until it is decided. */
export async function volley(
  token: string,
  shots: readonly { readonly node: NodeProcess; readonly over: 'http' | 'socket'; readonly count: number }[],
): Promise<number[]> {
  const all = shots.flatMap(({ node, over, count }) => Array.from({ length: count }, () => ({ node, over })))
  const statuses: number[] = []
  for (let first = 0; first < all.length; first += waveMax) statuses.push(...(await wave(token, all.slice(first, first + waveMax))))
  return statuses
}

const filesMax = Number(execFileSync('sh', ['-c', 'ulimit -n']).toString()) || 1_024
/** Half for the connections, the rest for what a test process holds besides. */
const waveMax = Math.floor(filesMax / 2)

async function wave(token: string, shots: readonly { readonly node: NodeProcess; readonly over: 'http' | 'socket' }[]): Promise<number[]> {
  const opened = await Promise.all(shots.map(async ({ node, over }) => ({ node, over, socket: await open(node, over) })))
  return Promise.all(
    opened.map(async ({ node, over, socket }) => {
      let status = await fire(socket, over === 'http' ? httpRequest(node, token) : `${token}\n`)
      while (status === 503) status = (await redeem(node, token)).status
      return status
    }),
  )
}

function open(node: NodeProcess, over: 'http' | 'socket'): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket: Socket =
      over === 'http'
        ? connect({ host: '127.0.0.1', port: Number(new URL(node.origin).port) }, () => resolve(socket))
        : // Which certificate the node shows is another test's question.
          connectTls({ host: '127.0.0.1', port: node.exchangePort, rejectUnauthorized: false }, () => resolve(socket))
    socket.once('error', reject)
  })
}

function httpRequest(node: NodeProcess, token: string): string {
  const body = JSON.stringify({ token })
  return `POST /v1/redeem HTTP/1.1\r\nhost: ${new URL(node.origin).host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`
}

function fire(socket: Socket, request: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
    })
    socket.once('error', reject)
    socket.once('close', () => {
      const status = /^(?:HTTP\/1\.1|GATEHOUSE\/1) (\d{3})/.exec(text)?.[1]
      if (status === undefined) reject(new Error(`no answer: ${text.slice(0, 200)}`))
      else resolve(Number(status))
    })
    socket.write(request)
  })
}
