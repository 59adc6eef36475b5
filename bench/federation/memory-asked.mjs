/** Loaded before the coordinator's own code: whoever started the process may ask what it holds once everything is swept out that nobody holds. */
process.on('message', () => {
  globalThis.gc?.()
  process.send?.(process.memoryUsage())
})
process.channel?.unref()
