/** Which files a log of some size is made of (C2SP tlog-tiles). Pure. */
import { countAt, tilePath, tileWidth } from '@gatehouse/verify/log/tiles'

export interface TreeLevel {
  readonly level: number | 'entries'
  /** Hashes of the level; entries for `entries`. */
  readonly count: number
  /** Files of 256. */
  readonly full: number
  /** How many stand in the file that is not full yet; 0 where there is none. */
  readonly begun: number
  /** The path of the newest file in the log's folder. */
  readonly newest: string
}

/** From the entries upwards, as far as the tree goes. */
export function levelsOf(size: number): TreeLevel[] {
  const levels: TreeLevel[] = []
  if (size > 0) levels.push(levelOf('entries', size))
  for (let level = 0; countAt(size, level) > 0; level++) levels.push(levelOf(level, countAt(size, level)))
  return levels
}

function levelOf(level: number | 'entries', count: number): TreeLevel {
  const full = Math.floor(count / tileWidth)
  const begun = count % tileWidth
  return { level, count, full, begun, newest: begun > 0 ? tilePath(level, full, begun) : tilePath(level, full - 1, tileWidth) }
}
