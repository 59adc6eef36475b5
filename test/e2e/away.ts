/** The store of the ledger goes away while many ask and redeem: what was answered meanwhile, and what can be had once it is back. */
import { GatehouseError } from '@gatehouse/sdk/client'
import { redeemOnSocket } from '@gatehouse/sdk/exchange'
import type { NodeProcess } from './node.ts'
import { authorize, redeem, type Scenario } from './scenario.ts'

/** How many of each answer: `data` is a record in somebody's hands. */
export interface Answers {
  data: number
  granted: number
  refused: number
  /** No answer at all: the connection was cut. */
  cut: number
  /** Statuses that are neither; none is right. */
  readonly odd: number[]
}

/** Every token once, over HTTP and over the socket in turn, and for each a question more; `together` of them at a time. */
export async function volley(node: NodeProcess, { partner }: Scenario, tokens: readonly string[], together = 50): Promise<Answers> {
  const answers: Answers = { data: 0, granted: 0, refused: 0, cut: 0, odd: [] }
  const { exchange } = node.credential
  const take = async (token: string, overHttp: boolean) => {
    if (overHttp) return (await redeem(node, token)).status
    return redeemOnSocket({ host: '127.0.0.1', port: node.exchangePort, token, fingerprint: exchange.fingerprint }).then(
      () => 200,
      (error: unknown) => (error instanceof GatehouseError ? error.problem.status : 'cut'),
    )
  }
  const count = (status: number | 'cut', kind: 'data' | 'granted') => {
    if (status === 200) answers[kind]++
    else if (status === 'cut') answers.cut++
    else if (status >= 500) answers.refused++
    else answers.odd.push(status)
  }
  const waiting = tokens.entries()
  const hand = async () => {
    for (const [at, token] of waiting) {
      count(await take(token, at % 2 === 0).catch(() => 'cut' as const), 'data')
      count(
        await authorize(node, partner, 'C1')
          .then(({ status }) => status)
          .catch(() => 'cut' as const),
        'granted',
      )
    }
  }
  await Promise.all(Array.from({ length: together }, hand))
  return answers
}

export async function grants(node: NodeProcess, { partner }: Scenario, count: number): Promise<string[]> {
  const tokens: string[] = []
  const hand = async () => {
    while (tokens.length < count) {
      const { status, body } = await authorize(node, partner, 'C1')
      if (status !== 200) throw new Error(`no grant: ${status}`)
      tokens.push(body.token)
    }
  }
  await Promise.all(Array.from({ length: 8 }, hand))
  return tokens.slice(0, count)
}
