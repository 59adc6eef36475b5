/** Work that goes on where it broke: a line that drops, or a node that is started again meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises'
import { GatehouseError } from '@gatehouse/sdk/client'
import type { Connection } from '../node/connection.ts'

const attemptsMax = 60
const pauseMs = 1_000

export interface Line {
  /** A node that was started again may have another credential, so each attempt asks anew. */
  connect(): Promise<Connection>
  /** How long to wait before the next attempt. */
  readonly pauseMs?: number
}

/**
 * @param attempt goes on from wherever the work stands, and says whether it is done; `moved` where it came further, which counts the attempts anew
 * @throws what the node refuses, and the last fault after a minute without any movement
 */
export async function goOn(line: Line, attempt: (connection: Connection, moved: () => void) => Promise<boolean>): Promise<void> {
  let failed = 0
  const moved = () => {
    failed = 0
  }
  for (;;) {
    try {
      if (await attempt(await line.connect(), moved)) return
    } catch (error) {
      if (isFinal(error) || ++failed === attemptsMax) throw error
      await sleep(line.pauseMs ?? pauseMs)
    }
  }
}

/** What does not become better by trying again. */
export class Final extends Error {}

/** A refusal stays one, but for the two that pass: the node is starting, or what was sent last is still being kept. So does a fault of this machine's files. */
function isFinal(error: unknown): boolean {
  if (error instanceof GatehouseError) return error.problem.status < 500 && !error.problem.type.endsWith('/documents/offset-mismatch')
  return error instanceof Final || (error as NodeJS.ErrnoException).path !== undefined
}
