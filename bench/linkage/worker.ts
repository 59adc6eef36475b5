/** Takes prepared data once and scores the chunks it is given. */
import { parentPort } from 'node:worker_threads'
import type { Links } from '@gatehouse/linkage/model/link'
import { type Chunk, predictChunk } from '@gatehouse/linkage/predict/predict'
import type { Prepared } from '@gatehouse/linkage/predict/prepare'
import type { Weights } from '@gatehouse/linkage/predict/weights'

export interface Work {
  readonly prepared: Prepared
  readonly weights: Weights
  readonly chunks: readonly Chunk[]
  readonly atLeast: number
}

parentPort?.on('message', ({ prepared, weights, chunks, atLeast }: Work) => {
  const links: Links[] = chunks.map((chunk) => predictChunk(prepared, weights, chunk, { atLeast }))
  parentPort?.postMessage(links)
})
parentPort?.postMessage('ready')
