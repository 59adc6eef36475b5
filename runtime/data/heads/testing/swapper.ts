/** Counts a head up for ever and reports each step once it was acknowledged; a test kills it. */
import { folderHeads } from '../folder.ts'

const store = await folderHeads(process.argv[2] ?? '')
for (;;) {
  const head = await store.read('log/killed')
  const next = head === undefined ? 0 : Number(Buffer.from(head.value).toString()) + 1
  if ((await store.compareAndSwap('log/killed', head?.version, Buffer.from(String(next)))) !== undefined) process.send?.(next)
}
