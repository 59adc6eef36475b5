/** What somebody wrote into the field for event types: one per line, or apart by commas; nothing means all. Pure. */
export function typesOf(text: string): 'all' | string[] {
  const types = [...new Set(text.split(/[\s,]+/).filter((type) => type !== ''))]
  return types.length === 0 ? 'all' : types
}
